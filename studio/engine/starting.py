"""How a pipeline comes to run: every component activated, every source started (rules E16, E19, E20)."""

from collections.abc import Callable, Sequence

from studio.engine.element import Element
from studio.engine.scheduler import Scheduler
from studio.engine.work import SchedulingContext, Task
from studio.timing import TIME_MIN, Timestamp

NotifyCompletion = Callable[[Element, Timestamp], None]
BeginSubpipeline = Callable[[Element, Callable[[], None]], None]


def activate_all(
    elements: Sequence[Element],
    scheduler: Scheduler,
    *,
    notify: NotifyCompletion,
    begin_subpipeline: BeginSubpipeline,
    go_on: Callable[[], None],
    report: Callable[[BaseException], None],
) -> None:
    """Activate in order of creation; call `go_on` under the scheduler's lock when every Start is done.

    The Starts run on the workers, each under the lock of its component, several at once (rule E19). Nobody
    waits here: a subpipeline is started by a worker, and there may be one worker only.
    """
    activation = SchedulingContext(report, is_open=True)
    with scheduler.lock:
        activation.outstanding += 1  # so that it is not done before the last one has been scheduled
    for element in elements:
        element.activate()
        if element.is_source:
            # A Start goes ahead of throttling: messages posted before the run wait for it.
            start = _start_of(element, scheduler, activation, notify, begin_subpipeline)
            task = Task(start, element.lock, activation, is_life_cycle=True, ignores_holds=True)
            with scheduler.lock:
                scheduler.schedule(task, TIME_MIN, TIME_MIN)
    with scheduler.lock:
        activation.outstanding -= 1
    scheduler.call_when_empty(activation, go_on)


def _start_of(
    element: Element,
    scheduler: Scheduler,
    activation: SchedulingContext,
    notify: NotifyCompletion,
    begin_subpipeline: BeginSubpipeline,
) -> Callable[[], None]:
    if element.nested is None:
        return lambda: element.start(lambda time: notify(element, time))

    def begin() -> None:
        with scheduler.lock:
            activation.outstanding += 1  # until its own sources have started
        try:
            begin_subpipeline(element, lambda: scheduler.settle(activation))
        except BaseException:
            with scheduler.lock:
                scheduler.settle(activation)
            raise

    return begin
