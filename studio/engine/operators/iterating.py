"""A stream read by code outside the pipeline: a blocking iterator, an observable (rule E197)."""

import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from studio.engine.message import Envelope

if TYPE_CHECKING:
    from studio.engine.delivery import DeliveryPolicy
    from studio.engine.emitter import Emitter

T = TypeVar("T")


class _End:
    """Behind the last message."""


class StreamIterator(Generic[T]):
    """Waits for the messages of a stream, one after the other, until it has ended."""

    def __init__(self, source: "Emitter[T]", condition: Callable[[T], bool] | None) -> None:
        self.name = "ToIterable"
        self._condition = condition
        self._waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._has_ended = False
        self.receiver = source.pipeline.create_receiver(self, self._on_message, "in")
        self.receiver.unsubscribed.connect(self._on_end)
        # A pipeline that is disposed without having run tells nobody of an end.
        source.pipeline.pipeline_completed.connect(self._on_end)

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        if self._has_ended:
            raise StopIteration
        item = self._waiting.get()
        if isinstance(item, _End):
            self._has_ended = True
            raise StopIteration
        value: T = item
        return value

    def _on_message(self, data: T, _envelope: Envelope) -> None:
        if self._condition is None or self._condition(data):
            self._waiting.put(data)

    def _on_end(self, _event: object) -> None:
        self._waiting.put(_End())


@dataclass(frozen=True, slots=True, eq=False)
class Observer(Generic[T]):
    """What to call with each value, with an error of that call itself, and at the end of the stream."""

    on_next: Callable[[T], object]
    on_error: Callable[[Exception], object] | None = None
    on_completed: Callable[[], object] | None = None


class Observable(Generic[T]):
    """Tells any number of observers, who may come and go at any time."""

    def __init__(self, source: "Emitter[T]") -> None:
        self.name = "ToObservable"
        self._lock = Lock()
        self._observers: tuple[Observer[T], ...] = ()
        self.receiver = source.pipeline.create_receiver(self, self._on_message, "in")
        self.receiver.unsubscribed.connect(self._on_end)

    @property
    def has_observers(self) -> bool:
        """Whether anybody is told."""
        return bool(self._observers)

    def subscribe(
        self,
        on_next: Callable[[T], object],
        on_error: Callable[[Exception], object] | None = None,
        on_completed: Callable[[], object] | None = None,
    ) -> Observer[T]:
        """Tell an observer from now on; returns what to unsubscribe.

        If `on_next` raises, its observer gets the error and is told no more; without `on_error` the pipeline
        fails with it.
        """
        observer = Observer(on_next, on_error, on_completed)
        with self._lock:
            self._observers = (*self._observers, observer)
        return observer

    def unsubscribe(self, observer: Observer[T]) -> None:
        """Tell it no more; one that is not told has no effect."""
        with self._lock:
            self._observers = tuple(other for other in self._observers if other is not observer)

    def _on_message(self, data: T, _envelope: Envelope) -> None:
        errors = [error for observer in self._observers if (error := self._tell(observer, data)) is not None]
        if errors:
            raise errors[0]

    def _tell(self, observer: Observer[T], data: T) -> Exception | None:
        try:
            observer.on_next(data)
        except Exception as error:  # it is the observer's own, or else returned and raised for the pipeline
            self.unsubscribe(observer)
            if observer.on_error is None:
                return error
            observer.on_error(error)
        return None

    def _on_end(self, _closing_time: int) -> None:
        for observer in self._observers:
            if observer.on_completed is not None:
                observer.on_completed()


def to_iterable(
    source: "Emitter[T]",
    condition: Callable[[T], bool] | None = None,
    policy: "DeliveryPolicy | None" = None,
) -> StreamIterator[T]:
    """An iterator that waits for the messages (that satisfy the condition) until the stream ends.

    Reads once; what has not been read piles up. (PORT of rule E197: the condition filters, it does not end.)
    """
    iterator = StreamIterator(source, condition)
    source.pipe_to(iterator, policy)
    return iterator


def to_observable(source: "Emitter[T]", policy: "DeliveryPolicy | None" = None) -> Observable[T]:
    """The stream as something observers subscribe to while it runs (rule E197)."""
    observable = Observable(source)
    source.pipe_to(observable, policy)
    return observable


def named(source: "Emitter[T]", name: str) -> "Emitter[T]":
    """The same stream under another name (rule E199)."""
    source.name = name
    return source
