"""How a pipeline comes to run: every component activated, every source started (rules E16, E19, E20)."""

from collections.abc import Callable, Sequence

from studio.engine.element import Element, ElementState
from studio.engine.scheduler import Scheduler
from studio.engine.work import SchedulingContext, Task
from studio.timing import TIME_MIN, Timestamp

NotifyCompletion = Callable[[Element, Timestamp], None]


def activate_all(elements: Sequence[Element], scheduler: Scheduler, notify: NotifyCompletion) -> None:
    """Activate in order of creation and return when every `start` has returned.

    The Starts run on the workers, each under the lock of its component, several at once (rule E19).
    """
    activation = SchedulingContext(is_open=True)
    for element in elements:
        _activate(element, scheduler, activation, notify)
    scheduler.wait_until_empty(activation)


def _activate(
    element: Element, scheduler: Scheduler, activation: SchedulingContext, notify: NotifyCompletion
) -> None:
    element.state = ElementState.ACTIVATED
    element.was_activated = True
    if not element.is_source:
        return
    # A Start goes ahead of throttling: messages posted before the run wait for it, it must not wait for them.
    start = Task(
        lambda: element.start(lambda time: notify(element, time)),
        element.lock,
        activation,
        is_life_cycle=True,
        ignores_holds=True,
    )
    with scheduler.lock:
        scheduler.schedule(start, TIME_MIN)
