"""Which algorithm finds the offset, and with which numbers: what a recording says of how it was made."""

from studio.timing import corridor, offset_bound, offset_tracking, rate_bound, segments
from studio.timing.clock import NS_PER_S, Duration
from studio.timing.sync_status import BOUND_LIMIT, ClockTerms

ALGORITHM = "two-sided corridor"
ALGORITHM_VERSION = 2
"""Another number: the same probes may give another offset."""


def parameters() -> tuple[tuple[str, float], ...]:
    """All numbers that decide what comes of given probes."""
    return (
        ("history_s", offset_tracking.HISTORY / NS_PER_S),
        ("most_probes", offset_tracking.MOST_PROBES),
        ("edge_share", corridor.EDGE_SHARE),
        ("spread_ppm", corridor.SPREAD_PPM),
        ("suspect_ns", offset_tracking.SUSPECT_NS),
        ("suspects_for_step", offset_tracking.SUSPECTS_FOR_STEP),
        ("bound_window_s", offset_bound.WINDOW / NS_PER_S),
        ("hold_ppm", rate_bound.HOLD_PPM),
        ("unknown_ppm", rate_bound.UNKNOWN_PPM),
        ("slew_limit_ppm", segments.ppm_of_rate(segments.SLEW_LIMIT)),
        ("used_up_in_s", segments.USED_UP_IN / NS_PER_S),
    )


def terms_of(
    *, limit: Duration = BOUND_LIMIT, own_offset: Duration = 0, when_lost: str = "continue"
) -> ClockTerms:
    """The terms under which this program follows."""
    return ClockTerms(limit, own_offset, when_lost, ALGORITHM, ALGORITHM_VERSION, parameters())
