"""Keeps the newest pre-flight of a recorder: begins it, looks at it, calls it off."""

import threading
from collections.abc import Callable
from pathlib import Path

from studio.app.clock_sync import ClockSyncStatus
from studio.app.forecast import AskLimit, AskSpace
from studio.app.preflight.card import PreflightStatus
from studio.app.preflight.run import Preflight, PreflightPlan, WatchedRun
from studio.devices.device import DeviceInfo
from studio.errors import SettingsError
from studio.timing import NS_PER_S

SHORTEST_S = 1.0
LONGEST_S = 600.0
RECORDING_BEGAN = "A recording was begun, so the pre-flight was called off."
DEVICES_CHANGED = "Other devices were chosen, so the pre-flight was called off. Run it again."
PREVIEW_ENDED = "The devices were stopped, so the pre-flight was called off."
ANOTHER_BEGAN = "Another pre-flight was begun."
BY_USER = "The pre-flight was called off."


class Preflights:
    """`begin` belongs to the thread of commands, `look` to the watch; the rest to any thread."""

    def __init__(
        self,
        ask_space: Callable[[Path], AskSpace],
        ask_clock: Callable[[], ClockSyncStatus],
        ask_limit: AskLimit,
    ) -> None:
        self._ask_space, self._ask_clock, self._ask_limit = ask_space, ask_clock, ask_limit
        self._lock = threading.Lock()
        self._newest: Preflight | None = None
        self._count = 0
        self._ends_run = False

    def begin(self, run: WatchedRun, folder: Path, *, seconds: float, ends_run: bool) -> int:
        """Find out about this preview; the number of the pre-flight."""
        self.call_off(ANOTHER_BEGAN)
        self.close()
        self._count += 1
        plan = PreflightPlan(self._count, folder, round(seconds * NS_PER_S), ends_run)
        preflight = Preflight(
            plan, run, ask_space=self._ask_space, ask_clock=self._ask_clock, ask_limit=self._ask_limit
        )
        preflight.begin()
        with self._lock:
            self._newest, self._ends_run = preflight, ends_run
        return self._count

    def look(self, run: WatchedRun) -> bool:
        """True: it has come to its end, and the run was begun for it alone."""
        preflight = self._running()
        if preflight is None or preflight.run is not run or not preflight.look():
            return False
        with self._lock:
            return self._ends_run

    def keep(self, devices: tuple[DeviceInfo, ...]) -> bool:
        """Somebody wants a preview of these devices: whether one runs for a pre-flight, which then stays."""
        preflight = self._running()
        if preflight is None or preflight.run.chosen != devices:
            return False
        with self._lock:
            self._ends_run = False
        return True

    def call_off(self, text: str) -> bool:
        """End the one that runs, if one does; whether its preview was begun for it alone."""
        preflight = self._running()
        if preflight is None:
            return False
        preflight.call_off(text)
        with self._lock:
            return self._ends_run

    def status(self) -> PreflightStatus | None:
        """Of the newest; None: there was none."""
        with self._lock:
            preflight = self._newest
        return None if preflight is None else preflight.status()

    def close(self) -> None:
        """Leave nothing running. Idempotent."""
        with self._lock:
            preflight = self._newest
        if preflight is not None:
            preflight.close()

    def _running(self) -> Preflight | None:
        with self._lock:
            preflight = self._newest
        return preflight if preflight is not None and preflight.is_running else None


def checked_seconds(seconds: float) -> float:
    """The same; SettingsError for a time in which nothing can be found out, or that nobody waits for."""
    if not SHORTEST_S <= seconds <= LONGEST_S:
        raise SettingsError(
            f"A pre-flight takes from {SHORTEST_S:.0f} to {LONGEST_S:.0f} seconds, not {seconds:g}."
        )
    return seconds
