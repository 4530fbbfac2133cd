"""Takes snapshots of a pipeline tree, on demand and as a stream (rules E228, E230, E231)."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from studio.engine.connector import Connector
from studio.engine.diagnostics import (
    Counted,
    DiagnosticsConfiguration,
    ElementDiagnostics,
    ElementKind,
    EmitterDiagnostics,
    Measured,
    PipelineDiagnostics,
    ReceiverDiagnostics,
)
from studio.engine.element import Element, ElementState
from studio.engine.lifecycle import PipelineState
from studio.engine.metering import COUNTS, LATENCIES, MEASURES
from studio.timing import NS_PER_S, TIME_MAX, TIME_MIN, Timestamp, wait_on

if TYPE_CHECKING:
    from studio.engine.body import Body
    from studio.engine.emitter import Emitter
    from studio.engine.pipeline import Pipeline
    from studio.engine.receiver import Receiver
    from studio.engine.threads import StudioThread

NOTHING: dict[str, Any] = {
    **{name: Counted() for name in COUNTS},
    **{name: Measured() for name in MEASURES},
    "time_used": 0,
}
"""What is told of a receiver that is not connected."""


def snapshot(body: "Body", configuration: DiagnosticsConfiguration) -> PipelineDiagnostics:
    """The tree under `body` as it is now."""
    shown = body.graph.elements
    if not configuration.include_stopped_elements:
        shown = tuple(element for element in shown if element.state is not ElementState.FINALIZED)
    stopped = () if configuration.include_stopped_pipelines else (PipelineState.COMPLETED,)
    below = tuple(child for child in body.children if child.lifecycle.state not in stopped)
    return PipelineDiagnostics(
        name=body.name,
        is_running=body.lifecycle.state in (PipelineState.RUNNING, PipelineState.STOPPING),
        elements=tuple(_element(element, configuration) for element in shown),
        subpipelines=tuple(snapshot(child, configuration) for child in below),
    )


def _element(element: Element, configuration: DiagnosticsConfiguration) -> ElementDiagnostics:
    return ElementDiagnostics(
        name=element.name,
        type_name=type(element.owner).__qualname__,
        kind=_kind(element),
        is_running=element.was_activated and element.state is not ElementState.FINALIZED,
        is_finalized=element.state is ElementState.FINALIZED,
        pipeline_name=element.pipeline.name,
        emitters=tuple(
            EmitterDiagnostics(emitter.id, emitter.name, emitter.target_ids)
            for emitter in tuple(element.emitters.values())
        ),
        receivers=tuple(_receiver(r, configuration) for r in tuple(element.receivers.values())),
        subpipeline_name=None if element.nested is None else element.nested.name,
        state=element.told_state,
    )


def _kind(element: Element) -> ElementKind:
    if element.nested is not None:
        return ElementKind.SUBPIPELINE
    if isinstance(element.owner, Connector):
        return ElementKind.CONNECTOR
    return ElementKind.SOURCE if element.is_source else ElementKind.REACTIVE


def _receiver(receiver: "Receiver[Any]", configuration: DiagnosticsConfiguration) -> ReceiverDiagnostics:
    pipeline, meter, source = receiver.element.pipeline, receiver.meter, receiver.source
    read = NOTHING if meter is None else meter.read(pipeline.get_current_time())
    speed = pipeline.transport.speed
    if speed != 1.0:
        read = {**read, **{name: _slower(read[name], speed) for name in LATENCIES}}
    window_s = configuration.averaging_window / NS_PER_S
    return ReceiverDiagnostics(
        id=receiver.id,
        name=receiver.name,
        policy_name=receiver.policy.name,
        source_id=None if source is None else source.id,
        is_throttling=receiver.is_throttling,
        throughput=read["processed"].window / window_s,
        **read,
    )


def _slower(latency: Measured, speed: float) -> Measured:
    return Measured(latency.last / speed, latency.average / speed)


class Sampler:
    """Posts a snapshot every sampling interval, and one when it is stopped: an infinite source (E228)."""

    def __init__(self, pipeline: "Pipeline", configuration: DiagnosticsConfiguration) -> None:
        self.name = "Diagnostics"
        self.out: Emitter[PipelineDiagnostics] = pipeline.create_emitter(self, "diagnostics")
        self._pipeline = pipeline
        self._configuration = configuration
        self._last: Timestamp = TIME_MIN
        self._thread: StudioThread | None = None

    def start(self, notify_completion_time: Callable[[Timestamp], None]) -> None:
        """Begin to sample."""
        notify_completion_time(TIME_MAX)
        self._thread = self._pipeline.spawn("diagnostics", self._run)

    def stop(self, final_originating_time: Timestamp, notify_completed: Callable[[], None]) -> None:
        """Sample once more, as late as may still be posted, and end (rule E230)."""
        self.dispose()
        self._post(min(self._pipeline.get_current_time(), final_originating_time))
        notify_completed()

    def dispose(self) -> None:
        """End the thread."""
        if self._thread is not None:
            self._thread.cancel()
            self._thread.join()

    def _run(self, cancelled: threading.Event) -> None:
        while not wait_on(cancelled, self._configuration.sampling_interval):
            self._post(self._pipeline.get_current_time())

    def _post(self, time: Timestamp) -> None:
        if time > self._last:  # a paused clock stands still
            self._last = time
            self.out.post(snapshot(self._pipeline.body, self._configuration), time)
