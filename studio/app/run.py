"""One preview or recording: a pipeline with its devices, its live views and, when recording, its exporter.

Made, started and finished once. Any failure inside the pipeline is kept for `failure`, never raised at a
thread that cannot help; what was stored before stays.
"""

import threading
from typing import TYPE_CHECKING

from studio.app.account import StreamTally, closed_account, device_status
from studio.app.branch import Between, Branch, join_branch
from studio.app.live import LiveSinks
from studio.app.preflight.probe import StreamProbe
from studio.app.reports import RecordingReports
from studio.app.run_clock import RunClock
from studio.app.run_plan import RunPlan
from studio.app.status import DeviceStatus, StreamStatus
from studio.devices.device import Device, DeviceInfo, DeviceState, Gap
from studio.devices.factory import make_device
from studio.engine import Pipeline, PipelineCompleted, PipelineExceptionNotHandled
from studio.errors import StopTimeoutError, StudioError
from studio.store.access import create
from studio.store.export_statistics import ExporterStatistics, StreamStatistics
from studio.timing import Clock, Timestamp

if TYPE_CHECKING:
    from studio.store.exporter import Exporter

ROW_BYTES = 64
"""About what each message takes besides its payload: times, numbers, index."""


class Run:
    """Belongs to the recorder; `devices()` and the other looks may be called from any thread."""

    def __init__(
        self, plan: RunPlan, *, clock: RunClock, live: LiveSinks | None = None, between: Between | None = None
    ) -> None:
        """Build the graph. Raises DeviceError or StoreEnvironmentError, leaving nothing open or half-made."""
        self.plan = plan
        self.clock = clock
        self.started_time: Timestamp = clock.now()
        self.lost_views: list[str] = []
        """Streams whose live view broke."""
        self._given_up: list[str] = []
        """Names of devices that did not end."""
        self._live = live
        self._pipeline = Pipeline("recording" if plan.is_recording else "preview", clock=clock.clock)
        self._reports = RecordingReports()
        self._exporter: Exporter | None = None
        self._devices: tuple[Device, ...] = ()
        self._branches: dict[str, Branch] = {}
        self._counting = threading.Lock()
        self._failure: BaseException | None = None
        self._end_time: Timestamp = 0
        try:
            self._build(between)
        except BaseException:
            self._give_up()
            raise
        self._pipeline.pipeline_exception_not_handled.connect(self._on_failure)
        self._pipeline.pipeline_completed.connect(self._on_completed)

    def _build(self, between: Between | None) -> None:
        self._devices = tuple(make_device(self._pipeline, info, self._reports) for info in self.plan.devices)
        if self.plan.path is not None:
            self._exporter = create(
                self._pipeline,
                self.plan.path,
                session_id=self.plan.session_id,
                queue_limit=self.plan.queue_limit,
            )
            self._reports.write_to(self._exporter)
        for device in self._devices:
            for stream in device.streams:
                self._branches[stream.name] = join_branch(
                    self._pipeline,
                    device,
                    stream,
                    exporter=self._exporter,
                    between=between,
                    live=self._live,
                    on_view_lost=lambda name, _: self.lost_views.append(name),
                    queue_limit=self.plan.queue_limit,
                )

    def _give_up(self) -> None:
        """The file that was begun holds nothing: close it and take it away."""
        self._pipeline.dispose()
        if self._live is not None:
            self._live.close_all()
        if self._exporter is not None:
            self._exporter.close_file()
            self._exporter.path.unlink(missing_ok=True)
            self._exporter.path.with_name(self._exporter.path.name + ".lock").unlink(missing_ok=True)

    def start(self) -> None:
        """Run."""
        self.started_time = self._pipeline.clock.now()
        self._pipeline.run_async()

    def tell_why_full(self, reason: str) -> None:
        """What the loss account says of messages that find no room from now on; empty: just that."""
        self._reports.why_full(reason)

    def note(self, text: str) -> None:
        """Add a line to the recording's log, if one is written."""
        self._reports.note("", text)

    def note_pause(self, from_time: Timestamp, to_time: Timestamp, reason: str) -> None:
        """Every stream has a gap between the two times: the machine did nothing. How much is unknown."""
        for name in self._branches:
            self._reports.gap(Gap(name, from_time, to_time, 0, reason))

    def finish(self) -> None:
        """Stop the devices, store what they held, close the file. What failed on the way is in `failure`."""
        for step in (self._pipeline.dispose, self._close_file, self._close_views):
            try:
                step()
            except BaseExceptionGroup as errors:
                self._failure = self._failure or errors.exceptions[0]
            except Exception as error:  # whatever it is: the file is closed all the same, and it is told
                self._failure = self._failure or error

    def _close_file(self) -> None:
        """For the case that the pipeline could not: what was recorded must be closed."""
        if self._exporter is not None:
            self._exporter.close_file(timeout_s=10.0)

    def _close_views(self) -> None:
        if self._live is not None:
            self._live.close_all()

    def _on_failure(self, event: PipelineExceptionNotHandled) -> None:
        self._failure = self._failure or event.exception

    def _on_completed(self, event: PipelineCompleted) -> None:
        self._end_time = max(self.started_time, event.completed_originating_time)
        self._note_given_up()
        # The last word on what was produced, and when, while the exporter still listens.
        self.count()
        self.tell_clock()

    def _note_given_up(self) -> None:
        """A device that hangs ends without a word: its silence up to the end is a gap of unknown extent."""
        for device in self._devices:
            health = device.health()
            if health.state is DeviceState.CLOSED:
                continue
            self._given_up.append(device.info.name)
            for stream in health.streams:
                since = stream.last_time or self.started_time
                reason = f"'{device.info.name}' did not answer to Stop."
                if since < self._end_time:
                    self._reports.gap(Gap(stream.name, since, self._end_time, 0, reason))

    # -- looks --------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> tuple[DeviceInfo, ...]:
        """What it was told to run."""
        return self.plan.devices

    @property
    def run_clock(self) -> Clock:
        """By which its messages are stamped."""
        return self.clock.clock

    @property
    def probes(self) -> dict[str, StreamProbe]:
        """Of each stream of a preview, by name; a recording has none."""
        return {name: each.probe for name, each in self._branches.items() if each.probe is not None}

    def count(self) -> None:
        """Tell the store what was produced so far, so that a killed recorder leaves an account, too."""
        with self._counting:  # the watch may be at it: what was asked last must be told last
            for device in self._devices:
                for health in device.health().streams:
                    self._reports.count(self._pipeline, self._branches[health.name], health)

    def tell_clock(self) -> None:
        """Give the store what is new about the clock. One thread at a time."""
        if self._exporter is not None and (news := self.clock.news()) is not None:
            self._exporter.write_clock(news)

    @property
    def failure(self) -> BaseException | None:
        """What ended the run before anybody asked for it; None: nothing."""
        return self._failure

    @property
    def failure_text(self) -> str:
        """The same, for people."""
        error = self._failure
        if error is None:
            return ""
        if isinstance(error, StopTimeoutError) and (given_up := self._given_up or self._still_open()):
            names = ", ".join(f"'{name}'" for name in given_up)
            return f"{names} did not answer to Stop and was left behind; what it had last may be missing."
        if isinstance(error, StudioError):
            return str(error)
        return f"Something inside the studio failed ({type(error).__name__}: {error})."

    def _still_open(self) -> list[str]:
        """Names of devices that have not ended; the watch may ask before those given up are noted."""
        return [each.info.name for each in self._devices if each.health().state is not DeviceState.CLOSED]

    @property
    def duration_ns(self) -> int:
        """How long it ran, or has been running."""
        return (self._end_time or self._pipeline.clock.now()) - self.started_time

    def store_statistics(self) -> ExporterStatistics:
        """What the exporter says; nothing for a preview."""
        return ExporterStatistics() if self._exporter is None else self._exporter.statistics()

    def devices(self) -> tuple[DeviceStatus, ...]:
        """All devices and their streams as of now."""
        stored = {stream.name: stream for stream in self.store_statistics().streams}
        return tuple(self._device(device, stored) for device in self._devices)

    def written_bytes(self) -> int:
        """What the recording has written, by our own count: its file grows in leaps of whole chunks."""
        streams = self.store_statistics().streams
        return sum(stream.byte_count + ROW_BYTES * stream.message_count for stream in streams)

    def refused(self) -> dict[str, int]:
        """Messages lost in our own queues, by stream."""
        stored = {stream.name: stream.refused for stream in self.store_statistics().streams}
        return {name: stored.get(name, 0) + branch.refused for name, branch in self._branches.items()}

    def closed_streams(self) -> tuple[StreamStatus, ...]:
        """The final account of all streams; call it after `finish`."""
        return tuple(closed_account(stream) for device in self.devices() for stream in device.streams)

    def _device(self, device: Device, stored: dict[str, StreamStatistics]) -> DeviceStatus:
        health = device.health()
        tallies = {
            each.name: self._tally(self._branches[each.name], stored.get(each.name))
            for each in health.streams
        }
        return device_status(device.info, health, tallies)

    def _tally(self, branch: Branch, stored: StreamStatistics | None) -> StreamTally:
        view = None if branch.port is None else branch.port.view
        format = branch.stored_format
        if stored is None:
            return StreamTally(format=format, live=view, unencoded=branch.refused)
        return StreamTally(
            format=format,
            stored=stored.sample_count if format.kind.is_sampled else stored.message_count,
            dropped=stored.dropped,
            lost_here=stored.lost_here,
            unencoded=branch.refused,
            live=view,
        )
