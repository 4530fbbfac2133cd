"""Painting a widget so that no fault in it outlives it. Draws nothing itself."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget


@contextmanager
def painting(widget: QWidget) -> Iterator[QPainter]:
    """A painter that ends whatever happens: one left open would take the whole window down with it."""
    painter = QPainter(widget)
    try:
        yield painter
    finally:
        painter.end()
