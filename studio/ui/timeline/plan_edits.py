"""What a user does to the panels of a layout, as moves from one tuple of plans to the next. No Qt."""

from dataclasses import replace

from studio.formats.payload import PayloadKind
from studio.formats.recording import StreamInfo, StreamRef
from studio.ui.panels.panel_plan import PanelKind, PanelOptions, PanelPlan, kinds_for
from studio.ui.timeline import plan_rows
from studio.ui.timeline.plan_rows import Plans

OVERLAID = (PanelKind.CURVES, PanelKind.PLANE)
"""Panels that may show several streams."""


def plan_for(
    ref: StreamRef, stream: StreamInfo, kind: PanelKind | None = None, member: str = ""
) -> PanelPlan:
    """A panel of a stream: of this kind, else the usual one; of one member of its messages, or of all."""
    options = PanelOptions(members=(member,)) if member else PanelOptions()
    return PanelPlan(kind or kinds_for(stream.format.kind)[0], (ref,), options=options)


def can_overlay(plan: PanelPlan, ref: StreamRef, stream: StreamInfo) -> bool:
    """Whether a panel can show this stream besides its own."""
    fits = plan.kind in OVERLAID and plan.kind in kinds_for(stream.format.kind)
    if plan.kind is PanelKind.VIDEO:
        fits = stream.format.kind is PayloadKind.JSON  # figures over pictures
    return fits and bool(plan.streams) and ref not in plan.streams


def overlaid(plans: Plans, index: int, ref: StreamRef) -> Plans:
    """One stream more in a panel."""
    return changed(plans, index, replace(plans[index], streams=(*plans[index].streams, ref)))


def inserted(plans: Plans, index: int, plan: PanelPlan) -> Plans:
    """One panel more, in a row of its own: above the one of this number, or below the row that has it."""
    return plan_rows.put_in(plans, index, plan)


def changed(plans: Plans, index: int, plan: PanelPlan) -> Plans:
    """Another plan at this place."""
    return (*plans[:index], plan, *plans[index + 1 :])


def closed(plans: Plans, index: int) -> Plans:
    """Without that panel."""
    return plan_rows.without(plans, index)


def moved(plans: Plans, index: int, gap: int) -> Plans:
    """A panel into another gap, in a row of its own: 0 above all, `len(plans)` below all."""
    return inserted(closed(plans, index), gap - (gap > index), plans[index])


def as_high(plans: Plans, index: int, height: int) -> Plans:
    """A panel, and those beside it, so many pixels high; 0: as it likes."""
    row = plan_rows.row_of(plans, index)
    return tuple(replace(plan, height=height) if n in row else plan for n, plan in enumerate(plans))


def all_shown(plans: Plans) -> Plans:
    """No panel is hidden any more."""
    return tuple(replace(plan, hidden=False) for plan in plans)
