"""What a pre-flight has found, for people and for scripts."""

from typing import Any

from studio.app.preflight.card import (
    ClockCard,
    DeviceCard,
    DiskCard,
    Finding,
    PreflightCard,
    PreflightStatus,
    StreamCard,
    Verdict,
)
from studio.app.preflight.text import (
    HEADINGS,
    WORDS,
    disk_text,
    headline,
    stream_cells,
    summary,
    typed_text,
)
from studio.cli.output import print_json, print_table, print_text, remark
from studio.timing import NS_PER_S


def show(status: PreflightStatus, *, json: bool) -> int:
    """Print it; the exit code."""
    card = status.card
    if json:
        print_json(_document(status))
    elif card is not None:
        _print(card, status.duration_ns)
    if card is None:
        remark(f"studio: {status.text}")
        return 1
    return 1 if card.verdict is Verdict.FAIL else 0


def _print(card: PreflightCard, duration_ns: int) -> None:
    headings = ("", HEADINGS[0], *(f">{heading}" for heading in HEADINGS[1:]))
    rows = [_row(device, stream) for device in card.devices for stream in device.streams]
    print_table(headings, rows)
    print_text(f"{WORDS[card.disk.verdict]}  Disk: {disk_text(card.disk)} in {card.disk.folder}")
    print_text(f"{WORDS[card.clock.verdict]}  Clock: {card.clock.text}")
    for finding in card.findings:
        print_text(f"{WORDS[finding.verdict]}: {typed_text(finding)}")
    print_text(f"{headline(card)} ({summary(card, duration_ns)})")


def _row(device: DeviceCard, stream: StreamCard) -> tuple[str, ...]:
    verdict = stream.verdict if len(device.streams) > 1 and not device.findings else device.verdict
    return (WORDS[verdict], stream.name, *stream_cells(stream))


def _document(status: PreflightStatus) -> dict[str, Any]:
    card = status.card
    document: dict[str, Any] = {
        "verdict": None if card is None else card.verdict.value,
        "phase": status.phase.value,
        "text": status.text or (headline(card) if card is not None else ""),
        "elapsed_s": status.elapsed_ns / NS_PER_S,
    }
    if card is not None:
        document |= {
            "bytes_per_second": card.bytes_per_second,
            "devices": [_device(device) for device in card.devices],
            "disk": _disk(card.disk),
            "clock": _clock(card.clock),
        }
    return document


def _device(device: DeviceCard) -> dict[str, Any]:
    return {
        "id": device.id,
        "name": device.name,
        "kind": device.kind.value,
        "verdict": device.verdict.value,
        "findings": [_finding(finding) for finding in device.findings],
        "streams": [_stream(stream) for stream in device.streams],
    }


def _stream(stream: StreamCard) -> dict[str, Any]:
    figures = stream.figures
    return {
        "name": stream.name,
        "kind": stream.format.kind.value,
        "verdict": stream.verdict.value,
        "findings": [_finding(finding) for finding in stream.findings],
        "messages": figures.messages,
        "samples": figures.samples,
        "rate": figures.rate,
        "asked_rate": stream.format.rate,
        "jitter_ns": figures.jitter,
        "gaps": figures.gaps,
        "longest_gap_ns": figures.longest_gap,
        "lost": figures.lost,
        "late_ns": figures.late,
        "peak_db": figures.peak,
        "clipped": figures.clipped,
        "width": figures.width,
        "height": figures.height,
        "bytes_per_second": figures.bytes_per_second,
    }


def _disk(disk: DiskCard) -> dict[str, Any]:
    return {
        "folder": disk.folder,
        "verdict": disk.verdict.value,
        "findings": [_finding(finding) for finding in disk.findings],
        "bytes_per_second": disk.bytes_per_second,
        "slowest_ns": disk.slowest_ns,
        "free": disk.free,
        "seconds_left": disk.seconds_left,
    }


def _clock(clock: ClockCard) -> dict[str, Any]:
    return {
        "state": clock.state.value,
        "verdict": clock.verdict.value,
        "findings": [_finding(finding) for finding in clock.findings],
        "text": clock.text,
        "bound_ns": clock.bound,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    advice = finding.typed_advice or finding.advice
    return {"verdict": finding.verdict.value, "text": finding.text, "advice": advice}
