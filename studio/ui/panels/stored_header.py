"""What the header of a stored panel says. A value from values; no Qt."""

from studio.ui.panels.header_text import LEGEND_LIMIT, HeaderText, LegendLine, stored_detail
from studio.ui.panels.panel_content import BoundStream
from studio.ui.panels.panel_plan import PanelKind, PanelPlan
from studio.ui.panels.signal_legend import short_name
from studio.ui.panels.stream_health import STORED, Health, StreamHealth

SHARED = (PanelKind.CURVES, PanelKind.WAVEFORM, PanelKind.VIDEO, PanelKind.PLANE)
"""Kinds that draw several streams over each other; any other shows the first of its plan, and says so."""
NOT_HERE = "not in this session"
NOTHING_RECORDED = "nothing was recorded"
ODD_VALUES = (
    "Stretches of 64 and more values that are no numbers (NaN) are marked at any zoom,\n"
    "single ones where the view is near enough to show single values."
)
"""A minimum and a maximum are kept of 64 values and more; they say nothing of one among them."""


def stored_header(
    plan: PanelPlan, streams: tuple[BoundStream, ...], legend: tuple[LegendLine, ...]
) -> HeaderText:
    """Names, rate, health and values."""
    left_out = _left_out(plan, streams)
    over_picture = plan.kind is PanelKind.VIDEO and len(streams) > 1 and not left_out
    names = [ref.name for ref in plan.streams]
    if left_out or over_picture:
        names = [streams[0].ref.name]
    name = names[0] if len(names) == 1 else ", ".join(map(short_name, names)) or "empty panel"
    shown = 1 if over_picture else len(streams) - len(left_out)
    detail = stored_detail(streams[0].info) if shown == 1 else f"{shown} streams"
    remark = ODD_VALUES if plan.kind is PanelKind.CURVES and streams else ""
    if left_out:
        others = ", ".join(stream.ref.name for stream in left_out)
        remark = f"A panel of this kind shows one stream. Not shown here: {others}."
    return HeaderText(name, detail if streams else "", _health(plan, streams), legend[:LEGEND_LIMIT], remark)


def _left_out(plan: PanelPlan, streams: tuple[BoundStream, ...]) -> tuple[BoundStream, ...]:
    """Streams that have no room beside the first: only curves and sound share a panel."""
    return () if plan.kind in SHARED else streams[1:]


def _health(plan: PanelPlan, streams: tuple[BoundStream, ...]) -> StreamHealth:
    if not streams:
        return StreamHealth(Health.WAITING, NOT_HERE)
    missing = len(plan.streams) - len(streams)
    if missing:
        return StreamHealth(Health.WAITING, f"{missing} of {len(plan.streams)} streams {NOT_HERE}")
    left_out = _left_out(plan, streams)
    if left_out:
        return StreamHealth(Health.WAITING, f"first of {len(streams)} streams; the others are not shown")
    if not any(stream.info.message_count for stream in streams):
        return StreamHealth(Health.DEAD, NOTHING_RECORDED)
    gaps = sum(stream.info.gaps for stream in streams)
    return StreamHealth(Health.STORED, f"{gaps} gap{'s' * (gaps != 1)}") if gaps else STORED
