"""Holds back what a panel asks the reader while nobody sees the panel. Asks nothing of its own."""

from collections.abc import Callable
from typing import Any

from studio.host.protocol import Query
from studio.ui.panels.questions import Reader

Asked = tuple[Query, Callable[[Any], None], Callable[[str], None] | None]


class ReaderGate:
    """A `Reader` that can be closed for a while; whoever asks through it waits for one answer at a time."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._is_open = True
        self._held: list[Asked] = []

    def ask(
        self, query: Query, on_reply: Callable[[Any], None], on_failure: Callable[[str], None] | None = None
    ) -> None:
        """See Reader; while the gate is closed, later."""
        if self._is_open:
            self._reader.ask(query, on_reply, on_failure)
        else:
            self._held.append((query, on_reply, on_failure))

    def shut(self) -> None:
        """Ask nothing until it is opened. Idempotent."""
        self._is_open = False

    def open(self) -> None:
        """Ask again, beginning with what was held back. Idempotent."""
        self._is_open = True
        held, self._held = self._held, []
        for asked in held:
            self._reader.ask(*asked)
