"""Checks what a recording keeps of its clock: order, sense, and the summary against the log. Reads only."""

from collections.abc import Iterator
from itertools import pairwise

from studio.store.finding import Finding
from studio.store.reader import StoreReader
from studio.timing.clock_summary import summary_of
from studio.timing.segments import PPM, SLEW_LIMIT
from studio.timing.sync_status import ClockLog, ProbeOutcome

WHERE = "clock"
FASTEST = 2 * SLEW_LIMIT + PPM
"""A clock that follows one that is off as far as may be, and is steered as far as may be."""
JITTER = 2
"""Lines are rounded down to the nanosecond."""


def check_clock(reader: StoreReader) -> Iterator[Finding]:
    """What is wrong with it."""
    for log in reader.clock_logs():
        yield from _check_probes(log)
        yield from _check_line(log)
        yield from _check_order(log)
    yield from _check_summary(reader)


def _check_probes(log: ClockLog) -> Iterator[Finding]:
    for number, probe in enumerate(log.probes):
        if probe.received < probe.sent:
            yield Finding(WHERE, f"probe {number} was answered before it was sent")
            return
        if probe.outcome is ProbeOutcome.ANSWERED and not 0 <= probe.reference < len(log.references):
            yield Finding(WHERE, f"probe {number} asked reference {probe.reference}, which is not listed")
            return


def _check_line(log: ClockLog) -> Iterator[Finding]:
    for number, segment in enumerate(log.segments):
        if abs(segment.rate) > FASTEST:
            yield Finding(WHERE, f"segment {number} runs faster or slower than a clock may")
            return
    for number, (first, second) in enumerate(pairwise(log.segments)):
        jump = second.time - first.time_at(second.monotonic)
        if jump < -JITTER:
            yield Finding(WHERE, f"the clock goes back by {-jump} ns at segment {number + 1}")


def _check_order(log: ClockLog) -> Iterator[Finding]:
    moments = {"bounds": [moment for moment, _ in log.bounds], "states": [c.monotonic for c in log.changes]}
    for table, column in moments.items():
        if any(second < first for first, second in pairwise(column)):
            yield Finding(WHERE, f"the times of {table} go back")
    if any(bound < 0 for _, bound in log.bounds):
        yield Finding(WHERE, "a bound is negative")


def _check_summary(reader: StoreReader) -> Iterator[Finding]:
    logs, noted = reader.clock_logs(), reader.noted_clock_summaries()
    if noted is None:
        return
    for number, summary in enumerate(noted):
        times = summary.begin_time, summary.end_time
        if not any(summary in (summary_of(log, *times), summary_of(log)) for log in logs):
            yield Finding(WHERE, f"summary {number} is not what the log says")
