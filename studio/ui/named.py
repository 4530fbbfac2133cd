"""Gives widgets the names by which tests find them on the screen."""

from typing import TypeVar

from PySide6.QtCore import QObject

AnyObject = TypeVar("AnyObject", bound=QObject)


def named(target: AnyObject, name: str) -> AnyObject:
    """The same object, now called `name`."""
    target.setObjectName(name)
    return target
