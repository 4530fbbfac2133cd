"""Which panels stand on the timeline, what each shows and how: a value, so that a layout can be kept. No Qt.

A layout is a tuple of plans from top to bottom, those of one row from left to right. Plans name their streams
in full; a layout that is kept names them by partition and stream only, so that it serves every session that
has streams of these names.
"""

import math
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from studio.formats.false_colours import ColourMap
from studio.formats.payload import PayloadKind
from studio.formats.recording import StreamRef
from studio.ui.panels.curve_look import Looks, looks_from_json
from studio.ui.panels.threshold import NOTHING_WATCHED, Threshold


class PanelKind(StrEnum):
    """What a panel draws."""

    CURVES = "curves"
    """Signals against time, several streams overlaid."""
    SERIES = "series"
    """The numbers inside messages of JSON against time, a curve for each."""
    WAVEFORM = "waveform"
    SPECTROGRAM = "spectrogram"
    VIDEO = "video"
    """The picture at the cursor."""
    MARKS = "marks"
    """Events, texts and annotations as bars and ticks with their words."""
    PLANE = "plane"
    """One value against another: a path through a plane."""
    TEXT = "text"
    """What a stream of texts says at the cursor, in full."""
    MESSAGES = "messages"
    """A tick for each message."""
    LATENCY = "latency"
    """Creation minus originating time of each message."""
    RATE = "rate"
    """Messages per second, and gaps."""


KIND_NAMES = {
    PanelKind.CURVES: "Curves",
    PanelKind.SERIES: "Numbers inside as curves",
    PanelKind.WAVEFORM: "Waveform",
    PanelKind.SPECTROGRAM: "Spectrogram",
    PanelKind.VIDEO: "Video",
    PanelKind.MARKS: "Events as marks",
    PanelKind.PLANE: "XY plot",
    PanelKind.TEXT: "Text at the cursor",
    PanelKind.MESSAGES: "Messages",
    PanelKind.LATENCY: "Latency",
    PanelKind.RATE: "Rate and gaps",
}
"""What people call them."""

INSTANT = (PanelKind.VIDEO, PanelKind.PLANE, PanelKind.TEXT)
"""Panels that do not lie along the axis of time: they may stand beside each other."""

USUAL_KEPT_MS = 500
LONGEST_KEPT_MS = 86_400_000


class LineStyle(StrEnum):
    """How samples are joined where they can be told apart."""

    LINE = "line"
    STEP = "step"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class PanelOptions:
    """What a user chose for one panel."""

    low: float | None = None
    """Lowest value shown; None: found by itself."""
    high: float | None = None
    line: LineStyle = LineStyle.LINE
    fit: bool = True
    """Pictures: as large as the panel; False: one pixel for one."""
    mirrored: bool = False
    """Pictures: left and right changed."""
    upside_down: bool = False
    """Pictures: above and below changed."""
    hidden_channels: tuple[str, ...] = ()
    """Channels that are not drawn, as `channel_key` names them."""
    log_frequency: bool = False
    """Spectrogram: octaves are equally high; else hertz are."""
    looks: Looks = ()
    """Curves that are not drawn as usual."""
    colour_map: ColourMap = ColourMap.TURBO
    """Pictures of measured values."""
    keep_ms: int = USUAL_KEPT_MS
    """Figures over pictures: they are shown so long after their message; 0: until the next one."""
    threshold: Threshold = NOTHING_WATCHED
    """Levels beyond which values are marked."""
    across: str = ""
    """XY plot: what lies across, as `channel_key` names it, or a member; empty: the first there is."""
    up: str = ""
    """XY plot: what lies up; empty: the second there is."""
    over_selection: bool = False
    """XY plot: what is selected is shown; else what is in view."""
    even_scales: bool = False
    """XY plot: both values have the same scale."""
    members: tuple[str, ...] = ()
    """Places inside messages of JSON whose numbers, or whose text, are shown; none: all that is inside."""


def channel_key(stream: int, channel: int) -> str:
    """What a channel is called in `hidden_channels`: number of the stream in its plan, and of the channel."""
    return f"{stream}:{channel}"


def without_stream(options: PanelOptions, stream: int) -> PanelOptions:
    """What remains chosen when the stream of this number is taken out: those behind it have new numbers."""

    def moved(key: str) -> str | None:
        number, _, channel = key.partition(":")
        if not (number.isdecimal() and channel.isdecimal()) or int(number) == stream:
            return None
        return channel_key(int(number) - (int(number) > stream), int(channel))

    hidden = tuple(now for key in options.hidden_channels if (now := moved(key)) is not None)
    looks = tuple(replace(look, key=now) for look in options.looks if (now := moved(look.key)) is not None)
    return replace(options, hidden_channels=hidden, looks=looks)


def options_to_json(options: PanelOptions) -> dict[str, Any]:
    """As JSON can say it; what is as usual is left out."""
    usual = asdict(PanelOptions())
    chosen = {name: value for name, value in asdict(options).items() if value != usual[name]}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in chosen.items()}


def options_from_json(found: Any) -> PanelOptions:
    """What `options_to_json` made; whatever makes no sense is as usual, since people may edit the file."""
    known = found if isinstance(found, dict) else {}
    line, keep = known.get("line", LineStyle.LINE), known.get("keep_ms")
    return PanelOptions(
        low=_number(known.get("low")),
        high=_number(known.get("high")),
        line=LineStyle(line) if line in tuple(LineStyle) else LineStyle.LINE,
        fit=known.get("fit") is not False,
        mirrored=known.get("mirrored") is True,
        upside_down=known.get("upside_down") is True,
        hidden_channels=_texts(known.get("hidden_channels")),
        log_frequency=known.get("log_frequency") is True,
        looks=looks_from_json(known.get("looks")),
        colour_map=_colour_map(known.get("colour_map")),
        keep_ms=keep if type(keep) is int and 0 <= keep <= LONGEST_KEPT_MS else USUAL_KEPT_MS,
        threshold=_threshold(known.get("threshold")),
        across=_text(known.get("across")),
        up=_text(known.get("up")),
        over_selection=known.get("over_selection") is True,
        even_scales=known.get("even_scales") is True,
        members=_texts(known.get("members")),
    )


def _text(found: Any) -> str:
    return found if isinstance(found, str) else ""


def _texts(found: Any) -> tuple[str, ...]:
    return tuple(text for text in found if isinstance(text, str)) if isinstance(found, list) else ()


def _colour_map(found: Any) -> ColourMap:
    return ColourMap(found) if found in tuple(ColourMap) else ColourMap.TURBO


def _threshold(found: Any) -> Threshold:
    known = found if isinstance(found, dict) else {}
    low, high = _number(known.get("low")), _number(known.get("high"))
    crossed = low is not None and high is not None and low >= high
    return Threshold() if crossed else Threshold(low, high)


def _number(value: Any) -> float | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if usable else None


@dataclass(frozen=True, slots=True)
class PanelPlan:
    """One panel."""

    kind: PanelKind
    streams: tuple[StreamRef, ...]
    height: int = 0
    """Pixels; 0: as the kind likes it."""
    hidden: bool = False
    options: PanelOptions = PanelOptions()
    beside: bool = False
    """It stands in one row with the panel before it, where both show an instant (`plan_rows` decides)."""
    share: int = 0
    """How wide it is in its row: 1000 is its equal part; 0: as at first, equal."""


KINDS_OF = {
    PayloadKind.AUDIO: (PanelKind.WAVEFORM, PanelKind.SPECTROGRAM),
    PayloadKind.SAMPLES: (PanelKind.CURVES, PanelKind.SPECTROGRAM, PanelKind.PLANE),
    PayloadKind.SCALAR: (PanelKind.CURVES, PanelKind.PLANE),
    PayloadKind.IMAGE: (PanelKind.VIDEO,),
    PayloadKind.JPEG: (PanelKind.VIDEO,),
    PayloadKind.STRING: (PanelKind.MARKS, PanelKind.TEXT),
    PayloadKind.JSON: (PanelKind.MARKS, PanelKind.TEXT, PanelKind.SERIES, PanelKind.PLANE),
    PayloadKind.EVENT: (PanelKind.MARKS, PanelKind.TEXT),
    PayloadKind.BYTES: (PanelKind.MESSAGES,),
}
"""Which panels fit what a stream holds, the usual one first."""

KINDS_OF_ALL = (PanelKind.MESSAGES, PanelKind.LATENCY, PanelKind.RATE)
"""Panels that fit every stream, since every stream has messages."""


def kinds_for(payload: PayloadKind) -> tuple[PanelKind, ...]:
    """All panels that fit, the usual one first."""
    return tuple(dict.fromkeys(KINDS_OF[payload] + KINDS_OF_ALL))
