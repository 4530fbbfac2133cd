"""Accounts for the time in which a device did not answer: one sentence, one gap, one note when it is back."""

from studio.devices.device import DeviceReports, DeviceState, Gap
from studio.devices.health import DeviceMonitor
from studio.devices.outlet import Outlet
from studio.timing import NS_PER_S, Duration, Timestamp

RETRY_INTERVAL: Duration = NS_PER_S
"""How often a device that is lost is tried again."""
RETRIED = "It is retried every second."


class Outage:
    """What is known about the silence of a device with one stream. Belongs to the device's thread."""

    def __init__(
        self, outlet: Outlet, monitor: DeviceMonitor, reports: DeviceReports, *, device_id: str, label: str
    ) -> None:
        """`label` names the device in sentences: `The camera 'Logitech'`."""
        self._outlet = outlet
        self._monitor = monitor
        self._reports = reports
        self._device_id = device_id
        self._label = label
        self._since: Timestamp | None = None
        self._reason = ""

    @property
    def lasts(self) -> bool:
        """Whether it is lost at the moment."""
        return self._since is not None

    def begin(self, what: str, since: Timestamp) -> None:
        """It is lost: `what` as in "stopped answering.", nothing came after `since`. Said once an outage."""
        if self._since is not None:
            return
        self._reason = f"{self._label} {what}"
        self._since = since
        self._monitor.move(DeviceState.LOST, f"{self._reason} {RETRIED}")
        self._reports.note(self._device_id, f"{self._reason} {RETRIED}")

    def end(self, first_time: Timestamp, rate: float) -> None:
        """It answers (again) from `first_time` on; by `rate` is reckoned what it would have sent."""
        was_lost_since, self._since = self._since, None
        if self._monitor.state is not DeviceState.RUNNING:
            self._monitor.move(DeviceState.RUNNING)
        if was_lost_since is None:
            return
        silence = max(0, first_time - was_lost_since)
        self._report(was_lost_since, first_time, max(0, round(silence * rate / NS_PER_S) - 1))
        self._reports.note(
            self._device_id, f"{self._label} answers again after {silence / NS_PER_S:.1f} seconds."
        )

    def close(self, final_time: Timestamp, rate: float) -> None:
        """The recording ends at `final_time`: a silence that lasts till then is a gap, too."""
        since, self._since = self._since, None
        if since is not None and final_time > since:
            self._report(since, final_time, int((final_time - since) * rate / NS_PER_S))

    def gap(self, from_time: Timestamp, to_time: Timestamp, expected: int, reason: str) -> None:
        """Something is missing although the device answers."""
        self._outlet.monitor.missed(expected)
        self._reports.gap(
            Gap(
                stream=self._outlet.name,
                from_time=from_time,
                to_time=to_time,
                expected=expected,
                reason=reason,
            )
        )

    def _report(self, from_time: Timestamp, to_time: Timestamp, expected: int) -> None:
        self.gap(from_time, to_time, expected, self._reason)
