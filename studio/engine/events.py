"""Events of the engine: a typed list of handlers (decision 10).

Handlers are held strongly, called in the order they were connected, on the thread that emits; one that fails
does not stop the others. The one who emits gets the errors and must report them.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

ArgsT = TypeVar("ArgsT")


class Event(Generic[ArgsT]):
    """Something that happens, and those who want to know."""

    def __init__(self, *, is_replayed: bool = False) -> None:
        """`is_replayed`: a handler connected later is called at once with everything emitted so far."""
        self._lock = threading.Lock()
        self._handlers: list[Callable[[ArgsT], object]] = []
        self._emitted: list[ArgsT] | None = [] if is_replayed else None

    def connect(self, handler: Callable[[ArgsT], object]) -> None:
        """Call `handler(args)` each time from now on; also in the emit that is under way."""
        with self._lock:
            self._handlers.append(handler)
            missed = tuple(self._emitted or ())
        for args in missed:
            handler(args)

    def disconnect(self, handler: Callable[[ArgsT], object]) -> None:
        """Forget the handler; ValueError if it is not connected."""
        with self._lock:
            if handler not in self._handlers:
                raise ValueError("this handler is not connected to the event")
            self._handlers.remove(handler)

    @property
    def has_handlers(self) -> bool:
        """Whether somebody listens."""
        return bool(self._handlers)

    def emit(self, args: ArgsT) -> tuple[Exception, ...]:
        """Call every handler, those added meanwhile too; returns what they raised, in order."""
        errors: list[Exception] = []
        called: list[Callable[[ArgsT], object]] = []
        with self._lock:
            if self._emitted is not None:
                self._emitted.append(args)
        while (handler := self._next_handler(called)) is not None:
            called.append(handler)
            try:
                handler(args)
            except Exception as error:  # collected: the emitter of the event reports it
                errors.append(error)
        return tuple(errors)

    def _next_handler(self, called: list[Callable[[ArgsT], object]]) -> Callable[[ArgsT], object] | None:
        with self._lock:
            remaining = list(self._handlers)
        for handler in called:
            if handler in remaining:
                remaining.remove(handler)
        return remaining[0] if remaining else None
