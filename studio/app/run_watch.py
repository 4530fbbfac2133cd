"""Looks at a run a few times a second, says what people should know, and decides when it cannot go on."""

from collections.abc import Callable
from dataclasses import replace

from studio.app.backlog import ABREAST_BELOW, BEHIND_AFTER, LOSS_REASONS, BacklogWatch
from studio.app.clock_sync import ClockSyncStatus
from studio.app.clock_watch import ClockWatch
from studio.app.disk_watch import DiskWatch
from studio.app.forecast import WARN_BELOW_S, AskLimit, AskSpace, DiskForecast, ForecastMeter, VolumeSpace
from studio.app.problems import ProblemList
from studio.app.run import Run
from studio.app.shortage import ShortageMeter
from studio.app.status import FinishedRecording, HeldUp, Severity
from studio.app.watch import DeviceWatch, RefusalWatch, SleepWatch
from studio.errors import StoreEnvironmentError
from studio.store.exporter import ExporterState
from studio.store.free_space import RoomWatch
from studio.timing import NS_PER_S, Duration, monotonic_ns, slept_ns

CLOCK_INTERVAL = NS_PER_S
"""Between two parts of what a recording keeps of the clock."""
_BROKEN = (ExporterState.DISK_FULL.value, ExporterState.FAILED.value)


class RunWatch:
    """Belongs to the watch thread; `forecast` may be read from any."""

    def __init__(
        self,
        run: Run,
        problems: ProblemList,
        ask_space: AskSpace | None,
        ask_slept: Callable[[], Duration] = slept_ns,
        ask_clock: Callable[[], ClockSyncStatus] = ClockSyncStatus,
        ask_limit: AskLimit = lambda: WARN_BELOW_S,
    ) -> None:
        """`ask_space` None: nothing is written, so the disk does not matter. `ask_slept`: see `slept_ns`."""
        self._ask_slept = ask_slept
        self._ask_clock, self._ask_limit = ask_clock, ask_limit
        self._clock_told = monotonic_ns()
        self._clock = run.clock
        self._last_look = self._clock.now()
        self._sleep = SleepWatch(slept=ask_slept(), now=self._last_look)
        self.run = run
        self._problems = problems
        self._first_problem = problems.count
        self._ask_space = ask_space
        self._meter = ForecastMeter()
        self.forecast = self._first_forecast()
        self._devices: dict[str, DeviceWatch] = {}
        self._refusals = RefusalWatch()
        self._disk = DiskWatch()
        self._backlog = BacklogWatch()
        self._shortage = ShortageMeter()
        self._room = RoomWatch()
        self._clock_watch = ClockWatch(problems, run.note, is_followed=run.clock.is_followed)
        self._shown_views = 0
        self._has_said_why = False

    def begin(self) -> None:
        """The run has started: say with which clock, whatever that is."""
        self._look_at_clock()

    def look(self) -> bool:
        """True: the run cannot go on and shall be ended; the reason is among the problems."""
        self._look_for_sleep()
        self._look_at_devices()
        self.run.count()
        self._tell_clock()
        self._look_at_queues()
        self._look_at_views()
        return self._look_at_disk() or self._look_at_clock() or self._look_for_failure()

    def last_look(self) -> None:
        """After the end: what went wrong on the way to it."""
        self._look_at_queues()
        self._look_for_failure()

    def finished_recording(self) -> FinishedRecording:
        """What was recorded; call it after the run has finished."""
        path = self.run.plan.path
        assert path is not None
        return FinishedRecording(
            path=str(path),
            duration_ns=self.run.duration_ns,
            byte_size=path.stat().st_size if path.exists() else 0,
            streams=self.run.closed_streams(),
            problems=self._problems.since(self._first_problem),
        )

    def _look_at_queues(self) -> None:
        """Asks nothing of the disk, which may hang."""
        stored = self.run.store_statistics()
        self._shortage.look(stored.effort)
        # Who is hardly behind and loses all the same has too little room, however busy everything is.
        verdict = self._shortage.verdict() if stored.lag >= ABREAST_BELOW else HeldUp.SOMEHOW
        self._backlog.look(stored.lag, stored.waiting_bytes, verdict, self._problems)
        self.run.tell_why_full(LOSS_REASONS.get(verdict, ""))
        self._refusals.look(self.run.refused(), self._problems, verdict)

    def held_up(self, lag: Duration) -> HeldUp:
        """What a recording waits for whose oldest has been waiting for so long. Any thread."""
        if lag < BEHIND_AFTER:
            return HeldUp.NOT
        found = self._backlog.held_up
        return HeldUp.SOMEHOW if found is HeldUp.NOT else found

    def _look_at_devices(self) -> None:
        devices, now = self.run.devices(), self._clock.now()
        for device in devices:
            if device.id not in self._devices:
                recording = self.run.plan.is_recording
                self._devices[device.id] = DeviceWatch(self.run.started_time, is_recording=recording)
            self._devices[device.id].look(device, now, self._problems, others=len(devices) - 1)

    def _look_for_sleep(self) -> None:
        before, self._last_look = self._last_look, self._clock.now()
        if text := self._sleep.look(slept=self._ask_slept(), now=self._last_look):
            self._problems.add(Severity.ERROR if self.run.plan.is_recording else Severity.NOTE, text)
            self.run.note_pause(before, self._last_look, text)

    def _look_at_views(self) -> None:
        for name in self.run.lost_views[self._shown_views :]:
            self._shown_views += 1
            self._problems.add(
                Severity.WARNING, f"'{name}' cannot be watched live any more; nothing else is affected."
            )

    def _first_forecast(self) -> DiskForecast:
        """How much room there is before anything is written, so that nobody sees a zero."""
        space = None if self._ask_space is None else self._asked_space(self._ask_space)
        return DiskForecast() if space is None else self._meter.update(self._clock.now(), 0, space)

    def _look_at_disk(self) -> bool:
        """True: there is no room left but the reserve (decision 26), and not only for a moment."""
        if self._ask_space is None:
            return False
        space = self._asked_space(self._ask_space)
        if space is None:
            return False
        forecast = self._meter.update(self._clock.now(), self.run.written_bytes(), space)
        self.forecast = replace(forecast, warn_below_s=self._ask_limit())
        self._disk.look(self.forecast, self._problems)
        is_full = self._room.must_end(free=space.free, total=space.total, pending=0, now=monotonic_ns())
        if not is_full or self._has_said_why:
            return False
        self._has_said_why = True
        self._problems.add(
            Severity.ERROR,
            "The disk is full. The recording was stopped and closed properly; all that was stored is kept. "
            "Free some space before you record again.",
        )
        return True

    def _tell_clock(self) -> None:
        now = monotonic_ns()
        if now - self._clock_told >= CLOCK_INTERVAL:
            self._clock_told = now
            self.run.tell_clock()

    def _look_at_clock(self) -> bool:
        """True: the user wants no recording without a reference. Nobody cares for a preview's."""
        return self.run.plan.is_recording and self._clock_watch.look(self._ask_clock())

    def _asked_space(self, ask_space: AskSpace) -> VolumeSpace | None:
        try:
            return ask_space()
        except OSError:
            return None  # the volume has gone: the writer finds out at its next flush, and says so

    def _look_for_failure(self) -> bool:
        ended = self.run.store_statistics().state in (
            ExporterState.DISK_FULL.value,
            ExporterState.FAILED.value,
        )
        if self.run.failure is None and not ended:
            return False
        if not self._has_said_why:
            self._has_said_why = True
            self._problems.add(Severity.ERROR, self._why())
        return True

    def _why(self) -> str:
        """What ended the run, and what has become of the recording."""
        text = self.run.failure_text or "Writing the file failed."
        text = text[:1].upper() + text[1:]
        if self.run.plan.path is None or isinstance(self.run.failure, StoreEnvironmentError):
            return text  # the store's own sentence says what is kept
        return f"{text.rstrip('.')}. The recording was closed; everything stored before is kept."
