"""Layout of a window as text and back, for the settings file. Damaged text is as good as none."""

import base64
import binascii
from collections.abc import Mapping

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow

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
    geometry, state = (_bytes(layout.get(key, "")) for key in ("geometry", "state"))
    restored = bool(geometry) and window.restoreGeometry(QByteArray(geometry))
    return bool(state) and window.restoreState(QByteArray(state), LAYOUT_VERSION) and restored


def _text(state: QByteArray) -> str:
    return base64.b64encode(state.data()).decode("ascii")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
