"""What a panel's header says, as a value: name, rate, health, and a line for each channel. No Qt."""

from dataclasses import dataclass

from studio.app.status import StreamStatus
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import StreamInfo
from studio.ui import readable
from studio.ui.panels.stream_health import STORED, StreamHealth

LEGEND_LIMIT = 16
SHORT_TEXT = 14


@dataclass(frozen=True, slots=True)
class LegendLine:
    """One channel."""

    name: str
    """Empty: the stream has one channel only."""
    value: str
    colour: int = -1
    """Number of the theme's stream colour; -1: none."""
    key: str = ""
    """What a click on the line shows or hides; empty: nothing."""
    hidden: bool = False
    """Whether the channel is not drawn."""

    @property
    def is_short(self) -> bool:
        """Whether it has room beside something else."""
        return len(self.value) <= SHORT_TEXT


@dataclass(frozen=True, slots=True)
class HeaderText:
    """All a header shows."""

    name: str
    detail: str = ""
    health: StreamHealth = STORED
    legend: tuple[LegendLine, ...] = ()
    remark: str = ""
    """What a user should know of this kind of panel."""

    @property
    def tooltip(self) -> str:
        """The whole of it, for what was too long to be shown."""
        lines = [self.name, self.detail, self.health.text]
        lines += [f"{line.name} {line.value}".strip() for line in self.legend]
        lines.append(self.remark)
        return "\n".join(line for line in lines if line)


def live_detail(stream: StreamStatus) -> str:
    """`48 kHz · 2 channels · 3 dropped`."""
    rate = readable.live_rate(stream.format, stream.rate, stream.produced)
    parts = [rate, *_shape(stream.format)]
    if stream.dropped:
        parts.append(readable.dropped(stream.dropped))
    return _joined(parts)


def stored_detail(stream: StreamInfo) -> str:
    """`48 kHz · 2 channels · 3 dropped`, of a stored stream."""
    parts = [readable.rate(stream.format, _measured_rate(stream)), *_shape(stream.format)]
    if stream.dropped:
        parts.append(readable.dropped(stream.dropped))
    return _joined(parts)


def _measured_rate(stream: StreamInfo) -> float:
    if stream.format.rate > 0 or stream.last_time <= stream.first_time:
        return 0.0
    number = stream.sample_count or stream.message_count
    return max(0, number - 1) * 1e9 / (stream.last_time - stream.first_time)


def _shape(stream_format: StreamFormat) -> list[str]:
    if stream_format.kind in (PayloadKind.IMAGE, PayloadKind.JPEG):
        return [readable.picture_size(stream_format.width, stream_format.height)]
    if stream_format.channels > 1:
        return [f"{stream_format.channels}{readable.SPACE}channels"]
    return []


def _joined(parts: list[str]) -> str:
    return " · ".join(part for part in parts if part and part != readable.NOTHING)
