"""An exporter that is followed as programs do it: measured by the clock process, with a clock to run on."""

from typing import Self

from studio.net.clock_link import ClockLink
from studio.net.synchroniser import Synchroniser
from studio.timing.segments import SegmentLine
from studio.timing.sync_status import FOLLOWING

Reading = tuple[int, int, int, int, int, str]
"""Monotonic moment, offset of the clock to run on, promised bound, last reply, round trip; state."""


class Following:
    """Begins to run on the clock as soon as it is synchronised, and does so to the end; `with` closes it."""

    def __init__(self, host: str, port: int) -> None:
        self._failures: list[BaseException] = []
        self._link = ClockLink(self._failures.append)
        self._synchroniser = Synchroniser(self._link, host, port, on_failure=self._failures.append)
        self._is_running = False

    def read(self) -> Reading | None:
        """How it stands; None before the first offset."""
        status = self._synchroniser.status()
        now = status.as_of  # the bound is of that moment, and so must be what it is held against
        if status.bound is None or not status.line:
            return None
        if not self._is_running and status.state in FOLLOWING:
            self._is_running = self._synchroniser.clock_for_run() is not None
        offset = SegmentLine(status.line).time_at(now) - now
        return now, offset, status.bound, status.last_reply or 0, status.round_trip or 0, status.state.value

    def __enter__(self) -> Self:
        self._synchroniser.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._synchroniser.close()
        self._link.close()
        if self._failures:
            raise ExceptionGroup("while following", [e for e in self._failures if isinstance(e, Exception)])
