"""What the card of a pre-flight shows, as one value made of the recorder's status. No Qt."""

from dataclasses import dataclass

from studio.app.preflight.card import (
    DeviceCard,
    Finding,
    PreflightCard,
    PreflightPhase,
    PreflightStatus,
    StreamCard,
    Verdict,
)
from studio.app.preflight.text import (
    HEADINGS,
    WORDS,
    disk_text,
    finding_text,
    headline,
    report,
    stream_cells,
    summary,
)
from studio.timing import NS_PER_S

COLUMNS = HEADINGS
DEVICE_ICONS = {"microphone": "microphone", "camera": "camera", "signal": "signal", "events": "events"}
BEGINNING = "Beginning\u2026"


@dataclass(frozen=True, slots=True)
class Look:
    """How a verdict is shown: never by its colour alone."""

    icon: str
    role: str
    word: str


LOOKS = {
    Verdict.PASS: Look("check", "ok", WORDS[Verdict.PASS]),
    Verdict.WARN: Look("warning", "warning", WORDS[Verdict.WARN]),
    Verdict.FAIL: Look("error", "error", WORDS[Verdict.FAIL]),
}
UNDER_WAY = Look("clock-search", "muted", "\u2026")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not as it should be."""

    look: Look
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One stream, or disk, or clock."""

    look: Look
    icon: str
    name: str
    cells: tuple[str, ...] = ()
    """One a column; of disk and clock one for all."""
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class PreflightView:
    """All of the card."""

    is_running: bool = True
    icon: str = "preflight"
    role: str = "accent"
    headline: str = BEGINNING
    summary: str = ""
    done: float = 0.0
    """0 to 1."""
    rows: tuple[Row, ...] = ()
    report: str = ""
    """To be copied; empty: there is nothing to copy yet."""
    may_record: bool = False


def preflight_view(status: PreflightStatus | None) -> PreflightView:
    """None: it was asked for, and the recorder has not answered yet."""
    if status is None:
        return PreflightView()
    if status.phase is PreflightPhase.CALLED_OFF or (
        status.card is None and status.phase is not PreflightPhase.RUNNING
    ):
        return called_off(status.text)
    if status.phase is PreflightPhase.RUNNING or status.card is None:
        return _running(status)
    return _done(status.card, status.duration_ns)


def called_off(text: str) -> PreflightView:
    """It ended without a result."""
    return PreflightView(
        is_running=False, icon="warning", role="warning", headline="No result", summary=text, done=1.0
    )


def _running(status: PreflightStatus) -> PreflightView:
    left = max(0, status.duration_ns - status.elapsed_ns)
    rows = () if status.card is None else _rows(status.card, is_over=False)
    return PreflightView(
        headline=f"Trying everything\u2026 {-(-left // NS_PER_S)} s left"
        if left
        else "Putting together\u2026",
        summary="Nothing is recorded. Speak and move as in the session.",
        done=min(1.0, status.elapsed_ns / max(1, status.duration_ns)),
        rows=rows,
    )


def _done(card: PreflightCard, duration_ns: int) -> PreflightView:
    look = LOOKS[card.verdict]
    return PreflightView(
        is_running=False,
        icon=look.icon,
        role=look.role,
        headline=headline(card),
        summary=summary(card, duration_ns),
        done=1.0,
        rows=_rows(card, is_over=True),
        report=report(card, duration_ns),
        may_record=card.verdict is not Verdict.FAIL,
    )


def _rows(card: PreflightCard, *, is_over: bool) -> tuple[Row, ...]:
    streams = (row for device in card.devices for row in _device_rows(device, is_over=is_over))
    disk = Row(
        _look(card.disk.verdict, is_over=is_over),
        "folder",
        "Disk",
        (disk_text(card.disk) or "\u2026",),
        _reasons(card.disk.findings if is_over else ()),
    )
    clock = Row(
        _look(card.clock.verdict, is_over=is_over),
        "clock-own",
        "Clock",
        (card.clock.text,),
        _reasons(card.clock.findings if is_over else ()),
    )
    return (*streams, disk, clock)


def _device_rows(device: DeviceCard, *, is_over: bool) -> tuple[Row, ...]:
    """A line for each stream; what is said of the device as a whole stands at the first."""
    rows = []
    for number, stream in enumerate(device.streams):
        own = device.findings if number == 0 else ()
        findings = (*own, *stream.findings)
        rows.append(_stream_row(device, stream, findings, is_over=is_over))
    return tuple(rows)


def _stream_row(
    device: DeviceCard, stream: StreamCard, findings: tuple[Finding, ...], *, is_over: bool
) -> Row:
    # A device that is gone fails in all its lines.
    verdict = device.verdict if device.findings else stream.verdict
    icon = DEVICE_ICONS.get(device.kind.value, "signal")
    return Row(_look(verdict, is_over=is_over), icon, stream.name, stream_cells(stream), _reasons(findings))


def _look(verdict: Verdict, *, is_over: bool) -> Look:
    return LOOKS[verdict] if is_over else UNDER_WAY


def _reasons(findings: tuple[Finding, ...]) -> tuple[Reason, ...]:
    return tuple(Reason(LOOKS[finding.verdict], finding_text(finding)) for finding in findings)
