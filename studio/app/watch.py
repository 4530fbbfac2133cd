"""Notices what people should know about devices and queues. Decides nothing; `run_watch` asks it."""

from studio.app.backlog import losing_text
from studio.app.problems import ProblemList
from studio.app.status import DeviceStatus, HeldUp, Severity, StreamStatus
from studio.app.value_text import duration_text
from studio.devices.device import DeviceState
from studio.formats.payload import PayloadKind, StreamFormat
from studio.timing import NS_PER_S, Duration, Timestamp

SILENCE_LIMIT: Duration = 3 * NS_PER_S
"""A stream that should flow and has delivered nothing for so long after the start is worth a word."""
SLOWEST_EXPECTED_HZ = 1.0
"""Streams slower than that, and events, may be silent at first."""
NOTICED_SLEEP: Duration = NS_PER_S // 2
NOTICED_PAUSE: Duration = 5 * NS_PER_S
"""Between two looks, which shall be a fraction of a second apart."""

_TROUBLED = (DeviceState.LOST, DeviceState.STALLED)


class DeviceWatch:
    """Notices what changes with one device. Belongs to the watch thread."""

    def __init__(self, started_time: Timestamp, *, is_recording: bool) -> None:
        self._started_time = started_time
        self._severity = Severity.ERROR if is_recording else Severity.WARNING
        self._trouble: DeviceState | None = None
        self._silent: set[str] = set()

    def look(self, device: DeviceStatus, now: Timestamp, problems: ProblemList, others: int) -> None:
        """`others`: how many other devices go on."""
        self._look_at_state(device, problems, others)
        for stream in device.streams:
            if now - self._started_time >= SILENCE_LIMIT:
                self._look_for_silence(device, stream, problems)

    def _look_at_state(self, device: DeviceStatus, problems: ProblemList, others: int) -> None:
        if device.state in _TROUBLED and device.state is not self._trouble:
            self._trouble = device.state
            lost = device.state is DeviceState.LOST
            severity = self._severity if lost else Severity.WARNING
            text = device.message or f"'{device.name}' stopped answering."
            if device.name not in text:
                text = f"'{device.name}': {text}"
            if lost and others:
                text += f" The other {others} devices go on." if others > 1 else " The other device goes on."
            problems.add(severity, text, device_id=device.id)
        elif device.state is DeviceState.RUNNING and self._trouble is not None:
            self._trouble = None
            problems.add(Severity.NOTE, f"'{device.name}' is back.", device_id=device.id)

    def _look_for_silence(self, device: DeviceStatus, stream: StreamStatus, problems: ProblemList) -> None:
        if stream.produced:
            if stream.name in self._silent:
                self._silent.discard(stream.name)
                problems.add(Severity.NOTE, f"'{stream.name}' delivers now.", device_id=device.id)
            return
        if stream.name in self._silent or device.state is DeviceState.LOST or not should_flow(stream.format):
            return
        self._silent.add(stream.name)
        problems.add(
            Severity.WARNING,
            f"'{stream.name}' delivered nothing in its first {SILENCE_LIMIT // NS_PER_S} seconds. "
            "Check that it is switched on and connected.",
            device_id=device.id,
        )


class RefusalWatch:
    """Raises the alarm when our own queues lose data (decision 11). Belongs to the watch thread."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def look(self, refused: dict[str, int], problems: ProblemList, held_up: HeldUp = HeldUp.SOMEHOW) -> None:
        """`refused`: by stream, so far; `held_up`: by what.

        One word when it begins, one each time ten times as much is lost.
        """
        for stream, count in refused.items():
            if count and count >= 10 * self._known.get(stream, 0):
                self._known[stream] = count
                problems.add(Severity.ERROR, losing_text(held_up, stream, count))


class SleepWatch:
    """Notices that the machine was suspended, or stood still, between two looks. Of the watch thread."""

    def __init__(self, *, slept: Duration, now: Timestamp) -> None:
        """`slept`: of the machine in all, see `slept_ns`."""
        self._slept = slept
        self._now = now

    def look(self, *, slept: Duration, now: Timestamp) -> str:
        """What people should know; empty if nothing."""
        asleep, pause = slept - self._slept, now - self._now
        self._slept, self._now = slept, now
        if asleep > NOTICED_SLEEP:
            return (
                f"The computer slept for {duration_text(asleep / NS_PER_S)}. Nothing was recorded meanwhile, "
                "and the times recorded after it do not count it."
            )
        if pause > NOTICED_PAUSE:
            return (
                f"The computer or the studio stood still for {duration_text(pause / NS_PER_S)}. "
                "What the devices could not keep for so long is missing."
            )
        return ""


def should_flow(format: StreamFormat) -> bool:
    """Whether it is a fault when such a stream stays silent; events and texts may have nothing to say."""
    if format.kind in (PayloadKind.EVENT, PayloadKind.STRING, PayloadKind.JSON, PayloadKind.BYTES):
        return False
    return format.rate == 0.0 or format.rate >= SLOWEST_EXPECTED_HZ
