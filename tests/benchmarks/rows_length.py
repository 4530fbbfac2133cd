"""What a recording costs when it is long, beside one of ten minutes; `bench_length` measures ten hours."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.bench_length import rows
from tests.benchmarks.table import Row, Verdict

HOURS = 1.0
QUICK_HOURS = 0.2
COMMITS_PER_S = 1


def measure(quick: bool) -> Iterator[Row]:
    """Its figures as rows of the table; here the ratio is long to short, and less is better."""
    hours = QUICK_HOURS if quick else HOURS
    with tempfile.TemporaryDirectory() as folder:
        for found in rows(Path(folder), hours, COMMITS_PER_S):
            has_aim = found.aim != float("inf")
            met = Verdict.MET if found.ratio <= found.aim else Verdict.MISSED
            yield Row(
                f"after {hours:g} h of recording: {found.what}",
                f"{found.long:.3g}",
                f"<= {found.aim:g} x" if has_aim else "",
                met if has_aim else Verdict.NONE,
                f"after 10 minutes: {found.short:.3g}",
                found.ratio,
            )
