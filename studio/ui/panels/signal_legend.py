"""What the legend of a panel of signals says at the cursor. Values from values; no Qt."""

from studio.app.answers import ValueAt
from studio.ui.panels.header_text import LegendLine
from studio.ui.panels.mark_plot import one_line
from studio.ui.panels.panel_content import BoundStream, Values
from studio.ui.panels.panel_plan import PanelOptions, channel_key
from studio.ui.panels.readout import channel_names, value_texts
from studio.ui.panels.signal_style import SignalStyle


def signal_legend(
    streams: tuple[BoundStream, ...],
    styles: tuple[SignalStyle, ...],
    values: Values,
    scale: float,
    options: PanelOptions,
) -> tuple[LegendLine, ...]:
    """A line for each channel of each stream; of sound drawn as a waveform its level. Values beyond a
    threshold have an arrow.

    `scale`: the largest value shown, which decides how many digits make sense.
    """
    lines: list[LegendLine] = []
    for number, (stream, style) in enumerate(zip(streams, styles, strict=True)):
        value = values.get(stream.ref)
        several = len(streams) > 1
        if style.waveform:
            lines += _level_line(stream, style, value, several=several)
        else:
            lines += _channel_lines(number, stream, style, value, scale, options, several=several)
    return tuple(lines)


def toggled(hidden: tuple[str, ...], key: str) -> tuple[str, ...]:
    """With this channel shown if it was hidden, hidden if it was shown."""
    return tuple(each for each in hidden if each != key) if key in hidden else (*hidden, key)


def short_name(name: str) -> str:
    """What tells the streams of one device apart."""
    return name.rpartition("/")[2] or name


def _level_line(
    stream: BoundStream, style: SignalStyle, value: ValueAt | None, *, several: bool
) -> list[LegendLine]:
    text = one_line(value.text) if value is not None else ""
    name = short_name(stream.ref.name) if several else ""
    return [LegendLine(name, text, style.colour_index(0) if several else -1)] if text or several else []


def _channel_lines(
    number: int,
    stream: BoundStream,
    style: SignalStyle,
    value: ValueAt | None,
    scale: float,
    options: PanelOptions,
    *,
    several: bool,
) -> list[LegendLine]:
    told, hidden = value.values if value is not None else (), options.hidden_channels
    texts = value_texts(stream.info.format, told, scale)
    signs = [options.threshold.sign_of(each / style.scale) for each in told]
    if len(signs) == len(texts):
        texts = tuple(f"{sign} {text}".strip() for sign, text in zip(signs, texts, strict=True))
    names = channel_names(stream.info.format) if len(texts) > 1 else ("",)
    if several:
        names = tuple(f"{short_name(stream.ref.name)} {name}".strip() for name in names)
    single = not several and len(texts) == 1
    lines = []
    for channel, (name, text) in enumerate(zip(names, texts, strict=True)):
        key = channel_key(number, channel)
        colour = style.colour_index(channel)
        lines.append(LegendLine(name, text, colour, "" if single else key, key in hidden and not single))
    return lines
