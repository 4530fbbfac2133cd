"""What a window says to the recorder about this machine's clock, as frozen values. No I/O here."""

from dataclasses import dataclass
from typing import TypeAlias

from studio.app.clock_sync import ClockSettings
from studio.host.pairing_protocol import PairingCommand


@dataclass(frozen=True, slots=True)
class SetClockSettings:
    """Act on these from now on, and remember them. Reply: None, at once; what comes of it is in the status.

    A Failure of kind `ClockRoleError` while a recording runs, if role or addresses would change; of kind
    `SettingsError` for what cannot be (a port, an address, a limit).
    """

    settings: ClockSettings


@dataclass(frozen=True, slots=True)
class MeasureNow:
    """Ask the reference 16 times. Reply: None, at once; see `ClockSyncStatus.measurement`.

    A Failure of kind `ClockRoleError` if no machine is followed.
    """


@dataclass(frozen=True, slots=True)
class LookAtMachines:
    """Somebody looks at the list of machines: ask each how far it is, now and for the next minute.

    To be sent again while the list is open; each machine is asked at most every 30 s. Reply: None, at once.
    """


@dataclass(frozen=True, slots=True)
class ForgetMachine:
    """Remember that machine no longer. Reply: None, also if there is none."""

    key: str
    """Its `DiscoveredMachine.key`."""


@dataclass(frozen=True, slots=True)
class FollowFarClock:
    """The user has confirmed to follow that machine although its clock is more than a day off. Reply: None.

    Remembered for it alone. A Failure of kind `ClockRoleError` if it is not the one that is asked now.
    """

    key: str
    """Its `DiscoveredMachine.key`."""
    machine: str
    """As it calls itself (`Reference.machine`)."""


@dataclass(frozen=True, slots=True)
class ListAddresses:
    """Where this machine can be reached. Reply: tuple[OwnAddress, ...]."""


@dataclass(frozen=True, slots=True)
class ReadClockPast:
    """The last ten minutes of what is followed. Reply: ClockPast, empty if nothing is."""


ClockCommand: TypeAlias = (
    SetClockSettings
    | MeasureNow
    | LookAtMachines
    | ForgetMachine
    | FollowFarClock
    | ListAddresses
    | ReadClockPast
    | PairingCommand
)
