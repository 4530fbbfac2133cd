"""Says what a pre-flight has found: figures in columns, the headline, and all of it as text to be copied."""

from studio.app.clock_gate import milliseconds
from studio.app.preflight.card import (
    DiskCard,
    Finding,
    PreflightCard,
    StreamCard,
    Verdict,
)
from studio.app.value_text import MINUS, NOTHING, TIMES, bytes_text, duration_text
from studio.formats.payload import StreamFormat
from studio.timing import NS_PER_S

WORDS = {Verdict.PASS: "Pass", Verdict.WARN: "Note", Verdict.FAIL: "Fail"}
HEADINGS = ("Stream", "Rate", "Jitter", "Gaps", "Level, size", "Data")
SILENCE_DB = -100.0
_SIGNS = {Verdict.PASS: "\u2713", Verdict.WARN: "!", Verdict.FAIL: "\u2717"}
NEARLY = 0.01
"""A rate that is no farther off needs no comparison."""


def rate_text(rate: float) -> str:
    """Four digits, whatever the size: `29.97`, `48 000`."""
    if rate >= 1000:
        return f"{rate:,.0f}".replace(",", "\u202f")
    return f"{rate:.2f}".rstrip("0").rstrip(".")


def rate_word(format: StreamFormat) -> str:
    """What is counted per second."""
    return "fps" if format.kind.is_picture else "Hz"


def level_text(decibels: float) -> str:
    """`-12 dB`, with a true minus; a dash for silence."""
    if decibels <= SILENCE_DB:
        return f"{NOTHING} dB"
    rounded = round(decibels)
    return f"{MINUS if rounded < 0 else ''}{abs(rounded)} dB"


def stream_cells(stream: StreamCard) -> tuple[str, ...]:
    """The figures of a stream, in the order of HEADINGS without its name; a dash for what does not apply."""
    figures = stream.figures
    if not figures.messages:
        return ("none came", *(NOTHING,) * 4)
    lost = f" ({figures.lost} lost)" if figures.lost else ""
    return (
        _rate_cell(stream),
        NOTHING if figures.jitter is None else f"\u00b1 {milliseconds(figures.jitter)}",
        f"{figures.gaps}{lost}",
        _level_cell(stream),
        f"{bytes_text(round(figures.bytes_per_second))}/s",
    )


def _rate_cell(stream: StreamCard) -> str:
    figures, asked = stream.figures, stream.format.rate
    if not figures.rate:
        return "1 came" if figures.messages == 1 else f"{figures.messages} came"
    given = rate_text(figures.rate)
    wanted = rate_text(asked)
    is_right = not asked or abs(figures.rate / asked - 1.0) <= NEARLY
    return f"{given if is_right else f'{given} of {wanted}'} {rate_word(stream.format)}"


def _level_cell(stream: StreamCard) -> str:
    figures = stream.figures
    if figures.peak is not None:
        return "silent" if figures.peak <= SILENCE_DB else f"peak {level_text(figures.peak)}"
    return f"{figures.width} {TIMES} {figures.height}" if figures.width else NOTHING


def disk_text(disk: DiskCard) -> str:
    """Speed, room, and how long that lasts."""
    parts = []
    if disk.bytes_per_second:
        parts.append(f"takes {bytes_text(round(disk.bytes_per_second))}/s")
    if disk.free:
        parts.append(f"{bytes_text(disk.free)} free")
    if disk.seconds_left is not None:
        parts.append(f"lasts {duration_text(disk.seconds_left)}")
    return ", ".join(parts)


def clock_text(card: PreflightCard) -> str:
    """How it stands with the clock."""
    return card.clock.text


def headline(card: PreflightCard) -> str:
    """All in a few words."""
    fails = sum(finding.verdict is Verdict.FAIL for finding in card.findings)
    notes = len(card.findings) - fails
    if fails:
        return "Not ready: 1 reason" if fails == 1 else f"Not ready: {fails} reasons"
    if notes:
        return "Ready to record, with 1 note" if notes == 1 else f"Ready to record, with {notes} notes"
    return "Ready to record"


def summary(card: PreflightCard, duration_ns: int) -> str:
    """What was run, in a line."""
    count = len(card.devices)
    devices = "1 device" if count == 1 else f"{count} devices"
    return f"{devices}, {duration_text(duration_ns / NS_PER_S)}, {bytes_text(round(card.bytes_per_second))}/s"


def finding_text(finding: Finding) -> str:
    """The reason and what to do."""
    return f"{finding.text} {finding.advice}".strip()


def typed_text(finding: Finding) -> str:
    """The same where there is no window with buttons and menus."""
    return f"{finding.text} {finding.typed_advice or finding.advice}".strip()


def report(card: PreflightCard, duration_ns: int) -> str:
    """All of it as lines of text."""
    lines = [f"Pre-flight: {headline(card)} ({summary(card, duration_ns)})", ""]
    for device in card.devices:
        lines += _lines(device.verdict, device.name, "", device.findings)
        for stream in device.streams:
            figures = (f"{what.lower()} {cell}" for what, cell in _shown_cells(stream))
            lines.append(f"    {stream.name}: {', '.join(figures)}")
            lines += [_reason(finding) for finding in stream.findings]
    lines += _lines(card.disk.verdict, "Disk", disk_text(card.disk), card.disk.findings)
    lines += _lines(card.clock.verdict, "Clock", card.clock.text, card.clock.findings)
    return "\n".join(lines) + "\n"


def _shown_cells(stream: StreamCard) -> list[tuple[str, str]]:
    cells = zip(HEADINGS[1:], stream_cells(stream), strict=True)
    return [(what.partition(",")[0], cell) for what, cell in cells if cell != NOTHING]


def _lines(verdict: Verdict, what: str, text: str, findings: tuple[Finding, ...]) -> list[str]:
    said = f": {text}" if text else ""
    return [f"{_SIGNS[verdict]} {what} ({WORDS[verdict].lower()}){said}", *map(_reason, findings)]


def _reason(finding: Finding) -> str:
    return f"      {_SIGNS[finding.verdict]} {finding_text(finding)}"
