"""Which settings a kind of device has and what can be chosen, as values without Qt.

A zero is "as the device offers it". Whatever else a device is set to is offered, too, so that opening the
panel never changes a setting.
"""

from dataclasses import dataclass, replace

from studio.devices.device import DeviceInfo, DeviceKind, DeviceSettings
from studio.devices.faults import PRESETS
from studio.ui import readable

Value = float | tuple[int, int] | str


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list."""

    text: str
    value: Value


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting."""

    name: str
    """`rate`, `channels`, `size`, `jpeg_quality` or `faults`."""
    label: str
    choices: tuple[Choice, ...]
    value: Value


AS_OFFERED = "As the device offers"
_RATES = {
    DeviceKind.MICROPHONE: (8000, 16000, 22050, 44100, 48000, 96000),
    DeviceKind.CAMERA: (5, 10, 15, 24, 25, 30, 60),
    DeviceKind.SIGNAL: (50, 100, 200, 500, 1000, 2000, 10000, 30000),
    DeviceKind.EVENTS: (0.2, 0.5, 1, 2, 5),
}
_CHANNELS = {DeviceKind.MICROPHONE: (1, 2, 4, 8), DeviceKind.SIGNAL: (1, 2, 4, 8, 16, 32, 64)}
_SIZES = ((320, 240), (640, 480), (800, 600), (1280, 720), (1920, 1080), (2560, 1440), (3840, 2160))
_QUALITIES = (
    (60, "JPEG 60, small files"),
    (75, "JPEG 75"),
    (90, "JPEG 90, good"),
    (95, "JPEG 95, very good"),
)


def setting_fields(info: DeviceInfo) -> tuple[SettingField, ...]:
    """The settings of a device."""
    settings = info.settings
    fields = [_rate_field(info.kind, settings.rate)]
    if info.kind in _CHANNELS:
        fields.append(_channels_field(info.kind, settings.channels))
    if info.kind is DeviceKind.CAMERA:
        fields += [_size_field((settings.width, settings.height)), _quality_field(settings.jpeg_quality)]
    if info.simulated:
        fields.append(_faults_field(settings.faults))
    return tuple(fields)


def with_value(settings: DeviceSettings, name: str, value: Value) -> DeviceSettings:
    """The settings after a choice; raises KeyError for a name that no field has."""
    if name == "faults" and isinstance(value, str):
        return replace(settings, faults=value)
    if name == "size" and isinstance(value, tuple):
        return replace(settings, width=value[0], height=value[1])
    if isinstance(value, tuple | str):
        raise KeyError(name)
    if name == "rate":
        return replace(settings, rate=float(value))
    if name == "channels":
        return replace(settings, channels=int(value))
    if name == "jpeg_quality":
        return replace(settings, jpeg_quality=int(value))
    raise KeyError(name)


def _rate_field(kind: DeviceKind, value: float) -> SettingField:
    label = {DeviceKind.CAMERA: "Pictures per second", DeviceKind.EVENTS: "Events per second"}
    values = sorted({*_RATES[kind], *([value] if value else [])})
    choices = [Choice(_rate_text(kind, rate), rate) for rate in values]
    return _field("rate", label.get(kind, "Sampling rate"), choices, value)


def _rate_text(kind: DeviceKind, value: float) -> str:
    return f"{value:g}" if kind in (DeviceKind.CAMERA, DeviceKind.EVENTS) else readable.frequency(value)


def _channels_field(kind: DeviceKind, value: int) -> SettingField:
    values = sorted({*_CHANNELS[kind], *([value] if value else [])})
    return _field("channels", "Channels", [Choice(str(channels), channels) for channels in values], value)


def _size_field(value: tuple[int, int]) -> SettingField:
    sizes = sorted({*_SIZES, *([value] if all(value) else [])})
    choices = [Choice(readable.picture_size(*size), size) for size in sizes]
    return _field("size", "Picture size", choices, value if all(value) else (0, 0), nothing=(0, 0))


def _quality_field(value: int) -> SettingField:
    texts = dict(_QUALITIES)
    if value and value not in texts:
        texts[value] = f"JPEG {value}"
    choices = [Choice(text, quality) for quality, text in sorted(texts.items())]
    choices.append(Choice("Raw pixels, huge files", 0))
    return SettingField(name="jpeg_quality", label="Stored as", choices=tuple(choices), value=value)


def _faults_field(value: str) -> SettingField:
    texts = {"": "None: it works", **{text: words for words, text in PRESETS.items()}}
    texts.setdefault(value, value)
    choices = tuple(Choice(words, text) for text, words in texts.items())
    return SettingField(name="faults", label="Faults to rehearse", choices=choices, value=value)


def _field(
    name: str, label: str, choices: list[Choice], value: Value, *, nothing: Value = 0.0
) -> SettingField:
    offered = Choice(AS_OFFERED, nothing)
    return SettingField(name=name, label=label, choices=(offered, *choices), value=value)
