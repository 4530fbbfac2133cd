"""Answers how exact the times of a recording are. Belongs to the thread of the reader that is asked."""

from studio.app.answers import RecordedClock
from studio.store.reader import StoreReader
from studio.timing.clock_curve import curve_of_log
from studio.timing.clock_summary import summary_of


def recorded_clocks(reader: StoreReader) -> tuple[RecordedClock, ...]:
    """One for each log of the recording; none if it ran on its own clock."""
    logs, summaries = reader.clock_logs(), reader.clock_summaries()
    if len(summaries) != len(logs):
        summaries = tuple(summary_of(log) for log in logs)
    return tuple(
        RecordedClock(summary, curve_of_log(log, summary.doubtful))
        for log, summary in zip(logs, summaries, strict=True)
    )
