"""Which question to ask next when questions come faster than answers: the newest, one at a time."""

from typing import Generic, TypeVar

Request = TypeVar("Request")


class LatestRequest(Generic[Request]):
    """One request outstanding at most; what was wanted meanwhile is replaced by what is wanted now."""

    def __init__(self) -> None:
        self._outstanding: Request | None = None
        self._next: Request | None = None
        self._answered: Request | None = None
        self.skipped = 0
        """Requests replaced before they were asked."""

    @property
    def outstanding(self) -> Request | None:
        """The request whose answer has not come yet."""
        return self._outstanding

    def want(self, request: Request) -> Request | None:
        """Wish for an answer; returns what to ask now, or None if it has to wait or is known already."""
        if self._outstanding is None:
            return None if request == self._answered else self._ask(request)
        if self._next is not None and request != self._next:
            self.skipped += 1
        self._next = None if request == self._outstanding else request
        return None

    def want_anew(self, request: Request) -> Request | None:
        """Like `want`, but an answer that is known, or asked for already, is not good enough."""
        if self._outstanding is None:
            return self._ask(request)
        self._next = request
        return None

    def settle(self) -> Request | None:
        """The outstanding request was answered (or failed); returns what to ask next, or None."""
        self._answered, self._outstanding = self._outstanding, None
        following, self._next = self._next, None
        return None if following is None else self._ask(following)

    def _ask(self, request: Request) -> Request:
        self._outstanding = request
        return request
