"""Holds the book of devices of this window: looks for devices, takes ticks and settings, remembers them.

Owns the DeviceBook; widgets and transport hear of each new one through `changed`. Touches no hardware.
"""

from PySide6.QtCore import QObject, Signal, Slot

from studio.devices.camera_target import camera_from
from studio.devices.device import DeviceInfo, DeviceSettings
from studio.devices.simulated_devices import simulated_devices
from studio.errors import StudioError
from studio.ui.bridge import Bridge
from studio.ui.devices.device_book import DeviceBook
from studio.ui.settings.choices import Choices

LOOK_AGAIN = "When connected, look for devices again: the tick has stayed."


class DeviceChoice(QObject):
    """The devices and what the user chose of them."""

    changed = Signal(object)  # DeviceBook
    failed = Signal(str)  # what could not be found or read, in people's words
    only_simulated_found = Signal()  # at the very first look around
    missed = Signal(str)  # which devices of the last start are not there now, in people's words

    def __init__(self, bridge: Bridge, choices: Choices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._choices = choices
        self._looking = False
        self._added_texts: dict[str, str] = {}
        """What the user typed, by the id of the camera it became."""
        settings = choices.settings
        ticked = None if settings.ticked is None else frozenset(settings.ticked)
        self._book = DeviceBook(
            found=settings.found,
            added=self._read_added(settings.cameras),
            ticked=ticked,
            settings=settings.device_settings,
            remembered=True,
        )

    @property
    def book(self) -> DeviceBook:
        """The devices now."""
        return self._book

    @property
    def looking(self) -> bool:
        """Whether devices are being looked for."""
        return self._looking

    @Slot()
    def look_around(self) -> None:
        """Look for devices; `changed` follows. While one look is under way another does nothing."""
        if not self._looking:
            self._looking = True
            self.changed.emit(self._book)
            self._bridge.discover(self._on_found, self._on_search_failed)

    @Slot(str, bool)
    def tick(self, device_id: str, ticked: bool) -> None:
        """The user ticked or unticked a device."""
        self._take(self._book.with_tick(device_id, ticked))

    @Slot(str, object)
    def set_settings(self, device_id: str, settings: DeviceSettings) -> None:
        """The user changed settings of a device."""
        self._take(self._book.with_settings(device_id, settings))

    @Slot(str, object)
    def add_camera(self, typed: str, info: DeviceInfo) -> None:
        """The user typed in a camera."""
        self._added_texts[info.id] = typed
        self._take(self._book.with_added(info))

    @Slot(str)
    def remove_camera(self, device_id: str) -> None:
        """The user does not want a typed in camera any more."""
        self._added_texts.pop(device_id, None)
        self._take(self._book.without_added(device_id))

    def _read_added(self, texts: tuple[str, ...]) -> tuple[DeviceInfo, ...]:
        infos = []
        for typed in texts:
            try:
                info = camera_from(typed)
            except (StudioError, ValueError):
                continue  # the file was edited by hand; what cannot be a camera is not offered
            self._added_texts[info.id] = typed
            infos.append(info)
        return tuple(infos)

    def _on_found(self, found: tuple[DeviceInfo, ...]) -> None:
        self._looking = False
        first_look, missing = self._book.ticked is None, self._book.missing_of(found)
        self._take(self._book.with_found(found))
        if first_look and found and all(info.simulated for info in found):
            self.only_simulated_found.emit()
        if missing:
            self.missed.emit(_missing_text(tuple(info.name for info in missing)))

    def _on_search_failed(self, text: str) -> None:
        self._on_found(simulated_devices())
        self.failed.emit(text)

    def _take(self, book: DeviceBook) -> None:
        self._book = book
        self._choices.change(
            ticked=None if book.ticked is None else tuple(sorted(book.ticked)),
            found=book.found,
            device_settings=dict(book.settings),
            cameras=tuple(self._added_texts[info.id] for info in book.added if info.id in self._added_texts),
        )
        self.changed.emit(book)


def _missing_text(names: tuple[str, ...]) -> str:
    """What to say of devices that were ticked and are not connected."""
    shown = ", ".join(f"\u201c{name}\u201d" for name in names)
    if len(names) == 1:
        return f"{shown} was ticked and is not there now. The others are recorded without it. {LOOK_AGAIN}"
    return f"{shown} were ticked and are not there now. The others are recorded without them. {LOOK_AGAIN}"
