"""How live panels stand, as it is kept: devices and streams in order, with heights and rows. Values and JSON.

There is one such layout: a stream stands where it stood, whatever else is ticked. No file, no Qt.
"""

from collections.abc import Mapping
from typing import Any

from studio.formats.recording import StreamRef
from studio.ui.panels.panel_plan import PanelKind, PanelPlan
from studio.ui.timeline import plan_rows
from studio.ui.timeline.kept_layout import HIGHEST
from studio.ui.timeline.plan_rows import Plans

MOST = 300
"""Streams whose places are kept; those not seen for longest are forgotten."""
LiveKept = list[dict[str, Any]]


def usual(streams: Mapping[StreamRef, PanelKind]) -> Plans:
    """The panels of streams that nobody has arranged: pictures beside each other."""
    return plan_rows.pictures_in_rows(tuple(PanelPlan(kind, (ref,)) for ref, kind in streams.items()))


def bound(layout: object, streams: Mapping[StreamRef, PanelKind]) -> Plans:
    """The panels of these streams: `ref.path` is the device. New ones stand below those that are known."""
    entries = [entry for entry in layout if isinstance(entry, dict)] if isinstance(layout, list) else []
    plans: dict[StreamRef, PanelPlan] = {}
    for entry in entries:
        ref = StreamRef(str(entry.get("device", "")), str(entry.get("stream", "")))
        if ref in streams and ref not in plans:
            plans[ref] = PanelPlan(
                streams[ref],
                (ref,),
                height=_number(entry.get("height")),
                beside=entry.get("beside") is True,
                share=_number(entry.get("share")),
            )
    if not plans:
        return usual(streams)
    new = usual({ref: kind for ref, kind in streams.items() if ref not in plans})
    return plan_rows.settled(tuple(plans.values())) + new


def kept(plans: Plans, before: object) -> LiveKept:
    """These panels as they are kept; of streams of `before` that are not live now, what was known stays."""
    now = [_entry(plan) for plan in plan_rows.settled(plans)]
    shown = {(entry["device"], entry["stream"]) for entry in now}
    others = [
        entry
        for entry in (before if isinstance(before, list) else [])
        if isinstance(entry, dict) and (entry.get("device"), entry.get("stream")) not in shown
    ]
    return (now + others)[:MOST]


def _entry(plan: PanelPlan) -> dict[str, Any]:
    ref = plan.streams[0]
    return {
        "device": ref.path,
        "stream": ref.name,
        "height": plan.height,
        **({"beside": True} if plan.beside else {}),
        **({"share": plan.share} if plan.share else {}),
    }


def _number(found: object) -> int:
    return found if type(found) is int and 0 < found < HIGHEST else 0
