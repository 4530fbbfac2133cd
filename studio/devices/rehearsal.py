"""Lets a simulated device fail on a schedule, and accounts for what that costs as a real one would.

Stands between a device and its outlets: what the device would send passes through here, or does not. Belongs
to the device's thread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from studio.devices.device import DeviceInfo, DeviceReports, DeviceState, Gap
from studio.devices.faults import Fault, FaultKind, schedule_of
from studio.devices.health import DeviceMonitor
from studio.devices.madness import garbled, misshapen
from studio.devices.outlet import Outlet
from studio.errors import DeviceError
from studio.timing import NS_PER_S, Duration, Timestamp

if TYPE_CHECKING:
    from studio.devices.waveforms import Samples

SILENCE_LIMIT: Duration = NS_PER_S // 2
"""A device that is to fail says nothing for so long before it is called silent."""
LOUDER = np.float32(20.0)
MESSAGES_MISSED = 3
"""One that speaks seldom is given time for so many messages."""

Send: TypeAlias = Callable[[Timestamp], None]
"""Posts a message for the originating time that it is told."""

_BEGINS = {
    FaultKind.UNPLUG: "was unplugged. It is retried every second.",
    FaultKind.STALL: "says nothing any more.",
    FaultKind.BURST: "holds back what it has.",
    FaultKind.JUMP: "has a clock that jumped ahead.",
    FaultKind.GARBLE: "brings times that make no sense.",
    FaultKind.MISSHAPE: "sends what has another size or type than it said.",
    FaultKind.SLOW: "sends half as much as it should.",
    FaultKind.MUTE: "measures nothing but zeros.",
    FaultKind.LOUD: "measures more than it can tell.",
}
_ENDS = {
    FaultKind.UNPLUG: "answers again.",
    FaultKind.STALL: "speaks again.",
    FaultKind.BURST: "delivers what it held back.",
    FaultKind.JUMP: "has the right time again.",
    FaultKind.GARBLE: "has the right time again.",
    FaultKind.MISSHAPE: "sends what it said again.",
    FaultKind.SLOW: "sends all again.",
    FaultKind.MUTE: "measures again.",
    FaultKind.LOUD: "measures what it can tell.",
}
_SPOILS = {FaultKind.GARBLE: garbled, FaultKind.MISSHAPE: misshapen}
_REASONS = {
    FaultKind.UNPLUG: "was unplugged",
    FaultKind.STALL: "said nothing",
    FaultKind.JUMP: "told times that had been",
    FaultKind.SLOW: "sent half as much as it should",
}


def silence_limit(info: DeviceInfo, rate: float) -> Duration | None:
    """From when on a device of `rate` messages a second is called silent; None: never, it does not fail."""
    return max(SILENCE_LIMIT, round(MESSAGES_MISSED * NS_PER_S / rate)) if info.settings.faults else None


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message of each outlet, not sent yet."""

    first_time: Timestamp
    """Of its first sample."""
    time: Timestamp
    """Of its last one: its originating time."""
    count: int
    """Samples, or one message."""
    send: Send


class Rehearsal:
    """Passes parcels on, holds them back, or loses them, as the settings of its device say."""

    def __init__(
        self, info: DeviceInfo, outlets: tuple[Outlet, ...], monitor: DeviceMonitor, reports: DeviceReports
    ) -> None:
        """Raises DeviceError for a schedule that makes no sense."""
        try:
            self._schedule = schedule_of(info.settings.faults)
        except ValueError as error:
            raise DeviceError(f"'{info.name}' cannot rehearse these faults: {error}.") from error
        self.is_calm = not info.settings.faults
        """Nothing will ever fail: what is passed on may come at any rate."""
        self._info = info
        self._outlets = outlets
        self._monitor = monitor
        self._reports = reports
        self._start: Timestamp = 0
        self._fault: Fault | None = None
        self._held: list[Parcel] = []
        self._lost = 0
        self._reason = ""
        self._is_odd = False

    def begin(self, start: Timestamp) -> None:
        """The schedule counts from here."""
        self._start = start

    def pass_on(self, parcel: Parcel) -> None:
        """Send it now, later or never."""
        if self.is_calm:
            parcel.send(parcel.time)
            return
        fault = self._schedule.active(parcel.time - self._start)
        if fault is not self._fault:
            self._turn_to(fault)
        kind = fault.kind if fault is not None else None
        if kind is FaultKind.BURST:
            self._held.append(parcel)
        elif kind in (FaultKind.UNPLUG, FaultKind.STALL) or (kind is FaultKind.SLOW and self._is_left_out()):
            self._lose(parcel, kind)
        else:
            self._deliver(parcel, fault.duration if fault is not None and kind is FaultKind.JUMP else 0)

    def distorted(self, block: "Samples") -> "Samples":
        """What a sensor makes of these samples while it fails in that way; a block of its own."""
        kind = self._fault.kind if self._fault is not None else None
        if kind is FaultKind.MUTE:
            return np.zeros_like(block)
        return np.clip(LOUDER * block, -1.0, 1.0) if kind is FaultKind.LOUD else block

    def finish(self, final_time: Timestamp) -> None:
        """The recording ends: what is held comes now, what was lost up to then is a gap."""
        self._flush(final_time)
        last = self._last_time()
        if final_time > last:
            self._account(last, final_time)

    def _turn_to(self, fault: Fault | None) -> None:
        ended, self._fault = self._fault, fault
        for outlet in self._outlets:
            outlet.spoil = _SPOILS.get(fault.kind) if fault is not None else None
        if ended is not None:
            self._flush()
            if ended.kind is FaultKind.UNPLUG:
                self._monitor.move(DeviceState.RUNNING)
            self._say(_ENDS[ended.kind])
        if fault is not None:
            if fault.kind is FaultKind.UNPLUG:
                self._monitor.move(DeviceState.LOST, self._sentence(_BEGINS[fault.kind]))
            self._say(_BEGINS[fault.kind])

    def _is_left_out(self) -> bool:
        self._is_odd = not self._is_odd
        return self._is_odd

    def _lose(self, parcel: Parcel, kind: FaultKind) -> None:
        self._lost += parcel.count
        self._reason = self._sentence(_REASONS[kind])

    def _deliver(self, parcel: Parcel, ahead: Duration) -> None:
        time, last = parcel.time + ahead, self._last_time()
        if time <= last:  # its clock was ahead: these times have been
            self._lose(parcel, FaultKind.JUMP)
            return
        self._account(last, parcel.first_time + ahead)
        parcel.send(time)

    def _flush(self, until: Timestamp | None = None) -> None:
        held, self._held = self._held, []
        for parcel in held:
            if until is None or parcel.time <= until:
                self._deliver(parcel, 0)

    def _account(self, from_time: Timestamp, to_time: Timestamp) -> None:
        """What was lost since the last message is a gap of every stream."""
        lost, self._lost = self._lost, 0
        if not lost:
            return
        for outlet in self._outlets:
            outlet.monitor.missed(lost)
            self._reports.gap(
                Gap(
                    stream=outlet.name,
                    from_time=from_time,
                    to_time=to_time,
                    expected=lost,
                    reason=self._reason,
                )
            )

    def _last_time(self) -> Timestamp:
        return max((o.last_time for o in self._outlets if o.last_time is not None), default=self._start - 1)

    def _say(self, what: str) -> None:
        self._reports.note(self._info.id, self._sentence(what))

    def _sentence(self, what: str) -> str:
        return f"'{self._info.name}' {what}"
