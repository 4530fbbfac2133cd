"""The part of a panel's menu that dresses its curves: colour, width, marker. Tells a target."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPointF
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QMenu

from studio.ui.panels.curve_look import COLOUR_NAMES, WIDTHS, CurveLook, Marker, look_of, with_looks
from studio.ui.panels.menu_target import MenuTarget, add_choice
from studio.ui.panels.panel_content import BoundStream
from studio.ui.panels.panel_plan import channel_key
from studio.ui.panels.readout import channel_names
from studio.ui.panels.signal_legend import short_name

MOST_CURVES = 64
"""More are not listed."""
USUAL = "As usual"
MARKER_NAMES = {
    Marker.USUAL: USUAL,
    Marker.NONE: "None",
    Marker.DOT: "Dots",
    Marker.SQUARE: "Squares",
    Marker.TRIANGLE: "Triangles",
    Marker.CROSS: "Crosses",
}
SWATCH = 16
TICK = ((0.2, 0.5), (0.42, 0.72), (0.8, 0.28))
"""Its corners, as shares of a swatch."""

Change = Callable[[CurveLook], CurveLook]


def add_curves(menu: QMenu, target: MenuTarget) -> None:
    """A menu for the curve; of several curves one for each, and one for all of them."""
    names = target.curve_names
    if not names:
        return
    if len(names) == 1:
        _fill(menu.addMenu("Curve"), target, list(names), with_colour=True)
        return
    curves = menu.addMenu("Curves")
    _fill(curves.addMenu("All"), target, list(names), with_colour=False)
    curves.addSeparator()
    for key, name in list(names.items())[:MOST_CURVES]:
        one = curves.addMenu(name)
        # Filled when it is wanted: a menu for each of many curves would be felt.
        one.aboutToShow.connect(partial(_fill, one, target, [key], with_colour=True))


def curve_names(streams: tuple[BoundStream, ...]) -> dict[str, str]:
    """The keys of all curves, and what to call them."""
    names = {}
    for number, stream in enumerate(streams):
        short = short_name(stream.ref.name)
        channels = channel_names(stream.info.format)
        for channel, name in enumerate(channels):
            words = [short] * (len(streams) > 1 or len(channels) == 1) + [name] * (len(channels) > 1)
            names[channel_key(number, channel)] = " ".join(words)
    return names


def _fill(menu: QMenu, target: MenuTarget, keys: Sequence[str], *, with_colour: bool) -> None:
    if not menu.isEmpty():
        return
    if with_colour:
        add_colours(menu.addMenu("Colour"), target, keys)
    add_widths(menu.addMenu("Width"), target, keys)
    markers = menu.addMenu("Markers")
    for marker, name in MARKER_NAMES.items():
        _add(markers, target, keys, name, partial(replace, marker=marker))
    menu.addSeparator()
    _add(menu, target, keys, "All as usual", _undressed)


def add_widths(menu: QMenu, target: MenuTarget, keys: Sequence[str]) -> None:
    """How wide the lines of these are."""
    for width in (0, *WIDTHS):
        name = f"{width} pixel{'s' * (width != 1)}" if width else USUAL
        _add(menu, target, keys, name, partial(replace, width=width))


def add_colours(menu: QMenu, target: MenuTarget, keys: Sequence[str]) -> None:
    """Which of the theme's stream colours these have."""
    _add(menu, target, keys, USUAL, partial(replace, colour=-1))
    for number, name in enumerate(COLOUR_NAMES):
        action = _add(menu, target, keys, name, partial(replace, colour=number))
        ink = target.theme.colour("surface") if action.isChecked() else None
        action.setIcon(_swatch(target.theme.stream_colour(number), ink))


def _add(menu: QMenu, target: MenuTarget, keys: Sequence[str], name: str, change: Change) -> QAction:
    """An entry that changes the looks of these curves; ticked where they all have it."""
    options = target.plan.options
    before = [look_of(options.looks, key) for key in keys]
    after = [change(look) for look in before]
    wanted = replace(options, looks=with_looks(options.looks, after))
    return add_choice(menu, target, name, wanted, on=before == after)


def _undressed(look: CurveLook) -> CurveLook:
    return CurveLook(look.key)


def _swatch(colour: QColor, ink: QColor | None) -> QIcon:
    """The colour; with `ink` a tick in it, since a menu shows either an icon or a tick of its own."""
    pixels = QPixmap(SWATCH, SWATCH)
    pixels.fill(colour)
    if ink is not None:
        painter = QPainter(pixels)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink, 2))
        painter.drawPolyline([QPointF(x * SWATCH, y * SWATCH) for x, y in TICK])
        painter.end()
    return QIcon(pixels)
