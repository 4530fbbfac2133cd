"""Notices that the disk gets full, and that there is room again. `run_watch` asks it.

The forecast is from our own bytes; what other programs write is met when it has become a danger. A warning is
taken back when they free it.
"""

from studio.app.forecast import DiskForecast
from studio.app.problems import ProblemList
from studio.app.status import Severity
from studio.app.value_text import bytes_text, duration_text
from studio.store.free_space import LOW_FOR
from studio.timing import NS_PER_S

VERY_SHORT_S = 60.0
"""The second warning of a disk that fills up."""
ENOUGH = 2.0
"""So many times the limit must be there again before a warning is taken back, and may come again."""


class DiskWatch:
    """Warns early of a disk that fills up. Belongs to the watch thread."""

    def __init__(self) -> None:
        self._warned_below_s = float("inf")

    def look(self, forecast: DiskForecast, problems: ProblemList) -> None:
        """One warning when it gets short, one when it gets very short, one when the reserve is touched; and a
        word when there is room again."""
        limit = _limit(forecast)
        if limit is not None and limit < self._warned_below_s:
            self._warned_below_s = limit
            problems.add(Severity.WARNING, _warning(forecast))
        elif self._is_over(forecast):
            self._warned_below_s = float("inf")
            text = f"The disk has room again: {bytes_text(forecast.disk_free)} for the recording."
            problems.add(Severity.NOTE, text)

    def _is_over(self, forecast: DiskForecast) -> bool:
        if self._warned_below_s == float("inf") or not forecast.disk_free:
            return False
        return forecast.seconds_left is None or forecast.seconds_left > ENOUGH * forecast.warn_below_s


def _limit(forecast: DiskForecast) -> float | None:
    """Which limit it is below."""
    if not forecast.disk_free and forecast.is_known:
        return 0.0
    if forecast.seconds_left is None or not forecast.is_short:
        return None
    return VERY_SHORT_S if forecast.seconds_left < VERY_SHORT_S else forecast.warn_below_s


def _warning(forecast: DiskForecast) -> str:
    if not forecast.disk_free:
        return (
            "Nothing is left on the disk but the reserve to close the recording with. Free some space now: "
            f"if it stays so for {LOW_FOR // NS_PER_S} s, or gets worse, the recording is closed properly."
        )
    return (
        f"The disk is nearly full: {bytes_text(forecast.disk_free)} are left for the recording, enough for "
        f"about {duration_text(forecast.seconds_left or 0.0)}. Free some space; when it is used up the "
        "recording is closed properly."
    )
