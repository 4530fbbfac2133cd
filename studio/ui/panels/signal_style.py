"""How a stream of numbers is drawn: colours, scale, lanes or one field. A value; draws nothing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.signal import full_scale
from studio.ui.panels.auto_range import AutoRange, RangeShape
from studio.ui.panels.curve_look import CurveLook, Looks

LEAST_PEAK = 0.01
"""Of full scale: a waveform quieter than that is not blown up further."""


@dataclass(frozen=True, slots=True)
class SignalStyle:
    """How a stream of numbers is drawn."""

    channels: int = 1
    waveform: bool = False
    scale: float = 1.0
    """What the values are divided by: 1, or the full scale of integer sound."""
    first_colour: int = 0
    one_colour: bool = False
    follows: bool = True
    """The range follows the signal; else it only grows, until `fit` is asked for."""
    sparse: bool = False
    """A channel may say nothing where others do: that is a gap in its curve, and not odd."""

    looks: Mapping[int, CurveLook] = field(default_factory=dict, hash=False)
    """Channels that are not drawn as usual."""

    @classmethod
    def of(cls, stream_format: StreamFormat, first_colour: int, *, follows: bool) -> "SignalStyle":
        """The style that suits a stream; a single curve takes the colour of its panel."""
        waveform = stream_format.kind is PayloadKind.AUDIO
        channels = max(1, stream_format.channels)
        single = waveform or channels == 1
        return cls(
            channels=channels,
            waveform=waveform,
            scale=full_scale(stream_format),
            first_colour=first_colour if single else 0,
            one_colour=waveform,
            follows=follows,
        )

    def colour_index(self, channel: int) -> int:
        """Which of the theme's stream colours a channel has."""
        look = self.looks.get(channel)
        if look is not None and look.colour >= 0:
            return look.colour
        return self.first_colour if self.one_colour else self.first_colour + channel

    def first_range(self) -> AutoRange:
        """Before anything has been seen."""
        shape = RangeShape.SYMMETRIC if self.waveform else RangeShape.PLAIN
        return AutoRange(shape, LEAST_PEAK if self.waveform else 0.0)


def styles_of(
    formats: tuple[StreamFormat, ...], first_colour: int, *, waveform: bool
) -> tuple[SignalStyle, ...]:
    """The styles of stored streams that share a plot: no two of them begin with the same colour.

    `waveform`: a lane for each channel, which only sound has; else all are curves in one field.
    """
    waveform = waveform and all(each.kind is PayloadKind.AUDIO for each in formats)
    styles = []
    for each in formats:
        style = replace(SignalStyle.of(each, first_colour, follows=False), waveform=waveform)
        if not waveform:
            style = replace(style, one_colour=False)
        if len(formats) > 1:
            style = replace(style, first_colour=first_colour)
        first_colour += 1 if style.one_colour else style.channels
        styles.append(style)
    return tuple(styles)


def dressed(styles: tuple[SignalStyle, ...], looks: Looks) -> tuple[SignalStyle, ...]:
    """The styles of streams that share a plot, with what was chosen for their curves."""
    found: defaultdict[str, dict[int, CurveLook]] = defaultdict(dict)
    for look in looks:
        stream, _, channel = look.key.partition(":")
        if channel.isdecimal():
            found[stream][int(channel)] = look
    return tuple(replace(style, looks=found[str(number)]) for number, style in enumerate(styles))
