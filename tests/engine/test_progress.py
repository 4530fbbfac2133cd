"""Progress never goes back and ends with 1.0, once (rules E184-E188)."""

import pytest

from studio.engine import Pipeline, generators
from studio.engine.progress import ProgressReporter
from tests.engine.components import MS, Collector, PushSource
from tests.waiting import wait_until

START = 1_577_934_245_000 * MS


@pytest.mark.rules("E184", "E185", "E187", "E188")
def test_a_bounded_replay_reports_rising_parts_and_one_at_the_end() -> None:
    reports: list[float] = []
    with Pipeline("p") as p:
        p.progress_report_interval = 20 * MS
        Collector(p, generators.range_(p, 0, 50, interval=10 * MS))
        p.run(start=START, end=START + 500 * MS, progress=reports.append)
    assert reports == sorted(reports)
    assert reports[-1] == 1.0
    assert reports.count(1.0) == 1
    assert len(reports) > 8
    assert 0.3 < reports[len(reports) // 2] < 0.7


@pytest.mark.rules("E187")
def test_a_run_that_has_come_to_its_last_message_is_done_only_when_it_has_ended() -> None:
    reports: list[float] = []
    estimates = iter([0.5, 1.0, 1.0])
    failures: list[BaseException] = []
    reporter = ProgressReporter(reports.append, lambda: next(estimates), MS, failures.append)
    reporter.start()
    wait_until(lambda: bool(failures))  # there are no more estimates
    assert reports == [0.5]
    reporter.finish()
    assert reports == [0.5, 1.0]


@pytest.mark.rules("E186")
def test_an_unbounded_run_reports_nothing_done_until_it_is_done() -> None:
    reports: list[float] = []
    with Pipeline("p") as p:
        p.progress_report_interval = 5 * MS
        PushSource(p)
        p.run_async(progress=reports.append)
        wait_until(lambda: len(reports) >= 3)
        assert set(reports) == {0.0}
    assert reports[-1] == 1.0


@pytest.mark.rules("E187")
def test_a_run_shorter_than_the_interval_still_reports_its_end() -> None:
    reports: list[float] = []
    with Pipeline("p") as p:
        generators.return_(p, 1)
        p.run(progress=reports.append)
    assert reports == [1.0]
