"""The part of a panel's menu that says how pictures are seen: size, sides, colours. Tells a target."""

from dataclasses import replace

from PySide6.QtWidgets import QMenu

from studio.formats.false_colours import ColourMap
from studio.ui.panels.menu_target import MenuTarget, add_choice
from studio.ui.panels.overlay_menu import add_overlays
from studio.ui.panels.panel_plan import PanelKind

COLOUR_MAPS = {ColourMap.TURBO: "Turbo", ColourMap.VIRIDIS: "Viridis", ColourMap.GREY: "Grey"}


def shows_values(target: MenuTarget) -> bool:
    """Whether its pictures are of measured values."""
    return target.plan.kind is PanelKind.VIDEO and target.streams[0].info.format.has_values


def add_pictures(menu: QMenu, target: MenuTarget) -> None:
    """All that can be chosen for pictures and what lies over them."""
    options = target.plan.options
    add_choice(menu, target, "Fit into the panel", replace(options, fit=True), on=options.fit)
    add_choice(menu, target, "One pixel for one", replace(options, fit=False), on=not options.fit)
    mirrored, turned = not options.mirrored, not options.upside_down
    add_choice(menu, target, "Mirrored", replace(options, mirrored=mirrored), on=options.mirrored)
    add_choice(menu, target, "Upside down", replace(options, upside_down=turned), on=options.upside_down)
    if shows_values(target):
        colours = menu.addMenu("Colours")
        for name, text in COLOUR_MAPS.items():
            wanted = replace(options, colour_map=name)
            add_choice(colours, target, text, wanted, on=options.colour_map is name)
    add_overlays(menu, target)
