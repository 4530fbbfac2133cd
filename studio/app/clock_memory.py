"""What is remembered of clocks from start to start: the settings, and the machines that were followed.

One JSON file beside the settings, written by the recorder alone. A damaged one never prevents a start.
"""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

import platformdirs
from pydantic import TypeAdapter

from studio.app.clock_sync import CLOCK_PORT, ClockSettings, address_key
from studio.errors import SettingsError

MOST_MACHINES = 50


@dataclass(frozen=True, slots=True)
class RememberedMachine:
    """One that was followed."""

    machine: str
    host: str
    port: int = CLOCK_PORT
    rate_ppm: float | None = None
    """How much faster its clock runs than this machine's, if that is known."""
    is_far_allowed: bool = False
    """The user has confirmed that it is followed though its clock is more than a day off."""

    @property
    def key(self) -> str:
        """As `DiscoveredMachine.key`."""
        return address_key(self.host, self.port)


@dataclass(frozen=True, slots=True)
class ClockMemory:
    """The whole file as a value."""

    settings: ClockSettings = field(default_factory=ClockSettings)
    machines: tuple[RememberedMachine, ...] = ()
    """The newest first."""

    def with_machine(self, machine: RememberedMachine) -> "ClockMemory":
        """One more; what was known of its address is replaced, the oldest is forgotten when it is enough."""
        others = tuple(known for known in self.machines if known.key != machine.key)
        return replace(self, machines=(machine, *others)[:MOST_MACHINES])

    def machine(self, key: str) -> RememberedMachine | None:
        """The one at that address."""
        return next((known for known in self.machines if known.key == key), None)

    def with_far_allowed(self, machine: str, host: str, port: int) -> "ClockMemory":
        """That machine is followed however far its clock is off; another one at its address is not."""
        known = self.machine(address_key(host, port))
        rate_ppm = None if known is None or known.machine != machine else known.rate_ppm
        return self.with_machine(RememberedMachine(machine, host, port, rate_ppm, is_far_allowed=True))

    def is_far_allowed(self, key: str, machine: str) -> bool:
        """Whether that was said of the machine of that address and name."""
        known = self.machine(key)
        return known is not None and known.is_far_allowed and known.machine == machine

    def without(self, key: str) -> "ClockMemory":
        """One less."""
        return replace(self, machines=tuple(known for known in self.machines if known.key != key))


def clock_memory_path() -> Path:
    """The user's file."""
    return platformdirs.user_config_path("studio", appauthor=False) / "clock.json"


def read_clock_memory(path: Path) -> tuple[ClockMemory, str]:
    """What was kept, and why defaults are used instead of it, for people (empty: they are not)."""
    try:
        return TypeAdapter(ClockMemory).validate_json(path.read_bytes()), ""
    except FileNotFoundError:
        return ClockMemory(), ""
    except (OSError, ValueError, RecursionError) as error:
        return ClockMemory(), (
            f"What was chosen for the clock cannot be read from {path} ({type(error).__name__}): this "
            "machine records with its own clock until you choose anew."
        )


def keep_clock_memory(memory: ClockMemory, path: Path) -> None:
    """Write it, whole or not at all. Raises SettingsError where that fails."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(TypeAdapter(ClockMemory).dump_json(memory, indent=2))
        unfinished.replace(path)
    except OSError as error:
        raise SettingsError(
            f"What was chosen for the clock cannot be kept in {path}: {error.strerror}."
        ) from error
