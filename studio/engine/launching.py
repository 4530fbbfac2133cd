"""Running a pipeline, as the user does: `run`, `run_async` and `wait_all`, with all that can be asked for.

Functions of a pipeline, called as its methods; how it starts is told in `running`, how it ends in `ending`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from studio.engine.lifecycle import PipelineState
from studio.engine.progress import ProgressReporter, estimate
from studio.engine.replay import REPLAY_ALL_REAL_TIME, ReplayDescriptor, descriptor_of
from studio.engine.wiring import require_not_disposed
from studio.errors import PipelineStateError
from studio.timing import TimeInterval, Timestamp

if TYPE_CHECKING:
    from studio.engine.pipeline import Pipeline

ProgressReport = Callable[[float], None]


def run(
    pipeline: "Pipeline",
    replay: ReplayDescriptor | None = None,
    *,
    interval: TimeInterval | None = None,
    start: Timestamp | None = None,
    end: Timestamp | None = None,
    enforce_replay_clock: bool = True,
    progress: ProgressReport | None = None,
    require_sync: bool = False,
) -> None:
    """Run to the end and raise what went wrong as one ExceptionGroup (rules E17, E173).

    What to run: a descriptor, or an interval, or a start and perhaps an end; nothing: everything, at the
    pace of the clock. Without a finite source this blocks until somebody disposes the pipeline (E28).
    `require_sync`: a live run shall be on the clock of the machine that is followed; without an offset to
    it NotSynchronisedError is raised instead of running on this machine's own (decision 30).
    """
    run_async(
        pipeline,
        replay,
        interval=interval,
        start=start,
        end=end,
        enforce_replay_clock=enforce_replay_clock,
        progress=progress,
        require_sync=require_sync,
    )
    pipeline.body.ending.wait()
    pipeline.body.failures.raise_once()


def run_async(
    pipeline: "Pipeline",
    replay: ReplayDescriptor | None = None,
    *,
    interval: TimeInterval | None = None,
    start: Timestamp | None = None,
    end: Timestamp | None = None,
    enforce_replay_clock: bool = True,
    progress: ProgressReport | None = None,
    require_sync: bool = False,
) -> "Pipeline":
    """As `run`, but return once every source has started; dispose the result to end the run (E15)."""
    is_given = not (replay is None and interval is None and start is None and end is None)
    descriptor = descriptor_of(replay, interval, start, end, enforce_replay_clock)
    require_not_disposed(pipeline, "run")
    reporter = _reporter(pipeline, progress)
    if pipeline.parent is None:
        offset = pipeline.virtual_time_offset
        pipeline.body.running.start(descriptor, offset, require_sync=require_sync)
    else:
        pipeline.body.running.start_by_itself(descriptor if is_given else None)
    if reporter is not None:
        reporter.start()
    return pipeline


def wait_all(pipeline: "Pipeline", timeout_s: float | None = None) -> bool:
    """Wait for the end of the run; False after the time limit (rule E42).

    Raises what went wrong, once, if nobody has been told of it yet (decision 9).
    """
    require_not_disposed(pipeline, "wait_all")
    if pipeline.body.ending.would_wait_for_itself():
        raise PipelineStateError(
            f"wait_all was called by a component of pipeline {pipeline.name!r}, which would wait for itself"
        )
    is_finished = pipeline.body.ending.wait(timeout_s)
    if is_finished:
        pipeline.body.failures.raise_once()
    return is_finished


def _reporter(pipeline: "Pipeline", progress: ProgressReport | None) -> ProgressReporter | None:
    if progress is None or pipeline.state is not PipelineState.INITIAL:
        return None
    reporter = ProgressReporter(
        progress, lambda: _estimate(pipeline), pipeline.progress_report_interval, pipeline.report_error
    )
    pipeline.body.ending.progress = reporter
    return reporter


def _estimate(pipeline: "Pipeline") -> float:
    descriptor = pipeline.replay_descriptor or REPLAY_ALL_REAL_TIME
    return estimate(pipeline.body.graph.elements, descriptor.interval)
