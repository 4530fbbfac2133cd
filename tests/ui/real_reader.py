"""Answers queries about real files as the reader process does, later and on the GUI thread."""

from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from studio.errors import StudioError
from studio.host.protocol import Query
from studio.host.queries import Queries

Asked = tuple[Query, Callable[[Any], None], Callable[[str], None] | None]


class RealReader(QObject):
    """What the bridge is to a widget. With `held`, answers wait for `release`."""

    def __init__(self) -> None:
        super().__init__()
        self._queries = Queries()
        self._waiting: deque[Asked] = deque()
        self.asked: list[Query] = []
        self.held = False

    def ask(
        self, query: Query, on_reply: Callable[[Any], None], on_failure: Callable[[str], None] | None = None
    ) -> None:
        """Answer when the event loop comes round."""
        self.asked.append(query)
        self._waiting.append((query, on_reply, on_failure))
        if not self.held:
            QTimer.singleShot(0, self._answer)

    def outstanding(self, kind: type) -> int:
        """How many queries of a kind wait for an answer."""
        return sum(isinstance(query, kind) for query, _, _ in self._waiting)

    def release(self) -> None:
        """Answer what waits now, and no more."""
        for _ in range(len(self._waiting)):
            self._answer()

    @property
    def is_idle(self) -> bool:
        """Whether everything has been answered."""
        return not self._waiting

    def close(self) -> None:
        """Give the files back."""
        self._waiting.clear()
        self._queries.close()

    @Slot()
    def _answer(self) -> None:
        if not self._waiting:
            return
        query, on_reply, on_failure = self._waiting.popleft()
        try:
            answer = self._queries.answer(query)
        except StudioError as error:
            if on_failure is not None:
                on_failure(str(error))
            return
        on_reply(answer)
