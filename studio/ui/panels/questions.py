"""Asks another process without waiting, one question at a time, the newest first. Shows nothing."""

from collections.abc import Callable
from typing import Any, Protocol

from studio.host.protocol import Query
from studio.ui.panels.latest_request import LatestRequest


class Reader(Protocol):
    """Whoever answers queries later, on the GUI thread; the bridge does."""

    def ask(
        self, query: Query, on_reply: Callable[[Any], None], on_failure: Callable[[str], None] | None = None
    ) -> None:
        """Ask without waiting."""
        ...


class Questions:
    """Asks one query at a time and hands on the answers, until it is closed."""

    def __init__(
        self, reader: Reader, take_answer: Callable[[Any], None], take_words: Callable[[str], None]
    ) -> None:
        self._reader = reader
        self._take_answer = take_answer
        self._take_words = take_words
        self._latest: LatestRequest[Query] = LatestRequest()
        self._closed = False

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is on its way."""
        return self._latest.outstanding is not None

    @property
    def asked(self) -> Query | None:
        """What the answer that comes next, or has just come, is about."""
        return self._latest.outstanding

    def want(self, query: Query, *, anew: bool = False) -> None:
        """Ask this as soon as the question before is answered.

        `anew`: even if the same was asked before, since what it asks about has changed.
        """
        self._ask(self._latest.want_anew(query) if anew else self._latest.want(query))

    def ask_again(self, query: Query) -> None:
        """Like `want`, even if the same was asked before: what it asks about may have changed."""
        self.want(query, anew=True)

    def close(self) -> None:
        """Answers still on their way are dropped. Idempotent."""
        self._closed = True

    def _ask(self, query: Query | None) -> None:
        if query is not None and not self._closed:
            self._reader.ask(query, self._on_reply, self._on_failure)

    def _on_reply(self, answer: Any) -> None:
        if not self._closed:
            self._take_words("")
            self._take_answer(answer)
            self._ask(self._latest.settle())

    def _on_failure(self, text: str) -> None:
        if not self._closed:
            self._take_words(text)
            self._ask(self._latest.settle())
