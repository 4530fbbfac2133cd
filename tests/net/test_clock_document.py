"""The examples of the document on clocks in which one machine follows another, line by line (decision 14).

Those about the Rendezvous are in `test_document_examples`; what may not be done at once in
`test_clock_roles`.
"""

import sys

import pytest

from tests.lab.network.machines import skip_without_networks, two_machines
from tests.lab.network.program import LabProgram

pytestmark = [pytest.mark.namespace, pytest.mark.timeout(300)]

PATIENCE_S = 60.0
EXPORTING = """
import sys
from studio.net import RemoteClockExporter
from studio.timing import ClockAnchor, SystemClock

now = ClockAnchor.read()
another_time = SystemClock(ClockAnchor(utc_time=now.utc_time + 3_500_000_000, monotonic=now.monotonic))

# var remoteClock = new RemoteClockExporter(port: 1234);
remote_clock = RemoteClockExporter(port=1234, clock=another_time)

print(remote_clock.host, remote_clock.port, another_time.from_monotonic(0), flush=True)
sys.stdin.read()
remote_clock.close()
"""
IMPORTING = """
import sys
from studio.engine import Pipeline, generators
from studio.net import RemoteClockImporter
from studio.timing import NS_PER_MS, monotonic_ns

with Pipeline() as pipeline:
    # var remoteClockImporter = new RemoteClockImporter(pipeline, "123.123.123.123", 1234);
    remote_clock_importer = RemoteClockImporter(pipeline, sys.argv[1], 1234)
    # remoteClockImporter.Connected.WaitOne();
    remote_clock_importer.connected.wait(60)

    def tell(value, envelope, out):
        before = monotonic_ns()
        print(before, pipeline.get_current_time(), monotonic_ns(), flush=True)

    generators.range_(pipeline, 0, 5, interval=NS_PER_MS).process(tell)
    pipeline.run(require_sync=True)
    print(remote_clock_importer.status().reference.machine, remote_clock_importer.status().bound, flush=True)
    remote_clock_importer.close()
"""


def test_a_pipeline_is_stamped_with_the_clock_of_another_machine() -> None:
    skip_without_networks()
    with two_machines(("lab-master", "lab-camera")) as machines:
        exporting = machines.a.inside(sys.executable, "-c", EXPORTING)
        importing = machines.b.inside(sys.executable, "-c", IMPORTING, machines.a.address)
        with LabProgram(exporting) as exporter, LabProgram(importing) as importer:
            host, port, truth = exporter.heard(PATIENCE_S).split()
            assert (host, port) == (machines.a.address, "1234"), "the address at which others reach it"
            readings = [tuple(map(int, importer.heard(PATIENCE_S).split())) for _ in range(5)]
            machine, bound = importer.heard(PATIENCE_S).split()
            assert importer.rest() == ""
    assert machine == "lab-master"
    assert 0 < int(bound) < 1_000_000_000
    for before, time, after in readings:
        assert before + int(truth) - int(bound) - 100 <= time <= after + int(truth) + int(bound)
