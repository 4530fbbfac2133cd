"""Makes reasons of figures: what is the matter, and what to do about it. Values in, words out."""

from studio.app.clock_gate import milliseconds
from studio.app.clock_sync import ClockRole, ClockSyncStatus
from studio.app.clock_text import sync_text
from studio.app.disk_watch import VERY_SHORT_S
from studio.app.preflight.card import ClockCard, DiskCard, Finding, StreamFigures, Verdict
from studio.app.preflight.sound import sound_findings
from studio.app.preflight.text import rate_text, rate_word
from studio.app.status import DeviceStatus
from studio.app.value_text import bytes_text, duration_text
from studio.app.watch import should_flow
from studio.devices.device import DeviceKind, DeviceState
from studio.formats.payload import StreamFormat
from studio.timing import NS_PER_MS, NS_PER_S, Duration
from studio.timing.sync_status import SyncState

RATE_FAILS = 0.05
"""Farther from the rate that was asked for it is another rate."""
RATE_WARNS = 0.01
JITTER_WARNS = 0.5
"""Of the distance of two messages: beyond that one cannot say any more which comes when."""
LEAST_JITTER: Duration = 10 * NS_PER_MS
LATE_WARNS: Duration = NS_PER_S
AHEAD_FAILS: Duration = 20 * NS_PER_MS
SLOW_START: Duration = 3 * NS_PER_S
TIGHT_DISK = 2.0
"""A disk that is no more than so many times as fast as it must be has no room for a bad moment."""

_NOTHING_ADVICE = {
    DeviceKind.MICROPHONE: "Check its cable and switch, and that no other program uses it.",
    DeviceKind.CAMERA: "Check its cable or address, and that no other program uses it.",
}
_ANY_ADVICE = "Check that it is switched on and connected."
_AGAIN = "Check cable and power, then run the pre-flight again."
_UNEVEN_ADVICE = "Close other programs; a cable, another port or more light for a camera may help, too."
_RELIEF = "Close other programs, record fewer devices, or choose a lower rate or picture size."


def device_findings(device: DeviceStatus, troubles: tuple[str, ...]) -> tuple[Finding, ...]:
    """`troubles`: what its state said meanwhile, each once."""
    advice = _NOTHING_ADVICE.get(device.kind, _ANY_ADVICE)
    found = [Finding(Verdict.FAIL, text, advice) for text in troubles]
    if not found and device.state is DeviceState.OPENING:
        found.append(Finding(Verdict.FAIL, f"'{device.name}' was still being opened at the end.", advice))
    return tuple(found)


def stream_findings(
    name: str, format: StreamFormat, figures: StreamFigures, kind: DeviceKind, *, is_lost: bool
) -> tuple[Finding, ...]:
    """`is_lost`: its device went away or never came, which has been said."""
    if figures.trouble:
        text = f"'{name}' sends what cannot be stored: {figures.trouble}."
        return (Finding(Verdict.FAIL, text, "Choose another format for it in its own settings."),)
    if not figures.messages:
        return () if is_lost else _nothing(name, format, kind)
    return (
        *_rate_findings(name, format, figures),
        *_size_findings(name, format, figures),
        *_gap_findings(name, figures),
        *_time_findings(name, figures),
        *sound_findings(name, figures),
    )


def _nothing(name: str, format: StreamFormat, kind: DeviceKind) -> tuple[Finding, ...]:
    if not should_flow(format):
        return ()
    advice = _NOTHING_ADVICE.get(kind, _ANY_ADVICE)
    return (Finding(Verdict.FAIL, f"'{name}' delivered nothing.", advice),)


def _rate_findings(name: str, format: StreamFormat, figures: StreamFigures) -> tuple[Finding, ...]:
    asked = format.rate
    if not should_flow(format) or not asked or not figures.rate:
        return ()
    off = figures.rate / asked - 1.0
    if abs(off) <= RATE_WARNS:
        return ()
    text = (
        f"'{name}' gives {rate_text(figures.rate)} {rate_word(format)} instead of "
        f"{rate_text(asked)} ({off:+.0%})."
    ).replace("-", "\u2212")
    dark = " More light helps a camera, too." if format.kind.is_picture and off < 0 else ""
    verdict = Verdict.FAIL if abs(off) > RATE_FAILS else Verdict.WARN
    return (Finding(verdict, text, f"Choose a rate that it can keep in its settings.{dark}"),)


def _size_findings(name: str, format: StreamFormat, figures: StreamFigures) -> tuple[Finding, ...]:
    asked, given = (format.width, format.height), (figures.width, figures.height)
    if not all(asked) or not all(given) or asked == given:
        return ()
    text = f"'{name}' gives pictures of {given[0]}\u00d7{given[1]} instead of {asked[0]}\u00d7{asked[1]}."
    return (Finding(Verdict.FAIL, text, "Choose a size that it has in its settings."),)


def _gap_findings(name: str, figures: StreamFigures) -> tuple[Finding, ...]:
    found = []
    if figures.refused:
        text = f"This machine cannot keep up with '{name}': {figures.refused} could not be taken."
        found.append(Finding(Verdict.FAIL, text, _RELIEF))
    if figures.gaps:
        count = "a gap" if figures.gaps == 1 else f"{figures.gaps} gaps"
        longest = "" if figures.gaps == 1 else ", the longest"
        length = (
            f"{longest} of {duration_text(figures.longest_gap / NS_PER_S)}" if figures.longest_gap else ""
        )
        found.append(Finding(Verdict.FAIL, f"'{name}' had {count}{length}.", _AGAIN))
    elif figures.lost > figures.refused:
        text = f"'{name}' lost {figures.lost - figures.refused} between device and studio."
        found.append(Finding(Verdict.FAIL, text, _RELIEF))
    return tuple(found)


def _time_findings(name: str, figures: StreamFigures) -> tuple[Finding, ...]:
    found = []
    if figures.ahead > AHEAD_FAILS:
        text = f"The times of '{name}' were up to {duration_text(figures.ahead / NS_PER_S)} ahead."
        found.append(Finding(Verdict.FAIL, text, "Set the clock of the device, or start it anew."))
    if figures.late > LATE_WARNS:
        text = f"'{name}' came up to {duration_text(figures.late / NS_PER_S)} late."
        found.append(Finding(Verdict.WARN, text, "All of it is stored, but live it will be behind."))
    if figures.first_after is not None and figures.first_after > SLOW_START and not figures.gaps:
        text = f"'{name}' needed {duration_text(figures.first_after / NS_PER_S)} to begin."
        found.append(Finding(Verdict.WARN, text, "Keep Preview on before you record."))
    if figures.jitter is not None and figures.rate:
        limit = max(LEAST_JITTER, JITTER_WARNS * figures.distance)
        if figures.jitter > limit:
            text = f"'{name}' comes unevenly: \u00b1 {milliseconds(figures.jitter)}."
            found.append(Finding(Verdict.WARN, text, _UNEVEN_ADVICE))
    return tuple(found)


def disk_findings(disk: DiskCard, needed: float, *, is_over: bool) -> tuple[Finding, ...]:
    """`needed`: bytes per second that the devices give; `is_over`: no more will come of the trial."""
    if disk.trouble:
        advice = "Choose another folder for recordings, or make room there."
        return (Finding(Verdict.FAIL, disk.trouble, advice),)
    if not disk.free:
        text = "The disk is full: nothing is left but the reserve with which recordings are closed."
        return (Finding(Verdict.FAIL, text, "Free some space, or choose another folder for recordings."),)
    if not disk.written and is_over:
        text = f"The disk did not take {bytes_text(1 << 20)} within the whole pre-flight."
        return (Finding(Verdict.FAIL, text, "Check the disk or the network it hangs on."),)
    return (*_speed_findings(disk, needed), *_room_findings(disk), *_network_findings(disk))


def _speed_findings(disk: DiskCard, needed: float) -> tuple[Finding, ...]:
    speed = disk.bytes_per_second
    if not speed or speed >= TIGHT_DISK * needed:
        return ()
    text = (
        f"The disk writes {bytes_text(round(speed))}/s, and the devices give {bytes_text(round(needed))}/s."
    )
    advice = "Record to a faster disk, fewer devices, or smaller pictures."
    return (Finding(Verdict.FAIL if speed < needed else Verdict.WARN, text, advice),)


def _room_findings(disk: DiskCard) -> tuple[Finding, ...]:
    left = disk.seconds_left
    if left is None or left >= disk.warn_below_s:
        return ()
    text = f"The disk has room for {duration_text(left)} ({bytes_text(disk.free)})."
    advice = "Free some space, or choose another folder for recordings."
    return (Finding(Verdict.FAIL if left < VERY_SHORT_S else Verdict.WARN, text, advice),)


def _network_findings(disk: DiskCard) -> tuple[Finding, ...]:
    if not disk.network:
        return ()
    text = f"The folder for recordings is on a network drive ({disk.network}): if that fails, so do they."
    advice = "Record to a disk of this computer, and move the session when it is over."
    return (Finding(Verdict.WARN, text, advice),)


def clock_card(clock: ClockSyncStatus) -> ClockCard:
    """How it stands with the clock, and whether a recording may begin with it."""
    sync = clock.sync
    return ClockCard(sync.state, sync_text(clock), sync.bound, _clock_findings(clock))


def _clock_findings(clock: ClockSyncStatus) -> tuple[Finding, ...]:
    settings, sync = clock.settings, clock.sync
    advice, typed = "See Record \u25b8 Clock and network.", "See `studio record --help` on --follow."
    if clock.gate:
        waiting = f"Wait, or record anyway. {advice}", f"Wait. `studio record` begins all the same. {typed}"
        return (Finding(Verdict.FAIL, clock.gate, *waiting),)
    if sync.state is SyncState.ERROR:
        return (Finding(Verdict.FAIL, sync.text or "The clock is in error.", advice, typed),)
    if settings.role is ClockRole.FOLLOW and sync.state not in (SyncState.SYNCHRONISED, SyncState.SELF):
        text = f"The clock is not synchronised: {sync_text(clock)}."
        return (Finding(Verdict.WARN, text, advice, typed),)
    return (Finding(Verdict.WARN, clock.warning, advice, typed),) if clock.warning else ()
