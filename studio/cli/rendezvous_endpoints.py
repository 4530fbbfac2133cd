"""What a process offers, as it is typed: `HOST:PORT`, `STREAM:TYPE@HOST:PORT`, `STREAM:TYPE@ADDRESS`."""

from collections.abc import Iterable, Sequence

import typer

from studio.cli.place import parsed_place
from studio.net.clock_protocol import DEFAULT_PORT
from studio.net.endpoints import (
    Endpoint,
    NetMQSourceEndpoint,
    RemoteClockExporterEndpoint,
    Stream,
    TcpSourceEndpoint,
)


def endpoints_of(clocks: Sequence[str], tcp: Sequence[str], netmq: Sequence[str]) -> tuple[Endpoint, ...]:
    """All of them; streams of one publisher are put together. Raises BadParameter."""
    return (
        *(RemoteClockExporterEndpoint(*parsed_place(text, DEFAULT_PORT)) for text in clocks),
        *(_tcp_source(text) for text in tcp),
        *_publishers(netmq),
    )


def _tcp_source(text: str) -> TcpSourceEndpoint:
    stream, place = _stream_at(text)
    host, colon, port = place.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise typer.BadParameter(f"'{text}' does not say at which host and port; write STREAM:TYPE@HOST:PORT")
    return TcpSourceEndpoint(host, int(port), (stream,))


def _publishers(texts: Iterable[str]) -> tuple[NetMQSourceEndpoint, ...]:
    streams: dict[str, tuple[Stream, ...]] = {}
    for text in texts:
        stream, address = _stream_at(text)
        streams[address] = (*streams.get(address, ()), stream)
    return tuple(NetMQSourceEndpoint(address, these) for address, these in streams.items())


def _stream_at(text: str) -> tuple[Stream, str]:
    what, at, place = text.rpartition("@")
    name, _, type_name = what.partition(":")
    if not at or not name or not place:
        raise typer.BadParameter(f"'{text}' is no stream at a place; write STREAM:TYPE@PLACE")
    return Stream(name, type_name), place
