"""Keeps layouts in one JSON file beside the settings: of each set of streams, named ones, the live one.

Knows nothing of what a layout is but that JSON can hold it. A file that is damaged is put aside, never lost.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio.app.free_names import free_path
from studio.app.settings_file import settings_path

SAVE_DELAY_MS = 100
"""What is seen on the screen is kept that soon, should the window be killed."""
MOST_LAST = 300
"""Sets of streams whose last layout is remembered; those not used for longest are forgotten."""


def layouts_path() -> Path:
    """The user's layouts file."""
    return settings_path().with_name("layouts.json")


class KeptLayouts(QObject):
    """The layouts of one user; written soon after each change, complete or not at all."""

    failed = Signal(str)  # why they cannot be read or kept

    def __init__(self, place: Callable[[], Path] = layouts_path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._last: dict[str, Any] = {}
        self._named: dict[str, Any] = {}
        self._live: Any = None
        self._more: dict[str, Any] = {}
        """What a newer studio keeps there, written back as it was."""
        self._changed = self._told = False
        self._timer = QTimer(self, singleShot=True, interval=SAVE_DELAY_MS)
        self._timer.timeout.connect(self.save)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the named layouts, in order."""
        return tuple(sorted(self._named, key=str.casefold))

    def load(self) -> None:
        """Read the file; nothing where there is none."""
        place = self._place()
        try:
            found = json.loads(place.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        except (OSError, ValueError, RecursionError) as error:
            self._put_aside(place, error)
            return
        found = found if isinstance(found, dict) else {}
        self._live = found.pop("live", None)
        self._last, self._named = (_object(found.pop(name, {})) for name in ("last", "named"))
        self._more = found

    def last(self, key: str) -> Any:
        """The layout that a set of streams had last; None: it never had one."""
        return self._last.get(key)

    def keep_last(self, key: str, layout: Any) -> None:
        """A set of streams looks like this now."""
        if self._last.get(key) == layout:
            return
        self._last.pop(key, None)
        self._last[key] = layout
        for old in list(self._last)[:-MOST_LAST]:
            del self._last[old]
        self._changed = True
        self._timer.start()

    @property
    def live(self) -> Any:
        """How live panels stand; None: nobody has moved one."""
        return self._live

    def keep_live(self, layout: Any) -> None:
        """Live panels stand like this now."""
        if layout != self._live:
            self._live, self._changed = layout, True
            self._timer.start()

    def named(self, name: str) -> Any:
        """The layout of that name; None: there is none."""
        return self._named.get(name)

    def keep_named(self, name: str, layout: Any) -> None:
        """A layout under a name; None: no such layout any more."""
        if layout is None:
            self._named.pop(name, None)
        else:
            self._named[name] = layout
        self._changed = True
        self.save()

    @Slot()
    def save(self) -> None:
        """Write what has changed, now."""
        self._timer.stop()
        if not self._changed:
            return
        place = self._place()
        unfinished = place.with_name(f"{place.name}.{os.getpid()}.new")
        live = {} if self._live is None else {"live": self._live}
        text = json.dumps({**self._more, **live, "last": self._last, "named": self._named}, indent=1)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_text(text, encoding="utf-8")
            unfinished.replace(place)
            self._changed = False
        except OSError as error:
            if not self._told:
                self._told = True
                self.failed.emit(f"The layouts cannot be kept in {place}: {error.strerror}.")

    def _put_aside(self, place: Path, error: Exception) -> None:
        text = f"The layouts in {place} cannot be read; panels stand as at first."
        try:
            aside = free_path(place.parent, place.name, ".damaged")
            place.rename(aside)
        except OSError:
            self.failed.emit(f"{text} ({type(error).__name__})")
        else:
            self.failed.emit(f"{text} The damaged file was kept as {aside.name}.")


def _object(found: object) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}
