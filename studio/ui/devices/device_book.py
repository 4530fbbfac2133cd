"""The devices a user can choose from and the choice made, as one value. Knows no widget and no hardware."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from studio.devices.device import DeviceInfo, DeviceKind, DeviceSettings

_ORDER = (DeviceKind.MICROPHONE, DeviceKind.CAMERA, DeviceKind.SIGNAL, DeviceKind.EVENTS)


@dataclass(frozen=True, slots=True)
class DeviceBook:
    """Devices found and added, with the user's ticks and settings; changes give a new book."""

    found: tuple[DeviceInfo, ...] = ()
    added: tuple[DeviceInfo, ...] = ()
    """Cameras that the user typed in; they stay until removed."""
    ticked: frozenset[str] | None = None
    """Ids, also of devices that are not there now. None: the user has not chosen yet."""
    settings: Mapping[str, DeviceSettings] = field(default_factory=dict)
    """By id, where the user changed them."""
    remembered: bool = False
    """`found` is of an earlier look around: there was none yet."""

    @property
    def devices(self) -> tuple[DeviceInfo, ...]:
        """All there are, real ones first, with the user's settings in them."""
        added_ids = {info.id for info in self.added}
        everyone = [*(info for info in self.found if info.id not in added_ids), *self.added]
        everyone.sort(key=lambda info: (info.simulated, _ORDER.index(info.kind)))
        return tuple(self._with_settings(info) for info in everyone)

    @property
    def chosen(self) -> tuple[DeviceInfo, ...]:
        """The ticked ones that are there. None before a look around, should one be unknown.

        So what is recorded before that is all that was ticked: one that has gone meanwhile is missed aloud.
        """
        chosen = tuple(info for info in self.devices if self.is_ticked(info.id))
        return () if self.remembered and len(chosen) < len(self.ticked or ()) else chosen

    def missing_of(self, found: Iterable[DeviceInfo]) -> tuple[DeviceInfo, ...]:
        """The ticked ones of the last start that are not among those found now."""
        there = {info.id for info in found} | {info.id for info in self.added}
        ticked = (info for info in self.devices if self.is_ticked(info.id))
        return tuple(info for info in ticked if info.id not in there) if self.remembered else ()

    def is_ticked(self, device_id: str) -> bool:
        """Whether the device shall be recorded."""
        return self.ticked is not None and device_id in self.ticked

    def is_added(self, device_id: str) -> bool:
        """Whether the user typed it in, and so may remove it."""
        return any(info.id == device_id for info in self.added)

    def device(self, device_id: str) -> DeviceInfo | None:
        """The device of that id, if it is there."""
        return next((info for info in self.devices if info.id == device_id), None)

    def with_found(self, found: Iterable[DeviceInfo]) -> "DeviceBook":
        """After a look around. On the very first one, ticks what is ready to be recorded."""
        book = replace(self, found=tuple(found), remembered=False)
        return book if self.ticked is not None else replace(book, ticked=_first_choice(book.devices))

    def with_tick(self, device_id: str, ticked: bool) -> "DeviceBook":
        """The user ticked or unticked one."""
        others = (self.ticked or frozenset()) - {device_id}
        return replace(self, ticked=others | {device_id} if ticked else others)

    def with_settings(self, device_id: str, settings: DeviceSettings) -> "DeviceBook":
        """The user changed settings."""
        return replace(self, settings={**self.settings, device_id: settings})

    def with_added(self, info: DeviceInfo) -> "DeviceBook":
        """The user typed in a camera: it is ticked at once; the same one again changes nothing else."""
        others = tuple(known for known in self.added if known.id != info.id)
        return replace(self, added=(*others, info)).with_tick(info.id, True)

    def without_added(self, device_id: str) -> "DeviceBook":
        """The user removed a camera that was typed in."""
        rest = tuple(info for info in self.added if info.id != device_id)
        return replace(self, added=rest).with_tick(device_id, False)

    def _with_settings(self, info: DeviceInfo) -> DeviceInfo:
        settings = self.settings.get(info.id)
        # Where the device is reached is never a matter of remembered settings: it may have moved.
        return replace(info, settings=replace(settings, source=info.settings.source)) if settings else info


def _first_choice(devices: Iterable[DeviceInfo]) -> frozenset[str]:
    """The first real microphone and the first real camera; without any, the simulated devices."""
    everyone = tuple(devices)
    real = [info for info in everyone if not info.simulated]
    firsts = [next((info for info in real if info.kind is kind), None) for kind in _ORDER[:2]]
    chosen = [info for info in firsts if info is not None] or real or everyone
    return frozenset(info.id for info in chosen)
