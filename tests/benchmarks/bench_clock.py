"""How well a clock follows another one, against the truth and beside \\psi's single shot in the same run.

python -m tests.benchmarks.bench_clock [--seconds 600] [--jobs 4] [--only WORD]

Prints a row for each scenario, in microseconds: the true error of our clock (p50, p99, max, from 12 s on);
the median of the bound that is promised for it, and what that should be at most (half the median round trip
and 50); the share of moments at which the truth was within that bound; the true errors of single shots, at
once, and if they are believed to the end of the run. With fewer than 40 seconds figures count from a third
of them on.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from tests.benchmarks.clock_run import Ints, Outcome, run
from tests.benchmarks.clock_scenarios import SCENARIOS, Load, Scenario
from tests.lab.network.machines import missing_for_networks

FULL_S = 600.0
SETTLED_S = 12.0
BOUND_GRACE = 50_000
HEADER = (
    f"{'scenario':<18}{'ours p50':>9}{'p99':>9}{'max':>9}{'bound p50':>11}{'of':>7}{'within':>10}"
    f"{'shot p50':>10}{'p99':>9}{'max':>9}{'kept p50':>10}{'max':>9}   aims"
)


def quantiles(errors: Ints) -> tuple[float, float, float]:
    """Median, 99th percentile and largest, in microseconds."""
    if not len(errors):
        return (float("nan"),) * 3
    p50, p99 = np.percentile(errors, (50, 99))
    return float(p50) / 1e3, float(p99) / 1e3, float(errors.max()) / 1e3


def row(outcome: Outcome, settled_s: float) -> str:
    """One line of the table, all in microseconds."""
    ours = quantiles(outcome.errors_from(settled_s))
    bound, due = bound_and_due(outcome, settled_s)
    shots, kept = quantiles(outcome.shots), quantiles(outcome.held_shots)
    return (
        f"{outcome.scenario.name:<18}{ours[0]:>9.0f}{ours[1]:>9.0f}{ours[2]:>9.0f}{bound:>11.0f}"
        f"{due:>7.0f}{outcome.share_within():>10.3%}{shots[0]:>10.0f}{shots[1]:>9.0f}{shots[2]:>9.0f}"
        f"{kept[0]:>10.0f}{kept[2]:>9.0f}   {aims(outcome)}"
    )


def bound_and_due(outcome: Outcome, settled_s: float) -> tuple[float, float]:
    """Median of the bound, and what it should be at most (decision 31), in microseconds."""
    counted = outcome.after(settled_s)
    if not counted.any():
        return float("nan"), float("nan")
    due = np.median(outcome.round_trips[counted]) / 2 + BOUND_GRACE
    return float(np.median(outcome.bounds[counted])) / 1e3, float(due) / 1e3


def aims(outcome: Outcome) -> str:
    """Which aims were reached."""
    said = []
    for second, limit in outcome.scenario.aims:
        errors = outcome.errors_from(second)
        if len(errors):
            is_met = np.percentile(errors, 99) <= limit
            said.append(f"{'met' if is_met else 'MISSED'}: p99 <= {limit // 1000} from {second:.0f} s")
    return "; ".join(said)


def main(arguments: Iterable[str] | None = None) -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=FULL_S)
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--only", default="")
    chosen = parser.parse_args(arguments)
    reason = missing_for_networks()
    if reason:
        print(f"on loopback and through a proxy only, as far as that goes: {reason}", file=sys.stderr)
    scenarios = [s for s in SCENARIOS if chosen.only in s.name and (s.has_poorer_variant or not reason)]
    settled_s = SETTLED_S if chosen.seconds >= 40 else chosen.seconds / 3
    print(f"microseconds; from {settled_s:.0f} s of {chosen.seconds:.0f} s on\n{HEADER}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        measure = partial(run, duration_s=chosen.seconds, folder=Path(folder), with_machines=not reason)
        run_all(scenarios, measure, chosen.jobs, settled_s)


def run_all(
    scenarios: list[Scenario], measure: Callable[[Scenario], Outcome], jobs: int, settled_s: float
) -> None:
    """Those that disturb nobody side by side, the others one by one."""
    quiet = [scenario for scenario in scenarios if scenario.load is Load.NONE]
    loud = [scenario for scenario in scenarios if scenario.load is not Load.NONE]
    with ThreadPoolExecutor(jobs) as pool:
        for outcome in pool.map(measure, quiet):
            print(row(outcome, settled_s), flush=True)
    for scenario in loud:
        print(row(measure(scenario), settled_s), flush=True)


if __name__ == "__main__":
    main()
