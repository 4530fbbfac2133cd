"""The certificate of a recording's clock in people's words: values to sentences."""

from studio.timing import NS_PER_MS, NS_PER_S, Duration
from studio.timing.clock_summary import ClockSummary

_MICROSECOND = 1_000


def certificate_lines(summary: ClockSummary) -> tuple[str, ...]:
    """What is to be said of one log: whose clock, how exact, how it went."""
    lines = [_whose(summary)]
    if summary.bound_max is not None:
        lines.append(_bound(summary))
    if summary.offset_begin is not None and summary.offset_end is not None:
        lines.append(_offset(summary))
    if summary.states:
        lines.append(", ".join(f"{state} {seconds:.0f} s" for state, seconds in summary.states))
    if summary.probes:
        lines.append(f"{summary.answered} of {summary.probes} questions were answered")
    lines.extend(_troubles(summary))
    return tuple(lines)


def guarantee_text(bound: Duration | None) -> str:
    """How exact the times are."""
    return "nothing is guaranteed" if bound is None else f"within {margin(bound)}"


def margin(duration: Duration) -> str:
    """`\u00b1 41 \u00b5s`, `\u00b1 0.18 ms`."""
    if duration < 100 * _MICROSECOND:
        return f"\u00b1 {duration / _MICROSECOND:.0f} \u00b5s"
    if duration < NS_PER_S:
        return f"\u00b1 {duration / NS_PER_MS:.2f} ms"
    return f"\u00b1 {duration / NS_PER_S:.3f} s"


def signed(duration: Duration) -> str:
    """With its sign, in ms, or in s if it is long."""
    if abs(duration) < NS_PER_S:
        return f"{duration / NS_PER_MS:+.3f} ms"
    return f"{duration / NS_PER_S:+.6f} s"


def _whose(summary: ClockSummary) -> str:
    if summary.role != "following":
        return {
            "reference": "Other machines could follow its clock",
            "self": "It was told to follow itself: its own clock",
        }.get(summary.role, "It did not follow the clock it should; its own clock")
    kind = ", ".join(
        word
        for word in (
            summary.address,
            "studio" if summary.is_studio else "",
            "protected" if summary.is_protected else "",
        )
        if word
    )
    others = f", the last of {summary.references}" if summary.references > 1 else ""
    how = f" by {summary.algorithm} (version {summary.algorithm_version})" if summary.algorithm else ""
    return f"It followed {summary.machine or summary.address} ({kind}){others}{how}"


def _bound(summary: ClockSummary) -> str:
    p50, p99, largest = summary.bound_p50 or 0, summary.bound_p99 or 0, summary.bound_max or 0
    limit = f"; allowed were {margin(summary.limit)}" if summary.limit else ""
    return (
        f"The times are within {margin(largest)} of it, half of the time {margin(p50)}, "
        f"99 % {margin(p99)}{limit}"
    )


def _offset(summary: ClockSummary) -> str:
    begin, end = summary.offset_begin or 0, summary.offset_end or 0
    return (
        f"Its clock was {signed(begin)} to this machine's at the beginning, {signed(end)} at the end; "
        f"rate {summary.rate_begin_ppm or 0.0:+.2f} ppm, then {summary.rate_end_ppm or 0.0:+.2f} ppm; "
        f"corrected by at most {summary.largest_slew_ppm:.2f} ppm"
    )


def _troubles(summary: ClockSummary) -> list[str]:
    found = []
    if summary.held_steps:
        times = "once" if summary.held_steps == 1 else f"{summary.held_steps} times"
        found.append(f"It was set {times}, and this recording kept its time line")
    if summary.doubtful:
        found.append(f"For {summary.doubtful_s:.1f} s the bound as told then was too narrow")
    if summary.role == "following" and summary.unknown_s > 0:
        found.append(f"For {summary.unknown_s:.1f} s nothing is guaranteed")
    return found
