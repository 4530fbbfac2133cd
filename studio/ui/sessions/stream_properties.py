"""All that is known of a stream, or of several together, as lines of a name and a value. No Qt."""

from collections.abc import Collection, Mapping, Sequence

from studio.app.answers import StreamFacts
from studio.formats.recording import StreamInfo, StreamRef
from studio.timing import NS_PER_S, Duration
from studio.ui import readable
from studio.ui.panels.time_text import elapsed_text, wall_text
from studio.ui.sessions.session_texts import one_line, plural
from studio.ui.sessions.tree_columns import measured_rate
from studio.ui.sessions.tree_nodes import StreamValue

Line = tuple[str, str]
Facts = Mapping[StreamRef, StreamFacts]
HOUR_S = 3600
MOST_NAMES = 8
LONGEST = 300
"""Letters of what a device says of itself."""


def title_of(streams: Sequence[StreamValue]) -> str:
    """What the lines are about."""
    return one_line(streams[0].info.name) if len(streams) == 1 else plural(len(streams), "stream")


def lines_of(streams: Sequence[StreamValue], facts: Facts) -> tuple[Line, ...]:
    """The lines of one stream, or the sums of several; what is not known is left out."""
    if not streams:
        return ()
    own = _own_lines(streams[0]) if len(streams) == 1 else _common_lines(streams)
    infos = [stream.info for stream in streams]
    known = [facts[stream.ref] for stream in streams if stream.ref in facts]
    lines = [*own, *_amounts(infos), *_times(infos), *_creation(streams, facts, known)]
    if len(streams) == 1:
        lines += [(str(name), _short(value)) for name, value in infos[0].supplemental.items()]
    return tuple((name, value) for name, value in lines if value)


def text_of(streams: Sequence[StreamValue], lines: Sequence[Line]) -> str:
    """As it is copied: a line each, name and value apart by a tab, as a table takes it."""
    paths = dict.fromkeys(stream.ref.path for stream in streams)
    whole = (("Stream", title_of(streams)), *lines, *(("Recording", path) for path in paths))
    return "\n".join("\t".join(line) for line in whole)


def _own_lines(stream: StreamValue) -> list[Line]:
    info = stream.info
    held = info.format
    return [
        ("Device", one_line(info.device)),
        ("Kind", readable.kind(held.kind)),
        ("Numbers", held.dtype),
        ("Channels", readable.count(held.channels) if held.kind.is_sampled else ""),
        ("Channel names", ", ".join(held.channel_names[:MOST_NAMES])),
        ("Units", held.units),
        ("Picture", readable.picture_size(held.width, held.height)),
        ("Nominal rate", readable.rate(held, 0.0) if held.rate else ""),
        ("Rate", _measured(info)),
    ]


def _common_lines(streams: Sequence[StreamValue]) -> list[Line]:
    infos = [stream.info for stream in streams]
    kinds = dict.fromkeys(readable.kind(info.format.kind) for info in infos)
    return [
        ("Kinds", ", ".join(kinds)),
        ("Devices", _few({one_line(info.device) for info in infos if info.device})),
        ("Recordings", readable.count(len({stream.ref.path for stream in streams}))),
    ]


def _few(names: Collection[str]) -> str:
    shown = sorted(names, key=str.casefold)
    more = f" and {len(shown) - MOST_NAMES} more" if len(shown) > MOST_NAMES else ""
    return ", ".join(shown[:MOST_NAMES]) + more


def _measured(info: StreamInfo) -> str:
    """How often it came, whatever it was meant to."""
    if info.format.kind.is_sampled and info.sample_count > 1:
        return readable.frequency(_per_second(info.sample_count, _span(info)))
    rate = measured_rate(info) or _per_second(info.message_count - 1, _span(info))
    return readable.rate(info.format, rate) if rate > 0 else ""


def _amounts(infos: Sequence[StreamInfo]) -> list[Line]:
    messages, size = sum(info.message_count for info in infos), sum(info.byte_count for info in infos)
    samples, missing = sum(info.sample_count for info in infos), sum(info.dropped for info in infos)
    gaps = sum(info.gaps for info in infos)
    # Rows of one and messages of another make no sum.
    produced = infos[0].produced if len(infos) == 1 else 0
    hourly = sum(_per_second(info.byte_count, _span(info)) for info in infos) * HOUR_S
    often = sum(_per_second(info.message_count, _span(info)) for info in infos) * HOUR_S
    return [
        ("Messages", readable.count(messages)),
        ("Values", readable.count(samples) if samples else ""),
        ("Size", readable.size(size)),
        ("Average message", readable.size(size / messages) if messages else ""),
        ("Size per hour", readable.size(hourly) if hourly else ""),
        ("Messages per hour", readable.count(round(often)) if often else ""),
        ("Produced", readable.count(produced) if produced else ""),
        ("Missing", readable.count(missing) if produced or missing else ""),
        ("Gaps", readable.count(gaps) if gaps else ""),
    ]


def _times(infos: Sequence[StreamInfo]) -> list[Line]:
    opened = [info.opened_time for info in infos if info.opened_time]
    closed = [info.closed_time for info in infos]
    lines = [("Opened", wall_text(min(opened)) if opened else "")]
    lines.append(("Closed", wall_text(max(closed)) if all(closed) else "not closed"))
    held = [info for info in infos if info.message_count]
    if not held:
        return lines
    first, last = min(info.first_time for info in held), max(info.last_time for info in held)
    return [
        *lines,
        ("First originating time", wall_text(first)),
        ("Last originating time", wall_text(last)),
        ("Duration", elapsed_text(last - first)),
    ]


def _creation(streams: Sequence[StreamValue], facts: Facts, known: Sequence[StreamFacts]) -> list[Line]:
    made = [fact for fact in known if fact.first_creation_time]
    if not made or len(known) < len(streams):
        return []
    weights = [(stream.info.message_count, facts[stream.ref]) for stream in streams]
    count = sum(weight for weight, _ in weights)
    latency = sum(weight * fact.mean_latency_ns for weight, fact in weights) / count if count else 0.0
    about = "about " if any(fact.known_share < 1.0 for fact in made) else ""
    return [
        ("First creation time", wall_text(min(fact.first_creation_time for fact in made))),
        ("Last creation time", wall_text(max(fact.last_creation_time for fact in made))),
        ("Average latency", f"{about}{latency / 1e6:.3f}{readable.SPACE}ms" if count else ""),
    ]


def _span(info: StreamInfo) -> Duration:
    return info.last_time - info.first_time


def _per_second(amount: float, span: Duration) -> float:
    return amount * NS_PER_S / span if span > 0 else 0.0


def _short(value: object) -> str:
    text = one_line(str(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\u2026"
