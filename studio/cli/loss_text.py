"""Prints the loss account of a recording: what is missing of each stream, why and when."""

from collections import defaultdict
from collections.abc import Sequence

from studio.app.value_text import duration_text
from studio.cli.output import print_table
from studio.formats.recording import LossEntry
from studio.timing import NS_PER_S, Timestamp


def print_losses(losses: Sequence[LossEntry], begin: Timestamp) -> None:
    """A line for each stream and reason; times count from `begin`. Prints nothing when nothing is missing."""
    grouped: defaultdict[tuple[str, str], list[LossEntry]] = defaultdict(list)
    for loss in losses:
        grouped[loss.stream, loss.reason].append(loss)
    if grouped:
        rows = [(*names, *_columns(entries, begin)) for names, entries in grouped.items()]
        print_table(("missing of", "why", ">how much", ">times", ">from", ">to"), rows)


def _columns(entries: Sequence[LossEntry], begin: Timestamp) -> tuple[str, ...]:
    count = sum(entry.count for entry in entries)
    ends = min(entry.from_time for entry in entries), max(entry.to_time for entry in entries)
    return (
        str(count) if count else "unknown",
        str(len(entries)),
        *(duration_text(max(0, end - begin) / NS_PER_S) for end in ends),
    )
