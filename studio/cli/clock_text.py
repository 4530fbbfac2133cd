"""The certificate of a recording's clock, printed for people."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.timing.clock_summary import ClockSummary


def print_clock(summaries: "Sequence[ClockSummary]") -> None:
    """One block for each log; nothing for a recording without."""
    from studio.app.clock_certificate import certificate_lines
    from studio.cli.output import print_text

    for summary in summaries:
        first, *others = certificate_lines(summary)
        print_text(f"Clock: {first}.")
        for line in others:
            print_text(f"  {line}.")
