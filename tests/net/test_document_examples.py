"""The examples of the document on clocks that are about the Rendezvous, line by line (decision 14)."""

import subprocess
import sys

from studio.engine import Pipeline, generators
from studio.net import RemoteClockImporter, Rendezvous, RendezvousClient
from studio.timing import NS_PER_MS

PATIENCE_S = 60.0
OTHER_MACHINE = """
import sys
from studio.net import RemoteClockExporter, Rendezvous, RendezvousServer

# var remoteClock = new RemoteClockExporter(port: 1234);
remote_clock = RemoteClockExporter(port=0, host="127.0.0.1")

# /// advertise MyApp endpoints (e.g. remoteClock)
# var remoteClockEndpoint = remoteClock.ToRendezvousEndpoint(host: "123.123.123.123");
remote_clock_endpoint = remote_clock.to_rendezvous_endpoint(host="127.0.0.1")
# var process = new Rendezvous.Process("MyApp", new[] { remoteClockEndpoint });
process = Rendezvous.Process("MyApp", [remote_clock_endpoint])
# var server = new RendezvousServer();
server = RendezvousServer(port=0, host="127.0.0.1")
# server.Rendezvous.TryAddProcess(process);
server.rendezvous.try_add_process(process)
# server.Start();
server.start()

print(server.port, flush=True)
sys.stdin.read()
server.stop()
remote_clock.close()
"""


def test_a_clock_is_advertised_by_one_program_and_found_by_another() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OTHER_MACHINE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other_machine:
        assert other_machine.stdout is not None
        port = int(other_machine.stdout.readline())
        importers = _import_what_is_found(port)
        other_machine.communicate(timeout=PATIENCE_S)
    assert other_machine.returncode == 0
    assert len(importers) == 1


def _import_what_is_found(port: int) -> list[RemoteClockImporter]:
    importers: list[RemoteClockImporter] = []
    with Pipeline() as pipeline:
        # var client = new RendezvousClient(host: "123.123.123.123");
        client = RendezvousClient(host="127.0.0.1", port=port)

        # client.Rendezvous.ProcessAdded += (_, p) =>
        def on_process_added(p: Rendezvous.Process) -> None:
            # if (p.Name == "MyApp")
            if p.name == "MyApp":
                # foreach (var e in p.Endpoints)
                for e in p.endpoints:
                    # if (e is Rendezvous.RemoteClockExporterEndpoint remoteClock)
                    if isinstance(e, Rendezvous.RemoteClockExporterEndpoint):
                        remote_clock = e
                        # // create remote clock importer to sync pipeline clock with remote MyApp
                        # var remoteClockImporter = remoteClock.ToRemoteClockImporter(pipeline);
                        importers.append(remote_clock.to_remote_clock_importer(pipeline))

        client.rendezvous.process_added.connect(on_process_added)
        # client.Connected.WaitOne();
        assert client.connected.wait(PATIENCE_S)
        # remoteClockImporter.Connected.WaitOne();
        (remote_clock_importer,) = importers
        assert remote_clock_importer.connected.wait(PATIENCE_S)
        generators.range_(pipeline, 0, 3, interval=NS_PER_MS)
        pipeline.run(require_sync=True)
        # The other program runs on this very machine, whose clock needs no correction (rule E239).
        assert remote_clock_importer.status().offset == 0
        remote_clock_importer.close()
        client.stop()
    return importers
