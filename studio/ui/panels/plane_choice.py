"""Which two values lie against each other in a panel, by what was chosen and what there is. Draws nothing."""

from studio.formats.payload import PayloadKind
from studio.formats.points import PathPoints, PointAxis
from studio.ui.panels.curve_menu import curve_names
from studio.ui.panels.panel_content import BoundStream
from studio.ui.panels.signal_legend import short_name

Axes = tuple[PointAxis, PointAxis]

ONE_VALUE = "one number alone: drag another stream of numbers onto this panel"


def axes_of(streams: tuple[BoundStream, ...], across: str, up: str) -> Axes | None:
    """What to ask for; None: there is one number only. `across` and `up` are keys, empty: the usual.

    Usual are the first two of one stream, the first each of two.
    """
    several = len(streams) > 1
    first = _axis(streams, across, (0, 0))
    second = _axis(streams, up, (1, 0) if several else (0, 1))
    alone = streams[0].info.format
    is_alone = not several and alone.kind is not PayloadKind.JSON and alone.channels < 2
    return None if is_alone else (first, second)


def _axis(streams: tuple[BoundStream, ...], key: str, usual: tuple[int, int]) -> PointAxis:
    number, _, place = key.partition(":")
    known = number.isdecimal() and int(number) < len(streams) and place
    ref = streams[int(number) if known else usual[0]].ref
    return PointAxis(ref.path, ref.name, place if known else "", usual[1])


def choices_of(streams: tuple[BoundStream, ...], points: PathPoints | None) -> dict[str, str]:
    """The keys of all values there are, and what people call them; members as far as they are known."""
    names: dict[str, str] = {}
    known = dict(zip(("across", "up"), points.members if points is not None else ((), ()), strict=True))
    members = tuple(dict.fromkeys((*known["across"], *known["up"])))
    plain = curve_names(streams)
    for number, stream in enumerate(streams):
        prefix = f"{number}:"
        if stream.info.format.kind is PayloadKind.JSON:
            short = f"{short_name(stream.ref.name)} " if len(streams) > 1 else ""
            names |= {f"{prefix}{member}": f"{short}{member}" for member in members}
        else:
            names |= {key: name for key, name in plain.items() if key.startswith(prefix)}
    return names


def shown_keys(
    streams: tuple[BoundStream, ...], names: dict[str, str], across: str, up: str
) -> tuple[str, str]:
    """The keys of what lies across and up now, chosen or usual."""
    of_second = [key for key in names if key.startswith("1:")] if len(streams) > 1 else list(names)[1:]
    usual = next(iter(names), ""), next(iter(of_second), "")
    return across or usual[0], up or usual[1]


def value_of(
    axis: PointAxis, stream: BoundStream, members: tuple[str, ...], values: tuple[float, ...], name: str
) -> float | None:
    """What an axis says at the cursor: of a stream's values there, the one that lies along it."""
    if stream.info.format.kind is PayloadKind.JSON:
        return dict(zip(members, values, strict=False)).get(axis.place or name)
    channel = int(axis.place) if axis.place.isdecimal() else axis.usual
    channel = min(channel, stream.info.format.channels - 1)
    return values[channel] if 0 <= channel < len(values) else None
