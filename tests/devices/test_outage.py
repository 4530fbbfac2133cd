"""An outage is said once, counted once and ended once."""

import pytest

from studio.devices.device import DeviceState
from studio.devices.health import DeviceMonitor
from studio.devices.outage import Outage
from studio.devices.outlet import Outlet
from studio.engine import Pipeline
from studio.formats.payload import PayloadKind, StreamFormat
from studio.timing import NS_PER_S
from tests.devices.running import Reports

THEN = 1_780_000_000 * NS_PER_S


class Bench:
    def __init__(self) -> None:
        self.outlet = Outlet(Pipeline("bench"), self, "cam", StreamFormat(PayloadKind.IMAGE))
        self.monitor = DeviceMonitor((self.outlet.monitor,))
        self.reports = Reports()
        self.outage = Outage(
            self.outlet, self.monitor, self.reports, device_id="camera:0", label="The camera 'cam'"
        )


def test_what_would_have_come_in_between_is_counted() -> None:
    bench = Bench()
    bench.outage.begin("stopped answering.", THEN)
    bench.outage.begin("cannot be opened: no.", THEN + 5)
    assert bench.monitor.state is DeviceState.LOST
    bench.outage.end(THEN + 2 * NS_PER_S, 30.0)
    bench.outage.end(THEN + 3 * NS_PER_S, 30.0)
    (gap,) = bench.reports.gaps
    assert (gap.stream, gap.from_time, gap.to_time) == ("cam", THEN, THEN + 2 * NS_PER_S)
    assert gap.expected == 59  # frames 1 to 59 of 60 intervals
    assert gap.reason == "The camera 'cam' stopped answering."
    assert [text for _, text in bench.reports.notes] == [
        "The camera 'cam' stopped answering. It is retried every second.",
        "The camera 'cam' answers again after 2.0 seconds.",
    ]
    assert bench.monitor.state is DeviceState.RUNNING
    assert bench.monitor.snapshot().message == ""
    health = bench.outlet.monitor.snapshot()
    assert (health.produced, health.dropped, health.gaps) == (59, 59, 1)


def test_the_first_answer_is_no_outage() -> None:
    bench = Bench()
    bench.outage.end(THEN, 30.0)
    bench.outage.close(THEN + NS_PER_S, 30.0)
    assert bench.monitor.state is DeviceState.RUNNING
    assert bench.reports.gaps == bench.reports.notes == []


@pytest.mark.parametrize(("final", "gaps"), [(THEN + NS_PER_S, 1), (THEN, 0), (THEN - 1, 0)])
def test_an_outage_at_the_end_lasts_until_the_click(final: int, gaps: int) -> None:
    bench = Bench()
    bench.outage.begin("stopped answering.", THEN)
    bench.outage.close(final, 30.0)
    bench.outage.close(final, 30.0)
    assert [gap.expected for gap in bench.reports.gaps] == [30] * gaps


def test_a_rate_that_is_unknown_expects_nothing() -> None:
    bench = Bench()
    bench.outage.begin("stopped answering.", THEN)
    bench.outage.end(THEN + NS_PER_S, 0.0)
    assert bench.reports.gaps[0].expected == 0
