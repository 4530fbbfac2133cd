"""Requests that wait for their answers, by number. Used from any thread."""

import itertools
import threading
from concurrent.futures import Future

from studio.errors import RemoteFailure, StudioError
from studio.host.protocol import Command, Failure, Query, Reply, Request


class Pending:
    """Numbers requests and settles their futures; no future is settled under the lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Future[object]] = {}

    def add(self, body: Command | Query) -> tuple[Request, Future[object]]:
        """A new request and where its answer will be."""
        future: Future[object] = Future()
        future.set_running_or_notify_cancel()  # cannot be cancelled: the other process does not know of it
        with self._lock:
            request = Request(next(self._numbers), body)
            self._waiting[request.number] = future
        return request, future

    def is_waiting(self, number: int) -> bool:
        """Whether somebody still waits for the answer to that request."""
        with self._lock:
            return number in self._waiting

    def settle(self, answer: Reply | Failure) -> None:
        """Hand an answer to whoever waits for it; one that nobody waits for is ignored."""
        with self._lock:
            future = self._waiting.pop(answer.number, None)
        if future is None:
            return
        if isinstance(answer, Reply):
            future.set_result(answer.value)
        else:
            future.set_exception(RemoteFailure(answer.text, kind=answer.kind))

    def fail(self, number: int, error: StudioError) -> None:
        """The request of that number will get no answer."""
        with self._lock:
            future = self._waiting.pop(number, None)
        if future is not None:
            future.set_exception(error)

    def fail_all(self, error: StudioError) -> None:
        """No answer will come any more."""
        with self._lock:
            waiting, self._waiting = list(self._waiting.values()), {}
        for future in waiting:
            future.set_exception(error)
