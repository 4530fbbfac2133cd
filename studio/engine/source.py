"""The contracts of components that others write: sources, consumers, sinks. No code of the engine."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from studio.timing import Timestamp

if TYPE_CHECKING:
    from studio.engine.receiver import Receiver


@runtime_checkable
class SourceComponent(Protocol):
    """Anything that posts from outside a receiver: own thread, timer, device callback (rules E74, E75)."""

    def start(self, notify_completion_time: Callable[[Timestamp], None]) -> None:
        """Begin; call `notify_completion_time` once, from any thread: TIME_MAX if it never ends by itself,
        else the originating time of its last message, as soon as that is known."""
        ...

    def stop(self, final_originating_time: Timestamp, notify_completed: Callable[[], None]) -> None:
        """Cease; messages up to `final_originating_time` may still be posted; call `notify_completed`,
        now or later and from any thread, after the last of them."""
        ...


def is_source(component: object) -> bool:
    """Whether the component starts and stops by itself (rule E5)."""
    return callable(getattr(component, "start", None)) and callable(getattr(component, "stop", None))


class Consumer(Protocol):
    """A component with one main input."""

    @property
    def receiver(self) -> "Receiver[Any]":
        """Its input."""
        ...


class StreamSink(Protocol):
    """Where streams are written by name: an exporter."""

    def write(self, *arguments: Any, **description: Any) -> object:
        """`write(emitter, name, policy, **description)`: subscribe, and keep the messages under `name`.

        Written as any arguments, so that a sink may say by name and type what it takes as description.
        """
        ...
