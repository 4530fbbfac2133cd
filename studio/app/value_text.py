"""Says what a stream holds in the words and digits that people read at a glance. Arithmetic and text only."""

import json
import math
from collections.abc import Sequence
from typing import Any

from studio.formats.payload import EncodedImage, Event, PayloadKind, StreamFormat

SIGNIFICANT_DIGITS = 3
MOST_VALUES = 8
"""More channels than that are counted instead of listed."""
MOST_CHARACTERS = 200
MINUS = "\u2212"
TIMES = "\u00d7"
NOTHING = "\u2013"
SILENCE_DB = -100.0
_DECIBELS_PER_DECADE = 20.0


def numbers_text(values: Sequence[float], units: str = "") -> str:
    """Numbers with as many decimals as the largest deserves, the same for all: `0.120  0.980  0.030 m/s`."""
    shown = [float(value) for value in values[:MOST_VALUES]]
    finite = [abs(value) for value in shown if math.isfinite(value)]
    texts = [_number_text(value, max(finite, default=0.0)) for value in shown]
    if len(values) > len(shown):
        texts.append(f"\u2026 ({len(values)} channels)")
    return "  ".join(texts) + (f" {units}" if units else "")


def level_text(peak: float) -> str:
    """A peak amplitude, full scale 1.0, in decibels; a dash for silence."""
    decibels = _DECIBELS_PER_DECADE * math.log10(peak) if peak > 0 else SILENCE_DB
    return f"{decibels:.1f} dB".replace("-", MINUS) if decibels > SILENCE_DB else f"{NOTHING} dB"


def payload_text(data: Any, format: StreamFormat) -> str:
    """One message in a line."""
    if isinstance(data, bool) or format.dtype == "bool":
        return "on" if data else "off"
    if isinstance(data, EncodedImage):
        return f"{data.width} {TIMES} {data.height}"
    if isinstance(data, Event):
        return one_line(data.text)
    if isinstance(data, str):
        return one_line(data)
    if isinstance(data, (bytes, bytearray, memoryview)):
        return f"{len(data)} bytes"
    if format.kind is PayloadKind.IMAGE:
        return f"{data.shape[1]} {TIMES} {data.shape[0]}"
    if format.kind is PayloadKind.SCALAR:
        return str(data) if isinstance(data, int) else numbers_text([float(data)], format.units)
    return one_line(json.dumps(data, ensure_ascii=False, default=str))


def one_line(text: str) -> str:
    """The text without line breaks, cut where it gets long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= MOST_CHARACTERS else flat[: MOST_CHARACTERS - 1] + "\u2026"


def bytes_text(count: int) -> str:
    """A size: `812 B`, `1.9 GB`."""
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{count} B" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def duration_text(seconds: float) -> str:
    """A length of time in its two largest units: `12.4 s`, `3 min 20 s`, `5 h 2 min`, `3 d 2 h`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, left = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {left} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 24 else f"{hours // 24} d {hours % 24} h"


def _number_text(value: float, largest: float) -> str:
    if not math.isfinite(value):
        return "\u2013"
    if largest and not 1e-4 <= largest < 1e6:
        return f"{value:.{SIGNIFICANT_DIGITS}g}".replace("-", MINUS)
    magnitude = math.floor(math.log10(largest)) if largest else 0
    decimals = max(0, SIGNIFICANT_DIGITS - 1 - magnitude)
    text = f"{value:.{decimals}f}"
    return text.replace("-", MINUS if float(text) else "")
