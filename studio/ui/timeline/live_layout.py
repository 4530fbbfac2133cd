"""How live panels stand, as it is kept: devices and streams in order, with heights and rows. Values and JSON.

There is one such layout: a stream stands where it stood, whatever else is ticked. No file, no Qt.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from studio.formats.recording import StreamRef
from studio.ui.panels.panel_plan import (
    PanelKind,
    PanelPlan,
    kinds_for,
    options_from_json,
    options_to_json,
)
from studio.ui.timeline import plan_rows
from studio.ui.timeline.kept_layout import HIGHEST
from studio.ui.timeline.plan_rows import Plans
from studio.ui.timeline.session import Session

MOST = 300
"""Streams whose places are kept; those not seen for longest are forgotten."""
MOST_MORE = 16
"""Streams besides the first in one panel."""
ADDED = (PanelKind.SERIES, PanelKind.PLANE)
"""Panels that stand besides the usual one of their stream, because somebody wanted them."""
NEW = "new"
"""Of an entry: its options were chosen since a recording of its stream was opened."""
LiveKept = list[dict[str, Any]]


def usual(streams: Mapping[StreamRef, PanelKind]) -> Plans:
    """The panels of streams that nobody has arranged: pictures beside each other."""
    return plan_rows.pictures_in_rows(tuple(PanelPlan(kind, (ref,)) for ref, kind in streams.items()))


def bound(layout: object, streams: Mapping[StreamRef, PanelKind]) -> Plans:
    """The panels of these streams: `ref.path` is the device. New ones stand below those that are known."""
    plans: list[PanelPlan] = []
    placed: set[StreamRef] = set()
    for entry in _entries(layout):
        ref = _ref(entry)
        if ref not in streams:
            continue
        kind = _added_kind(entry)
        if kind is None and ref not in placed:
            placed.add(ref)
            plans.append(_plan(entry, streams[ref]))
        elif kind is not None:
            plans.append(_plan(entry, kind))
    if not placed:
        return usual(streams)
    new = usual({ref: kind for ref, kind in streams.items() if ref not in placed})
    return plan_rows.settled(tuple(plans)) + new


def kept(plans: Plans, before: object) -> LiveKept:
    """These panels as they are kept; of streams of `before` that are not live now, what was known stays."""
    known = {_place(entry): entry for entry in reversed(_entries(before))}
    now = [_told(_entry(plan), known) for plan in plan_rows.settled(plans)]
    shown = {_place(entry)[:2] for entry in now}
    others = [entry for entry in _entries(before) if _place(entry)[:2] not in shown]
    return (now + others)[:MOST]


def renewed(layout: object, session: Session, plans: Plans) -> Plans:
    """The panels of a recording as they stood last, but with what was chosen live since: it is newer."""
    new = {entry["stream"]: entry for entry in _named_entries(layout) if entry.get(NEW) is True}

    def newer(plan: PanelPlan) -> PanelPlan:
        entry = new.get(plan.streams[0].name) if len(plan.streams) == 1 else None
        stream = session.stream(plan.streams[0])
        if entry is None or stream is None or plan.kind is not kinds_for(stream.format.kind)[0]:
            return plan
        return replace(plan, options=options_from_json(entry.get("options")))

    return tuple(map(newer, plans))


def reviewed(layout: object, session: Session) -> object:
    """What was chosen live for the streams of this session is not new to it any more."""
    names = {entry.get("stream") for entry in _entries(layout) if entry.get(NEW) is True}
    seen = {name for name in names if isinstance(name, str) and _named(name, session) is not None}
    if not seen:
        return layout
    return [
        {key: value for key, value in entry.items() if key != NEW or entry.get("stream") not in seen}
        for entry in _entries(layout)
    ]


def in_session(layout: object, session: Session, plans: Plans) -> Plans | None:
    """The first panels of a recording (`plans`) with what was chosen for its streams while they were live;
    streams are the same if they have the same name. None: nothing was."""
    entries = _entries(layout)
    chosen = {entry["stream"]: entry for entry in _named_entries(layout) if _is_chosen(entry)}
    added = [(entry, kind) for entry in entries if (kind := _added_kind(entry)) is not None]
    found: list[PanelPlan] = []
    for plan in plans:
        ref = plan.streams[0]
        entry = chosen.get(ref.name)
        found.append(plan if entry is None else _as_chosen(plan, entry, session))
        for one, kind in added:
            if one.get("stream") == ref.name and _fits(kind, ref, session):
                found.append(_as_chosen(PanelPlan(kind, (ref,), beside=False), one, session))
    return None if tuple(found) == plans else plan_rows.settled(tuple(found))


def _as_chosen(plan: PanelPlan, entry: dict[str, Any], session: Session) -> PanelPlan:
    names = [name for _, name in _more(entry)]
    more = tuple(ref for name in names if (ref := _named(name, session)) is not None)
    options = options_from_json(entry.get("options"))
    return replace(plan, streams=(*plan.streams, *more), options=options)


def _named(name: str, session: Session) -> StreamRef | None:
    refs = (StreamRef(info.path, name) for info in session.infos)
    return next((ref for ref in refs if session.stream(ref) is not None), None)


def _fits(kind: PanelKind, ref: StreamRef, session: Session) -> bool:
    stream = session.stream(ref)
    return stream is not None and kind in kinds_for(stream.format.kind)


# Entries ----------------------------------------------------------------------------------------------------


def _entries(layout: object) -> list[dict[str, Any]]:
    return [entry for entry in layout if isinstance(entry, dict)] if isinstance(layout, list) else []


def _named_entries(layout: object) -> list[dict[str, Any]]:
    """Those of usual panels; of devices with streams of one name the newest is the last."""
    found = [entry for entry in _entries(layout) if isinstance(entry.get("stream"), str)]
    return [entry for entry in reversed(found) if _added_kind(entry) is None]


def _place(entry: dict[str, Any]) -> tuple[str, str, str]:
    """Whose panel it is, and of which kind where it was added."""
    return str(entry.get("device")), str(entry.get("stream")), str(entry.get("kind", ""))


def _told(entry: dict[str, Any], known: Mapping[tuple[str, str, str], dict[str, Any]]) -> dict[str, Any]:
    """Marked as new if something was chosen for it that recordings do not know yet."""
    before = known.get(_place(entry), {})
    is_new = before.get(NEW) is True or entry.get("options", {}) != before.get("options", {})
    return {**entry, NEW: True} if is_new else entry


def _entry(plan: PanelPlan) -> dict[str, Any]:
    ref, options = plan.streams[0], options_to_json(plan.options)
    return {
        "device": ref.path,
        "stream": ref.name,
        "height": plan.height,
        **({"kind": str(plan.kind)} if plan.kind in ADDED else {}),
        **({"more": [[each.path, each.name] for each in plan.streams[1:]]} if plan.streams[1:] else {}),
        **({"options": options} if options else {}),
        **({"beside": True} if plan.beside else {}),
        **({"share": plan.share} if plan.share else {}),
    }


def _plan(entry: dict[str, Any], kind: PanelKind) -> PanelPlan:
    return PanelPlan(
        kind,
        (_ref(entry), *(StreamRef(*each) for each in _more(entry))),
        height=_number(entry.get("height")),
        options=options_from_json(entry.get("options")),
        beside=entry.get("beside") is True,
        share=_number(entry.get("share")),
    )


def _ref(entry: dict[str, Any]) -> StreamRef:
    return StreamRef(str(entry.get("device", "")), str(entry.get("stream", "")))


def _more(entry: dict[str, Any]) -> list[tuple[str, str]]:
    """Device and name of the streams besides the first."""
    more = entry.get("more")
    pairs = more[:MOST_MORE] if isinstance(more, list) else []
    return [(str(one[0]), str(one[1])) for one in pairs if isinstance(one, list) and len(one) == 2]


def _added_kind(entry: dict[str, Any]) -> PanelKind | None:
    return next((kind for kind in ADDED if entry.get("kind") == kind.value), None)


def _is_chosen(entry: dict[str, Any]) -> bool:
    return bool(_more(entry) or entry.get("options"))


def _number(found: object) -> int:
    return found if type(found) is int and 0 < found < HIGHEST else 0
