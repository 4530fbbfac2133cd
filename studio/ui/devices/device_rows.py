"""What a line of the devices list says, as values made of the choice and the recorder's status. No Qt."""

from dataclasses import dataclass

from studio.app.status import DeviceStatus, LiveView, RecorderStatus, StreamStatus
from studio.devices.device import DeviceInfo, DeviceKind, DeviceState
from studio.formats.payload import PayloadKind
from studio.ui import readable
from studio.ui.devices.device_book import DeviceBook

LOCKED_HINT = "Devices cannot be changed while recording. Stop first."


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One line."""

    id: str
    name: str
    icon: str
    ticked: bool
    locked: bool
    """Whether tick and settings must not be changed now."""
    detail: str
    """State, rate and size: `live · 48 kHz`."""
    state_role: str
    """Colour of the dot: `ok`, `warning`, `error` or `muted`."""
    dropped: int = 0
    has_level: bool = False
    level: float | None = None
    """dB of full scale."""
    picture: LiveView | None = None
    """Where the newest frame is; only of running cameras."""
    has_picture: bool = False
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class _Mood:
    word: str
    role: str


_MOODS = {
    DeviceState.OPENING: _Mood("opening\u2026", "warning"),
    DeviceState.RUNNING: _Mood("live", "ok"),
    DeviceState.STALLED: _Mood("no usable data", "error"),
    DeviceState.LOST: _Mood("lost, being retried", "error"),
    DeviceState.CLOSED: _Mood("off", "muted"),
}


def device_rows(book: DeviceBook, status: RecorderStatus | None) -> tuple[DeviceRow, ...]:
    """A line for each device; `status` is None while the recorder is not reached."""
    running = {device.id: device for device in status.devices} if status else {}
    recording = status is not None and status.is_recording
    rows = [_row(book, info, running.get(info.id), recording) for info in book.devices]
    known = {row.id for row in rows}
    # A recording that ran before this window opened may use devices that this window has not found.
    strangers = [_stranger(device) for device in running.values() if device.id not in known]
    return (*rows, *strangers)


def _row(book: DeviceBook, info: DeviceInfo, device: DeviceStatus | None, recording: bool) -> DeviceRow:
    ticked = device is not None if recording else book.is_ticked(info.id)
    if device is None or not ticked:
        return _resting(info, ticked=ticked, locked=recording)
    return _running(device, ticked=True, locked=recording, detail=info.detail)


def _resting(info: DeviceInfo, *, ticked: bool, locked: bool) -> DeviceRow:
    detail = info.detail or ("ready" if ticked else "off")
    return DeviceRow(
        id=info.id,
        name=info.name,
        icon=info.kind.value,
        ticked=ticked,
        locked=locked,
        detail=detail,
        state_role="muted",
        has_level=ticked and info.kind is DeviceKind.MICROPHONE,
        has_picture=ticked and info.kind is DeviceKind.CAMERA,
        tooltip=_tooltip(info.name, info.detail, locked=locked),
    )


def _stranger(device: DeviceStatus) -> DeviceRow:
    return _running(device, ticked=True, locked=True, detail="")


def _running(device: DeviceStatus, *, ticked: bool, locked: bool, detail: str) -> DeviceRow:
    mood = _MOODS[device.state]
    dropped = sum(stream.dropped for stream in device.streams)
    picture = next((s.live for s in device.streams if s.format.kind.is_picture and s.live), None)
    levels = [stream.level for stream in device.streams if stream.level is not None]
    return DeviceRow(
        id=device.id,
        name=device.name,
        icon=device.kind.value,
        ticked=ticked,
        locked=locked,
        detail=" \u00b7 ".join(part for part in (mood.word, _size(device), _rate(device)) if part),
        state_role=mood.role,
        dropped=dropped,
        has_level=device.kind is DeviceKind.MICROPHONE,
        level=max(levels, default=None),
        picture=picture if device.state is DeviceState.RUNNING else None,
        has_picture=device.kind is DeviceKind.CAMERA,
        tooltip=_tooltip(device.name, device.message or detail, *_accounts(device), locked=locked),
    )


def _rate(device: DeviceStatus) -> str:
    if device.state is not DeviceState.RUNNING or not device.streams:
        return ""
    if device.kind is DeviceKind.EVENTS:
        return f"{readable.count(sum(stream.produced for stream in device.streams))}{readable.SPACE}events"
    first = device.streams[0]
    channels = max(stream.format.channels for stream in device.streams)
    wide = device.kind is DeviceKind.SIGNAL and channels > 1
    return f"{channels}{readable.SPACE}\u00d7{readable.SPACE}{_rate_of(first)}" if wide else _rate_of(first)


def _rate_of(stream: StreamStatus) -> str:
    return readable.live_rate(stream.format, stream.rate, stream.produced)


def _size(device: DeviceStatus) -> str:
    if device.state is not DeviceState.RUNNING:
        return ""
    pictures = [stream.format for stream in device.streams if stream.format.kind.is_picture]
    return readable.picture_size(pictures[0].width, pictures[0].height) if pictures else ""


def _accounts(device: DeviceStatus) -> tuple[str, ...]:
    return tuple(_account(stream) for stream in device.streams)


def _account(stream: StreamStatus) -> str:
    unit = "samples" if stream.format.kind.is_sampled else "messages"
    unit = "frames" if stream.format.kind.is_picture else unit
    unit = "events" if stream.format.kind is PayloadKind.EVENT else unit
    parts = [f"{stream.name}: {readable.count(stream.produced)} {unit}"]
    if stream.stored:
        parts.append(f"{readable.count(stream.stored)} stored")
        parts.append(f"{readable.count(stream.waiting)} on the way")
    because = f" ({readable.count(stream.refused)} for want of speed or room)" if stream.refused else ""
    parts.append(readable.dropped(stream.dropped) + because)
    if stream.gaps:
        parts.append(f"{readable.count(stream.gaps)} gaps")
    return ", ".join(parts)


def _tooltip(*lines: str, locked: bool) -> str:
    return "\n".join([line for line in lines if line] + ([LOCKED_HINT] if locked else []))
