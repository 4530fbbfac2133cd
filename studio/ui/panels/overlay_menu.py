"""The part of a picture panel's menu that concerns the figures over it: shown or not, how, how long."""

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QMenu

from studio.ui import readable
from studio.ui.panels.curve_menu import add_colours, add_widths
from studio.ui.panels.menu_target import MenuTarget, add_choice
from studio.ui.panels.panel_content import BoundStream
from studio.ui.panels.panel_plan import channel_key, without_stream
from studio.ui.panels.signal_legend import short_name, toggled

KEPT_MS = {
    50: f"50{readable.SPACE}ms",
    500: f"500{readable.SPACE}ms",
    1000: f"1{readable.SPACE}s",
    5000: f"5{readable.SPACE}s",
    0: "Until the next message",
}


def add_overlays(menu: QMenu, target: MenuTarget) -> None:
    """A menu for each stream over the pictures; none where there are only pictures."""
    over = [(number, stream) for number, stream in enumerate(target.streams) if number]
    if not over:
        return
    overlays = menu.addMenu("Over the picture")
    for number, stream in over:
        _fill(overlays.addMenu(short_name(stream.ref.name).replace("&", "&&")), target, number, stream)
    overlays.addSeparator()
    kept, options = overlays.addMenu("Shown after their message for"), target.plan.options
    for keep_ms, name in KEPT_MS.items():
        wanted = replace(options, keep_ms=keep_ms)
        add_choice(kept, target, name, wanted, on=options.keep_ms == keep_ms)


def _fill(menu: QMenu, target: MenuTarget, number: int, stream: BoundStream) -> None:
    plan, key = target.plan, channel_key(number, 0)
    hidden = plan.options.hidden_channels
    options = replace(plan.options, hidden_channels=toggled(hidden, key))
    add_choice(menu, target, "Shown", options, on=key not in hidden)
    add_colours(menu.addMenu("Colour"), target, [key])
    add_widths(menu.addMenu("Width"), target, [key])
    menu.addSeparator()
    rest = tuple(ref for ref in plan.streams if ref != stream.ref)
    without = replace(plan, streams=rest, options=without_stream(plan.options, number))
    menu.addAction("Remove", partial(target.choose_plan, without))
