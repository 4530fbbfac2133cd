"""Layouts as they are kept: panels whose streams are named by partition and stream, so that one layout serves
every session that has streams of these names. Values and JSON; no file, no Qt.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from studio.formats.payload import PayloadKind
from studio.formats.recording import RecordingInfo, StreamRef
from studio.formats.stream_columns import StreamColumns, per_kind
from studio.ui.panels.panel_plan import PanelKind, PanelPlan, options_from_json, options_to_json
from studio.ui.timeline.plan_rows import Plans
from studio.ui.timeline.session import Session

Kept = list[dict[str, Any]]
"""A layout as JSON has it: one object for each panel."""
MOST_PANELS = 1000
HIGHEST = 10_000
_KIND_NUMBERS = {kind: number for number, kind in enumerate(PayloadKind)}


@dataclass(frozen=True, slots=True)
class StreamName:
    """A stream as a layout names it."""

    partition: str
    number: int
    """Of the partition in its session: partitions called by their session have other names in others."""
    stream: str


def key_of(session: Session) -> str:
    """Sessions with the same streams have the same key."""
    few = (stream for info in session.infos if not _are_many(info) for stream in info.streams)
    text = "\0".join(sorted(f"{stream.format.kind.value}:{stream.name}" for stream in few))
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12)
    for streams in (info.streams for info in session.infos):
        if isinstance(streams, StreamColumns):  # in their order: to sort them would be felt
            digest.update(streams.names)
            digest.update(per_kind(streams, _KIND_NUMBERS).tobytes())
    return digest.hexdigest()


def _are_many(info: RecordingInfo) -> bool:
    return isinstance(info.streams, StreamColumns)


def kept(plans: Plans, session: Session) -> Kept:
    """The plans of a session as they are kept."""
    return [_panel(plan, session) for plan in plans]


def bound(layout: object, session: Session) -> Plans:
    """The plans of a kept layout for this session. What is damaged is left out; streams that the session does
    not have stay, unbound, so that nothing is lost when the layout is kept again."""
    panels = layout if isinstance(layout, list) else []
    plans = (_plan(panel, session) for panel in panels[:MOST_PANELS] if isinstance(panel, dict))
    return tuple(plan for plan in plans if plan is not None)


# Plan to JSON -----------------------------------------------------------------------------------------------


def _panel(plan: PanelPlan, session: Session) -> dict[str, Any]:
    return {
        "kind": str(plan.kind),
        "streams": [_stream(ref, session) for ref in plan.streams],
        "height": plan.height,
        "hidden": plan.hidden,
        "options": options_to_json(plan.options),
        **({"beside": True} if plan.beside else {}),
        **({"share": plan.share} if plan.share else {}),
    }


def _stream(ref: StreamRef, session: Session) -> list[Any]:
    paths = session.paths
    if ref.path not in paths:
        unbound = _unbound(ref)
        return [unbound.partition, unbound.number, unbound.stream]
    number = paths.index(ref.path)
    return [session.infos[number].name, number, ref.name]


# JSON to plan -----------------------------------------------------------------------------------------------


def _plan(panel: Mapping[str, Any], session: Session) -> PanelPlan | None:
    streams = panel.get("streams")
    try:
        kind = PanelKind(panel.get("kind", ""))
        names = [StreamName(str(one[0]), int(one[1]), str(one[2])) for one in streams or ()]
    except (ValueError, TypeError, LookupError, OverflowError):
        return None
    if not names:
        return None
    height, share = panel.get("height"), panel.get("share")
    return PanelPlan(
        kind=kind,
        streams=tuple(_ref(name, session) for name in names),
        height=height if isinstance(height, int) and 0 < height < HIGHEST else 0,
        hidden=panel.get("hidden") is True,
        options=options_from_json(panel.get("options")),
        beside=panel.get("beside") is True,
        share=share if isinstance(share, int) and 0 < share < HIGHEST else 0,
    )


def _ref(name: StreamName, session: Session) -> StreamRef:
    """By name of the partition, else by its number, else wherever there is a stream of that name."""
    for info in _in_order(name, session):
        ref = StreamRef(info.path, name.stream)
        if session.stream(ref) is not None:
            return ref
    return StreamRef(f"{name.number}:{name.partition}", name.stream)


def _in_order(name: StreamName, session: Session) -> Iterable[Any]:
    yield from (info for info in session.infos if info.name == name.partition)
    yield from session.infos[name.number : name.number + 1] if name.number >= 0 else ()
    yield from session.infos


def _unbound(ref: StreamRef) -> StreamName:
    """What `_ref` made of a name that nothing was found for."""
    number, _, partition = ref.path.partition(":")
    return StreamName(partition, int(number) if number.isdigit() else 0, ref.name)
