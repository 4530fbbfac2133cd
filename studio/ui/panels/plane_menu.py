"""The part of a panel's menu that says what lies against what in an XY plot, and how. Tells a target."""

from dataclasses import replace

from PySide6.QtWidgets import QMenu

from studio.ui.panels.menu_target import MenuTarget, add_choice
from studio.ui.panels.panel_plan import LineStyle
from studio.ui.panels.plane_choice import shown_keys

MOST_VALUES = 64
"""More are not listed."""


def add_plane(menu: QMenu, target: MenuTarget) -> None:
    """Both axes, lines or points, over which time, the scales."""
    options = target.plan.options
    names = target.curve_names
    if len(names) > 1:
        across, up = menu.addMenu("Across"), menu.addMenu("Up")
        shown = shown_keys(target.streams, names, options.across, options.up)
        for key, name in list(names.items())[:MOST_VALUES]:
            add_choice(across, target, name, replace(options, across=key), on=key == shown[0])
            add_choice(up, target, name, replace(options, up=key), on=key == shown[1])
        turned = replace(options, across=shown[1], up=shown[0])
        add_choice(menu, target, "Swap across and up", turned, on=None)
    is_points = options.line is LineStyle.POINTS
    draw = menu.addMenu("Draw")
    add_choice(draw, target, "Path", replace(options, line=LineStyle.LINE), on=not is_points)
    add_choice(draw, target, "Points", replace(options, line=LineStyle.POINTS), on=is_points)
    even = options.even_scales
    add_choice(menu, target, "Same scale for both", replace(options, even_scales=not even), on=even)
    over = options.over_selection
    add_choice(menu, target, "Only what is selected", replace(options, over_selection=not over), on=over)
