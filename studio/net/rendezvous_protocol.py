"""How machines tell each other what they offer (rules E248, E249): greetings, then records both ways. No I/O.

The client sends the version; the server answers with the version, the client's address as it sees it, and all
processes it knows; from then on both send records: a process added, one removed, or the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from studio.errors import LocalProtocolError, RemoteProtocolError
from studio.formats.wire import (
    Need,
    Parser,
    Part,
    Reading,
    int_bytes,
    read_count,
    read_int,
    read_string,
    string_bytes,
)
from studio.net.endpoints import (
    Endpoint,
    EndpointKind,
    NetMQSourceEndpoint,
    Process,
    RemoteClockExporterEndpoint,
    RemoteExporterEndpoint,
    Stream,
    TcpSourceEndpoint,
    Transport,
)

DEFAULT_PORT = 13331
VERSION = 2
NAME_BYTES = 1024
TYPE_NAME_BYTES = 65536
MOST_PROCESSES = 1000
MOST_ENDPOINTS = 64
MOST_STREAMS = 10_000
"""Of a process, in all: one without a name takes two bytes on the wire and forty times that in memory."""
RECORD_BYTES = 1 << 20
"""All that is said of one process."""

LEAVES_NOTHING = "studio: remove my processes when I am gone"
"""A client of ours that asks to remove the process of this name asks for that (rule E253, 6).

Servers of \\psi know no process of that name, and say nothing of it to anybody.
"""


class Action(IntEnum):
    """The first byte of a record."""

    DISCONNECT = 0
    ADD_PROCESS = 1
    REMOVE_PROCESS = 2


@dataclass(frozen=True, slots=True)
class ClientGreeting:
    """A client wants to take part, in the version that we speak."""


@dataclass(frozen=True, slots=True)
class ServerGreeting:
    """The server takes the client in; `process_count` records of processes follow."""

    client_address: str
    process_count: int


@dataclass(frozen=True, slots=True)
class ProcessAdded:
    """There is a process, or the sender says so: a name that is known already changes nothing."""

    process: Process


@dataclass(frozen=True, slots=True)
class ProcessRemoved:
    """The process of that name is gone."""

    name: str


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The sender says nothing more."""


Record: TypeAlias = ProcessAdded | ProcessRemoved | Disconnected


def client_parser() -> Parser[ClientGreeting | Record]:
    """For a server: what a client says."""
    return Parser(_read_client(), value_limit=RECORD_BYTES)


def server_parser() -> Parser[ServerGreeting | Record]:
    """For a client: what a server says."""
    return Parser(_read_server(), value_limit=RECORD_BYTES)


def client_greeting_bytes() -> bytes:
    """What a client sends first."""
    return int_bytes(VERSION, 2, "the version")


def server_greeting_bytes(client_address: str, processes: Sequence[Process]) -> bytes:
    """What a server answers; with everything it knows."""
    if len(processes) > MOST_PROCESSES:
        raise LocalProtocolError(f"{len(processes)} processes are more than the {MOST_PROCESSES} others take")
    greeting = (
        int_bytes(VERSION, 2, "the version"),
        string_bytes(client_address, NAME_BYTES, "the address of the client"),
        int_bytes(len(processes), 4, "the number of processes"),
    )
    return b"".join((*greeting, *(record_bytes(ProcessAdded(process)) for process in processes)))


def record_bytes(record: Record) -> bytes:
    """A record as it is sent. Raises LocalProtocolError for what is longer than others take."""
    match record:
        case ProcessAdded(process):
            return bytes([Action.ADD_PROCESS]) + _process_bytes(process)
        case ProcessRemoved(name):
            return bytes([Action.REMOVE_PROCESS]) + string_bytes(name, NAME_BYTES, "the name of a process")
        case Disconnected():
            return bytes([Action.DISCONNECT])


def _process_bytes(process: Process) -> bytes:
    if len(process.endpoints) > MOST_ENDPOINTS:
        raise LocalProtocolError(
            f"process {process.name!r} has {len(process.endpoints)} endpoints; others take {MOST_ENDPOINTS}"
        )
    streams = sum(len(endpoint.streams) for endpoint in process.endpoints)
    if streams > MOST_STREAMS:
        raise LocalProtocolError(
            f"process {process.name!r} has {streams} streams; others take {MOST_STREAMS}"
        )
    head = (
        string_bytes(process.name, NAME_BYTES, "the name of a process"),
        string_bytes(process.version, NAME_BYTES, "the version of a process"),
        int_bytes(len(process.endpoints), 4, "the number of endpoints"),
    )
    data = b"".join((*head, *map(_endpoint_bytes, process.endpoints)))
    if len(data) >= RECORD_BYTES:
        raise LocalProtocolError(
            f"process {process.name!r} takes {len(data)} bytes; others take {RECORD_BYTES}"
        )
    return data


def _endpoint_bytes(endpoint: Endpoint) -> bytes:
    streams = b"".join(
        string_bytes(stream.name, NAME_BYTES, "the name of a stream")
        + string_bytes(stream.type_name, TYPE_NAME_BYTES, "the type of a stream")
        for stream in endpoint.streams
    )
    count = int_bytes(len(endpoint.streams), 4, "the number of streams")
    return bytes([endpoint.kind]) + _place_bytes(endpoint) + count + streams


def _place_bytes(endpoint: Endpoint) -> bytes:
    if isinstance(endpoint, NetMQSourceEndpoint):
        return string_bytes(endpoint.address, NAME_BYTES, "the address of an endpoint")
    place = string_bytes(endpoint.host, NAME_BYTES, "the host of an endpoint")
    place += int_bytes(endpoint.port, 4, "the port of an endpoint")
    if isinstance(endpoint, RemoteExporterEndpoint):
        place += int_bytes(endpoint.transport, 4, "the transport of an endpoint")
    return place


def _read_client() -> "Reading[ClientGreeting | Record, None]":
    yield from _read_version("client")
    yield ClientGreeting()
    yield from _read_records()


def _read_server() -> "Reading[ServerGreeting | Record, None]":
    yield from _read_version("server")
    address = yield from read_string(NAME_BYTES, "the address of the client")
    count = yield from read_count(MOST_PROCESSES, "processes")
    yield ServerGreeting(address, count)
    yield from _read_records()


def _read_version(who: str) -> Part[None]:
    version = yield from read_int(2)
    if version != VERSION:
        raise RemoteProtocolError(f"the {who} speaks version {version} of Rendezvous, not {VERSION}")


def _read_records() -> "Reading[Record, None]":
    while True:
        (byte,) = yield Need(1)
        if byte == Action.ADD_PROCESS:
            process = yield from _read_process()
            yield ProcessAdded(process)
        elif byte == Action.REMOVE_PROCESS:
            name = yield from read_string(NAME_BYTES, "the name of a process")
            yield ProcessRemoved(name)
        elif byte == Action.DISCONNECT:
            yield Disconnected()
            return
        else:
            raise RemoteProtocolError(f"there is no record of kind {byte}; there are 0, 1 and 2")


def _read_process() -> Part[Process]:
    name = yield from read_string(NAME_BYTES, "the name of a process")
    version = yield from read_string(NAME_BYTES, "the version of a process")
    count = yield from read_count(MOST_ENDPOINTS, "endpoints")
    endpoints = []
    left = MOST_STREAMS
    for _ in range(count):
        endpoint = yield from _read_endpoint(left)
        left -= len(endpoint.streams)
        endpoints.append(endpoint)
    return Process(name, tuple(endpoints), version)


def _read_endpoint(most_streams: int) -> Part[Endpoint]:
    (kind,) = yield Need(1)
    if kind == EndpointKind.NETMQ_SOURCE:
        address = yield from read_string(NAME_BYTES, "the address of an endpoint")
        streams = yield from _read_streams(most_streams)
        return NetMQSourceEndpoint(address, streams)
    if kind not in list(EndpointKind):
        raise RemoteProtocolError(f"there is no endpoint of kind {kind}; there are 0 to 3")
    host = yield from read_string(NAME_BYTES, "the host of an endpoint")
    port = yield from read_int(4)
    if kind == EndpointKind.TCP_SOURCE:
        if not host:
            raise RemoteProtocolError("a TCP source without a host is announced")
        streams = yield from _read_streams(min(1, most_streams))
        return TcpSourceEndpoint(host, port, streams)
    if kind == EndpointKind.REMOTE_EXPORTER:
        transport = yield from _read_transport()
        streams = yield from _read_streams(most_streams)
        return RemoteExporterEndpoint(host, port, transport, streams)
    yield from _read_streams(0)
    return RemoteClockExporterEndpoint(host, port)


def _read_transport() -> Part[Transport]:
    number = yield from read_int(4)
    if number not in list(Transport):
        raise RemoteProtocolError(f"there is no transport {number}; there are 0 to 2")
    return Transport(number)


def _read_streams(limit: int) -> Part[tuple[Stream, ...]]:
    count = yield from read_count(limit, "streams")
    streams = []
    for _ in range(count):
        name = yield from read_string(NAME_BYTES, "the name of a stream")
        type_name = yield from read_string(TYPE_NAME_BYTES, "the type of a stream")
        streams.append(Stream(name, type_name))
    return tuple(streams)
