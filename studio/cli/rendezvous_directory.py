"""What the verbs of `studio rendezvous` do with a directory, their own or another machine's."""

import json as json_format
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from studio.app.clock_choices import is_every_address
from studio.cli.interruption import interruptible
from studio.cli.output import print_text, printable, remark
from studio.errors import NetworkError, SettingsError
from studio.net.endpoints import Endpoint, NetMQSourceEndpoint, Process, RemoteExporterEndpoint
from studio.net.rendezvous_client import RendezvousClient
from studio.net.rendezvous_server import RendezvousServer

_KINDS = ("TCP", "NetMQ", "streams", "clock")
"""As people read it, in the order of the kinds on the wire."""


def serve_directory(host: str | None, port: int, *, seconds: float | None, json: bool) -> None:
    """Until a signal, or the end of the time. Raises NetworkError, SettingsError if it cannot."""
    if is_every_address(host or ""):
        raise SettingsError(
            f"{host} stands for all addresses of this machine: give the one at which others shall reach it."
        )
    say = _Teller(json=json)
    server = RendezvousServer(port, host)
    server.error.connect(lambda error: remark(str(error)))
    with interruptible() as interrupted, server:
        say.happened(
            "serving", f"Rendezvous at {server.host}:{server.port}", host=server.host, port=server.port
        )
        server.rendezvous.process_added.connect(
            lambda process: say.happened(
                "added", f"+ {_sentence(process)}", process=process_document(process)
            )
        )
        server.rendezvous.process_removed.connect(
            lambda process: say.happened("removed", f"- {process.name}", process=process_document(process))
        )
        interrupted.wait(seconds)
    say.happened("ended", "Rendezvous ended.")


def listed(host: str, port: int, timeout_s: float) -> tuple[Process, ...]:
    """What is known there. Raises NetworkError, RemoteProtocolError."""
    with _connected(host, port, timeout_s) as client:
        return client.rendezvous.processes


def add_process(host: str, port: int, process: Process, *, replace: bool, timeout_s: float) -> None:
    """Add it and see that it is there. Raises NetworkError: it is not, or its name is taken."""
    with _connected(host, port, timeout_s) as client:
        known = client.rendezvous.process(process.name)
        if known == process:
            return
        if known is not None and not replace:
            raise NetworkError(
                f"There is a process called {process.name} at {host} already; remove it, or use --replace."
            )
        client.rendezvous.replace_process(process)
    if process not in listed(host, port, timeout_s):
        raise NetworkError(f"{host} did not take {process.name} in; somebody may have changed it meanwhile.")


def remove_process(host: str, port: int, name: str, *, timeout_s: float) -> None:
    """Remove it and see that it is gone. Raises NetworkError: it is not, or was not there."""
    with _connected(host, port, timeout_s) as client:
        if not client.rendezvous.try_remove_process(name):
            raise NetworkError(f"There is no process called {name} at {host}.")
    if any(process.name == name for process in listed(host, port, timeout_s)):
        raise NetworkError(f"{host} still lists {name}; somebody may have added it again.")


def process_document(process: Process) -> dict[str, Any]:
    """A process as JSON has it."""
    endpoints = [_endpoint_document(endpoint) for endpoint in process.endpoints]
    return {"name": process.name, "version": process.version, "endpoints": endpoints}


def process_rows(process: Process) -> list[tuple[str, ...]]:
    """A process as lines of a table: one for each endpoint."""
    rows = [
        (_KINDS[endpoint.kind], _place(endpoint), ", ".join(stream.name for stream in endpoint.streams))
        for endpoint in process.endpoints
    ]
    told = [(process.name, process.version, *row) for row in rows or [("nothing", "", "")]]
    return [tuple(map(printable, row)) for row in told]


def _endpoint_document(endpoint: Endpoint) -> dict[str, Any]:
    document: dict[str, Any] = {"kind": endpoint.kind.name.lower()}
    if isinstance(endpoint, NetMQSourceEndpoint):
        document["address"] = endpoint.address
    else:
        document |= {"host": endpoint.host, "port": endpoint.port}
    if isinstance(endpoint, RemoteExporterEndpoint):
        document["transport"] = endpoint.transport.name.lower()
    streams = [{"name": stream.name, "type": stream.type_name} for stream in endpoint.streams]
    return document | {"streams": streams}


def _place(endpoint: Endpoint) -> str:
    if isinstance(endpoint, NetMQSourceEndpoint):
        return endpoint.address
    return f"{endpoint.host}:{endpoint.port}"


def _sentence(process: Process) -> str:
    offers = ", ".join(f"{_KINDS[one.kind]} at {_place(one)}" for one in process.endpoints)
    return f"{process.name}: {offers or 'nothing'}"


@contextmanager
def _connected(host: str, port: int, timeout_s: float) -> Iterator[RendezvousClient]:
    """A client that knows all there is; Ctrl+C ends the waiting."""
    with RendezvousClient(host, port) as client:
        client.error.connect(lambda error: None)  # told by whoever waits
        if not client.connected.wait(timeout_s):
            reason = client.problem or "it does not answer"
            raise NetworkError(
                f"No Rendezvous was found at {host}:{port} within {timeout_s:g} s: {reason}. "
                "Start one there with `studio rendezvous serve`, or give another address."
            )
        yield client


class _Teller:
    """Says what happens, to people or to programs; from several threads, a whole line at a time."""

    def __init__(self, *, json: bool) -> None:
        self._json = json
        self._lock = threading.Lock()

    def happened(self, event: str, sentence: str, **details: Any) -> None:
        """One thing."""
        with self._lock:
            if self._json:
                sys.stdout.write(json_format.dumps({"event": event, **details}, allow_nan=False) + "\n")
                sys.stdout.flush()
            else:
                print_text(printable(sentence))
