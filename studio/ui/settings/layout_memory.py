"""Layout of a window as text and back, for the settings file. Damaged text is as good as none."""

import base64
import binascii
from collections.abc import Mapping

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow, QWidget

LAYOUT_VERSION = 1
"""Counts up when docks are added or renamed, so that an old layout is not forced upon them."""


def layout_of(window: QMainWindow) -> dict[str, str]:
    """What the window looks like now."""
    return {
        "geometry": _text(window.saveGeometry()),
        "state": _text(window.saveState(LAYOUT_VERSION)),
    }


def restore_layout(window: QMainWindow, layout: Mapping[str, str]) -> bool:
    """Make the window look like that; False if there is nothing that fits."""
    restored = restore_geometry(window, layout)
    state = _bytes(layout.get("state", ""))
    return bool(state) and window.restoreState(QByteArray(state), LAYOUT_VERSION) and restored


def restore_geometry(window: QWidget, layout: Mapping[str, str]) -> bool:
    """Put the window where it stood, as large as it was; False if that is not known."""
    geometry = _bytes(layout.get("geometry", ""))
    return bool(geometry) and window.restoreGeometry(QByteArray(geometry))


def first_geometry(window: QWidget) -> None:
    """Fill most of the screen."""
    screen = window.screen().availableGeometry()
    window.resize(min(1600, screen.width() - 48), min(960, screen.height() - 64))


def _text(state: QByteArray) -> str:
    return base64.b64encode(state.data()).decode("ascii")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
