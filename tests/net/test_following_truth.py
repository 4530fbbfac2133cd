"""The scenarios of the benchmark of clocks in a few seconds each: the truth is always within the bound."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.bench_clock import HEADER, row
from tests.benchmarks.clock_run import run
from tests.benchmarks.clock_scenarios import SCENARIOS, Scenario
from tests.lab.network.machines import skip_without_networks

pytestmark = [pytest.mark.namespace, pytest.mark.timeout(400)]

SECONDS = 6.0
CHOSEN = ("loopback", "as the original", "5 ± 3 ms", "10 / 2 ms", "restart", "turns dripping", "step +250 ms")


def test_in_every_scenario_the_truth_is_within_the_promised_bound_at_every_moment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    skip_without_networks()
    scenarios = [scenario for scenario in SCENARIOS if scenario.name in CHOSEN]
    assert len(scenarios) == len(CHOSEN)

    def outcome_of(scenario: Scenario) -> str:
        folder = tmp_path / str(SCENARIOS.index(scenario))
        folder.mkdir()
        outcome = run(scenario, SECONDS, folder)
        assert len(outcome.moments) > 0, f"{scenario.name}: no offset was found"
        assert outcome.share_within() == 1.0, f"{scenario.name}: {row(outcome, 0.0)}"
        assert np.all(outcome.bounds >= 0)
        return row(outcome, 0.0)

    with ThreadPoolExecutor(len(scenarios)) as pool:
        rows = list(pool.map(outcome_of, scenarios))
    with capsys.disabled():
        print("", HEADER, *rows, sep="\n")
