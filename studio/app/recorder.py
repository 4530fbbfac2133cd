"""Record, Preview, Stop: the order of commands and what they answer.

A run also ends by itself when it cannot go on: the disk is full, or something inside failed. Then the
recording is closed as by Stop, the reason is among the problems, and the next Stop answers what was recorded.
"""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from studio.app.account import total_dropped
from studio.app.branch import Between
from studio.app.clock_keeper import ClockKeeper
from studio.app.current_run import CurrentRun, Surroundings
from studio.app.forecast import WARN_BELOW_S, AskSpace, DiskForecast
from studio.app.live import LiveSinks
from studio.app.load import CpuMeter
from studio.app.network_drive import AskNetwork, network_drive
from studio.app.notes import drop_marker
from studio.app.preflight import preflights
from studio.app.preflight.preflights import Preflights, checked_seconds
from studio.app.problems import ProblemList
from studio.app.recording_memory import KeptRecording, RecordingMemory
from studio.app.run_plan import RunPlan, checked_devices
from studio.app.session_files import (
    check_recording_path,
    create_session,
    discard_empty_session,
    further_recording,
)
from studio.app.status import FinishedRecording, HeldUp, RecorderStatus, Severity
from studio.app.volume import space_of
from studio.devices.device import DeviceInfo
from studio.errors import PipelineStateError, SettingsError
from studio.formats.notes import Note
from studio.store.exporter import QUEUE_LIMIT_BYTES
from studio.timing import Duration, SystemClock, slept_ns


class Recorder:
    """Commands come from one thread; `status()` may be asked for from any."""

    def __init__(
        self,
        clock: SystemClock,
        live: LiveSinks | None = None,
        *,
        ask_space: Callable[[Path], AskSpace] = space_of,
        between: Between | None = None,
        queue_limit: int = QUEUE_LIMIT_BYTES,
        ask_slept: Callable[[], Duration] = slept_ns,
        clocks: ClockKeeper | None = None,
        memory: RecordingMemory | None = None,
        ask_network: AskNetwork = network_drive,
    ) -> None:
        """Starts nothing. `between` puts processing between devices and store; `queue_limit`: see RunPlan.

        `clocks` gives runs their clock, and belongs to the recorder; without, all are stamped with `clock`.
        `memory` keeps what is being recorded for the case that this process dies; without, nobody will know.
        """
        self._memory = memory if memory is not None else RecordingMemory()
        self._queue_limit = queue_limit
        self._clock = clock
        self._problems = ProblemList(clock)
        self.clocks = clocks if clocks is not None else ClockKeeper(clock)
        self.clocks.tell_problems(self._problems.add)
        self._disk_limit_s = WARN_BELOW_S
        self._preflights = Preflights(ask_space, self.clocks.status, self._ask_disk_limit)
        self._cpu = CpuMeter()
        self._current = CurrentRun(
            Surroundings(
                live=live, between=between, ask_space=ask_space, ask_slept=ask_slept, ask_network=ask_network
            ),
            self._problems,
            self.clocks,
            self._preflights,
            ask_disk_limit=self._ask_disk_limit,
            on_recorded=self._memory.end,
        )

    # -- commands -----------------------------------------------------------------------------------------

    def preview(self, devices: tuple[DeviceInfo, ...]) -> None:
        """Run these devices without a store; replaces a preview that runs.

        Raises PipelineStateError while recording, DeviceError for devices that cannot run.
        """
        self._require_not_recording("watch other devices")
        plan = RunPlan(checked_devices(devices))
        if self._preflights.keep(plan.devices):
            return
        self._preflights.call_off(preflights.DEVICES_CHANGED)
        self._current.end()
        self._current.begin(plan)

    def begin_preflight(self, devices: tuple[DeviceInfo, ...], folder: Path, *, seconds: float = 10.0) -> int:
        """Find out whether these devices and the disk of `folder` are fit to record, see `status()`.

        A preview of the very same devices goes on as it is; else one is begun, and ended after it if none
        ran before. Answers its number. Raises as `preview`, and SettingsError for impossible `seconds`.
        """
        self._require_not_recording("run a pre-flight")
        chosen, length = checked_devices(devices), checked_seconds(seconds)
        ended = self._preflights.call_off(preflights.ANOTHER_BEGAN)
        before = self._current.run
        if before is None or before.plan.devices != chosen:
            self.preview(chosen)
        run = self._current.run
        if run is None:  # it ended by itself at once
            raise PipelineStateError("The devices ended before they could be looked at. Try again.")
        return self._preflights.begin(run, folder, seconds=length, ends_run=before is None or ended)

    def cancel_preflight(self) -> None:
        """Call the pre-flight off; a preview that was begun for it ends. Does nothing where none runs."""
        if self._preflights.call_off(preflights.BY_USER):
            self._current.end()

    def record(
        self,
        devices: tuple[DeviceInfo, ...],
        folder: Path,
        *,
        name: str = "",
        participant: str = "",
        despite_clock: bool = False,
    ) -> Path:
        """Record these devices into a new session below `folder`; ends a preview. Returns the file's path.

        Raises PipelineStateError while recording, DeviceError for devices that cannot run,
        StoreEnvironmentError where the folder cannot be written, ClockGateError while the clock is less exact
        than the user wants it (not with `despite_clock`).
        """
        self._require_not_recording("begin another")
        chosen = checked_devices(devices)
        self.clocks.check_gate(despite_clock=despite_clock)
        place = create_session(folder, name=name, participant=participant, created=self.clocks.now())
        try:
            return self._record(chosen, place.recording, place.description.id)
        except BaseException:
            discard_empty_session(place)
            raise

    def record_to(self, devices: tuple[DeviceInfo, ...], path: Path, *, despite_clock: bool = False) -> Path:
        """Record these devices into exactly this file, which must not exist yet. Raises as `record`."""
        self._require_not_recording("begin another")
        chosen = checked_devices(devices)
        self.clocks.check_gate(despite_clock=despite_clock)
        return self._record(chosen, check_recording_path(path))

    def record_into(
        self, devices: tuple[DeviceInfo, ...], session: Path, *, despite_clock: bool = False
    ) -> Path:
        """Record these devices into a further file of a session that exists. Raises as `record`."""
        self._require_not_recording("begin another")
        chosen = checked_devices(devices)
        self.clocks.check_gate(despite_clock=despite_clock)
        place = further_recording(session)
        return self._record(chosen, place.recording, place.description.id)

    def go_on(self, *, despite_clock: bool = False) -> Path:
        """Go on with what was interrupted: the same devices, into a further file of the same session.

        Raises as `record`, and PipelineStateError where nothing was interrupted.
        """
        self._require_not_recording("begin another")
        lost = self._memory.interrupted
        if lost is None:
            raise PipelineStateError("No recording was interrupted. Press Record to begin a new one.")
        return self.record_into(lost.devices, lost.session, despite_clock=despite_clock)

    def stop(self) -> FinishedRecording | None:
        """End what runs. Answers what was recorded, also if it had ended by itself; None after a preview."""
        self._preflights.call_off(preflights.PREVIEW_ENDED)
        self._current.end()
        return self._current.take_finished()

    def mark(self, id: str, monotonic: int, text: str = "") -> Note:
        """Mark the moment `monotonic` (of the machine's monotonic clock) in what is being recorded.

        It is on the disk when this returns. Raises PipelineStateError where nothing is being recorded.
        """
        run = self._current.run
        if run is None or run.plan.path is None:
            raise PipelineStateError("Nothing is being recorded, so there is nothing to mark.")
        now = run.clock.now()
        time = max(run.started_time, min(run.clock.from_monotonic(monotonic), now))
        return drop_marker(run.plan.path, id=id, time=time, text=text, written=now)

    def warn_of_disk(self, below_s: float) -> None:
        """Warn when the disk lasts for less than this, from now on."""
        self._disk_limit_s = below_s

    def _ask_disk_limit(self) -> float:
        return self._disk_limit_s

    def close(self) -> None:
        """End what runs, properly, and give up the role of the clock. Idempotent."""
        self._preflights.close()
        self._current.end()
        self.clocks.close()

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def wait_until_ended(self, timeout_s: float) -> bool:
        """Wait until the run has ended by itself or by Stop; True if it has, or none was begun."""
        return self._current.wait_until_ended(timeout_s)

    # -- looks --------------------------------------------------------------------------------------------

    def status(self) -> RecorderStatus:
        """All there is to show, as of now."""
        state, run, watch = self._current.now()
        lost = self._memory.interrupted
        interrupted = None if lost is None else lost.told()
        if run is None:
            return RecorderStatus(
                state=state,
                time=self._clock.now(),
                cpu_percent=self._cpu.percent(),
                problems=self._problems.newest,
                clock=self.clocks.status(),
                preflight=self._preflights.status(),
                interrupted=interrupted,
            )
        devices, forecast = run.devices(), DiskForecast() if watch is None else watch.forecast
        stored = run.store_statistics()
        return RecorderStatus(
            state=state,
            time=run.clock.now(),
            started_time=run.started_time,
            path=str(run.plan.path or ""),
            file_size=stored.file_size,
            committed_time=stored.last_commit_time,
            bytes_per_second=forecast.bytes_per_second,
            disk_free=forecast.disk_free,
            disk_seconds_left=forecast.seconds_left,
            waiting_bytes=stored.waiting_bytes,
            held_up=HeldUp.NOT if watch is None else watch.held_up(stored.lag),
            dropped=total_dropped(devices),
            cpu_percent=self._cpu.percent(),
            devices=devices,
            problems=self._problems.newest,
            clock=self.clocks.status(),
            interrupted=interrupted,
            clock_line=run.clock.line(),
            preflight=self._preflights.status(),
        )

    # -- recording ----------------------------------------------------------------------------------------

    def _require_not_recording(self, wanted: str) -> None:
        run = self._current.run
        if run is not None and run.plan.is_recording:
            raise PipelineStateError(f"A recording is running. Stop it before you {wanted}.")

    def _record(self, devices: tuple[DeviceInfo, ...], path: Path, session_id: str = "") -> Path:
        self._preflights.call_off(preflights.RECORDING_BEGAN)
        self._current.end()
        before = self._memory.interrupted
        self._keep(lambda: self._memory.begin(KeptRecording(str(path), devices, self.clocks.now())))
        try:
            self._current.begin(RunPlan(devices, path, session_id, self._queue_limit))
        except BaseException:
            self._keep(lambda: self._memory.put_back(before))
            raise
        return path

    def _keep(self, note: Callable[[], None]) -> None:
        """Note it for a recorder that comes after us; a recording does not depend on it."""
        try:
            note()
        except SettingsError as error:
            self._problems.add(Severity.WARNING, str(error))
