"""What the scheduler hands to its workers: work items, the locks of components, the contexts of pipelines.

Plain state without code of its own threads; everything here is only touched under the lock of the scheduler.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from studio.timing import TIME_MAX, Timestamp


class WorkItem(Protocol):
    """Something a worker can do for a component. At most one of a receiver is outstanding (rule E111)."""

    lock: "ComponentLock"
    context: "SchedulingContext"
    is_life_cycle: bool
    """Whether it is the Start or Stop of a source, which the end of a run does not wait for without limit."""
    ignores_holds: bool
    """Whether it runs although a receiver downstream throttles the component."""

    def begin(self) -> bool:
        """Under the scheduler's lock: take what is to be done; False if there is nothing."""
        ...

    def run(self) -> None:
        """Do it, without the scheduler's lock, while no other item of the component runs."""
        ...

    def next_due(self) -> Timestamp | None:
        """Under the scheduler's lock: when the item is to run again; None: not by itself."""
        ...


Pending = tuple[Timestamp, int, WorkItem]
"""Due time, order of arrival, item: what heaps are ordered by (rule E113)."""


@dataclass(slots=True, eq=False)
class ComponentLock:
    """The right to run of one component: one item at a time, none while it is held (rules E109, E129)."""

    is_busy: bool = False
    holds: int = 0
    """How many receivers downstream throttle the component."""
    is_abandoned: bool = False
    """Its Stop never came back; nothing of the component will run any more."""
    may_run_on: bool = True
    """Whether nothing that it posts can be dropped, paused or handled at once: see `Receiver.run`."""
    waiting: list[Pending] = field(default_factory=list)
    """Heap of items whose time has come but whose component is busy or held."""

    @property
    def is_free(self) -> bool:
        """Whether an item may run."""
        return not self.is_busy and not self.holds


@dataclass(slots=True, eq=False)
class SchedulingContext:
    """The work of one pipeline, so that it can be opened, waited for, cut off and closed (rule E36)."""

    report: Callable[[BaseException], None]
    """Where an item's failure goes."""
    is_open: bool = False
    """Items scheduled before are parked (rule E20)."""
    is_closed: bool = False
    """Nothing is scheduled any more."""
    final_time: Timestamp = TIME_MAX
    """Messages later than this are refused (rule E44)."""
    outstanding: int = 0
    """Items scheduled and not yet done."""
    parked: list[Pending] = field(default_factory=list)
    is_ending: bool = False
    """Somebody has its components end."""
    ended_inputs: list[Any] = field(default_factory=list)
    """Elements whose inputs have come to their end meanwhile, for the one who finalizes (rule E51)."""
    when_empty: Callable[[], None] | None = None
    """Called once, under the scheduler's lock, when nothing is outstanding any more."""


class Task:
    """A work item that calls a function once: the Start or Stop of a source."""

    def __init__(
        self,
        call: Callable[[], None],
        lock: ComponentLock,
        context: SchedulingContext,
        *,
        is_life_cycle: bool = False,
        ignores_holds: bool = False,
    ) -> None:
        self._call = call
        self.lock = lock
        self.context = context
        self.is_life_cycle = is_life_cycle
        self.ignores_holds = ignores_holds

    def begin(self) -> bool:
        """There is always something to do."""
        return True

    def run(self) -> None:
        """Call it."""
        self._call()

    def next_due(self) -> Timestamp | None:
        """Once only."""
        return None
