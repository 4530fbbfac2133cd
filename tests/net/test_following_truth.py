"""The scenarios of the benchmark of clocks in a few seconds each: the truth is within the bound."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.bench_clock import HEADER, row
from tests.benchmarks.clock_run import run
from tests.benchmarks.clock_scenarios import SCENARIOS, Scenario
from tests.lab.network.machines import skip_without_networks

pytestmark = pytest.mark.timeout(400)

SECONDS = 6.0
CHOSEN = (
    *("loopback", "as the original", "5 ± 3 ms", "10 / 2 ms", "step +250 ms"),
    *("restart", "vanishes", "unplugged", "turns dripping"),
)


def check(scenario: Scenario, folder: Path, *, with_machines: bool) -> str:
    """Run it; its row of the table."""
    folder.mkdir()
    outcome = run(scenario, SECONDS, folder, with_machines=with_machines)
    assert len(outcome.moments) > 0, f"{scenario.name}: no offset was found"
    assert outcome.share_within() == 1.0, f"{scenario.name}: {row(outcome, 0.0)}"
    assert np.all(outcome.bounds >= 0)
    return row(outcome, 0.0)


@pytest.mark.namespace
def test_in_every_scenario_the_truth_is_within_the_promised_bound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    skip_without_networks()
    scenarios = [scenario for scenario in SCENARIOS if scenario.name in CHOSEN]
    assert len(scenarios) == len(CHOSEN)
    folders = [tmp_path / str(number) for number in range(len(scenarios))]
    with ThreadPoolExecutor(len(scenarios)) as pool:
        rows = list(pool.map(partial(check, with_machines=True), scenarios, folders))
    with capsys.disabled():
        print("", HEADER, *rows, sep="\n")


def test_where_no_machines_can_be_made_a_proxy_delays_and_the_bound_holds(
    tmp_path: Path,
) -> None:
    (scenario,) = (scenario for scenario in SCENARIOS if scenario.name == "5 ± 3 ms")
    check(scenario, tmp_path / "run", with_machines=False)
