"""How busy this process is. Asks the operating system, at most twice a second."""

import threading

import psutil

from studio.timing import NS_PER_MS, monotonic_ns

LEAST_INTERVAL = 500 * NS_PER_MS


class CpuMeter:
    """Percent of one core since the last look. Any thread may ask."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._lock = threading.Lock()
        self._asked = 0
        self._percent = 0.0

    def percent(self) -> float:
        """0.0 at the first look."""
        with self._lock:
            if monotonic_ns() - self._asked >= LEAST_INTERVAL:
                self._percent = self._process.cpu_percent(None)
                self._asked = monotonic_ns()
            return self._percent
