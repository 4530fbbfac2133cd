"""The bytes by which machines find each other: those of \\psi, in any pieces, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import LocalProtocolError, RemoteProtocolError
from studio.net.endpoints import (
    Endpoint,
    NetMQSourceEndpoint,
    Process,
    RemoteClockExporterEndpoint,
    RemoteExporterEndpoint,
    Stream,
    TcpSourceEndpoint,
    Transport,
)
from studio.net.rendezvous_protocol import (
    MOST_ENDPOINTS,
    MOST_PROCESSES,
    MOST_STREAMS,
    NAME_BYTES,
    RECORD_BYTES,
    ClientGreeting,
    Disconnected,
    ProcessAdded,
    ProcessRemoved,
    Record,
    ServerGreeting,
    client_greeting_bytes,
    client_parser,
    record_bytes,
    server_greeting_bytes,
    server_parser,
)
from tests.net.feeding import at_once, in_pieces

DATA = Path(__file__).parents[1] / "data/psi_wire"
CAPTURES = [json.loads((DATA / name).read_text()) for name in sorted(p.name for p in DATA.glob("rendez*"))]

streams = st.builds(Stream, st.text(max_size=8), st.text(max_size=30))
several = st.lists(streams, max_size=3).map(tuple)
ports = st.integers(min_value=-(2**31), max_value=2**31 - 1)
endpoints = st.one_of(
    st.builds(
        TcpSourceEndpoint, st.text(min_size=1, max_size=9), ports, st.lists(streams, max_size=1).map(tuple)
    ),
    st.builds(NetMQSourceEndpoint, st.text(max_size=20), several),
    st.builds(RemoteExporterEndpoint, st.text(max_size=9), ports, st.sampled_from(Transport), several),
    st.builds(RemoteClockExporterEndpoint, st.text(max_size=9), ports),
)
processes = st.builds(
    Process, st.text(max_size=9), st.lists(endpoints, max_size=4).map(tuple), st.text(max_size=5)
)
records = st.one_of(st.builds(ProcessAdded, processes), st.builds(ProcessRemoved, st.text(max_size=9)))


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda capture: capture["description"][:40])
def test_e248_all_that_original_processes_said_is_read_and_said_by_ours_byte_for_byte(
    capture: dict[str, Any],
) -> None:
    client, server = bytes.fromhex(capture["c2s_hex"]), bytes.fromhex(capture["s2c_hex"])
    greeting, *said = at_once(client_parser, client)
    assert greeting == ClientGreeting()
    assert client_greeting_bytes() + b"".join(map(record_bytes, _records(said))) == client
    assert _described(said) == _expected(capture["decoded"]["c2s"][1:])

    welcome, *answered = at_once(server_parser, server)
    assert isinstance(welcome, ServerGreeting)
    told, count = _records(answered), welcome.process_count
    known = [record.process for record in told[:count] if isinstance(record, ProcessAdded)]
    head = server_greeting_bytes(welcome.client_address, known)
    assert head + b"".join(map(record_bytes, told[count:])) == server
    assert _described(told) == _expected(capture["decoded"]["s2c"][1:])


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda capture: capture["description"][:40])
def test_byte_by_byte_says_the_same_as_all_at_once(capture: dict[str, Any]) -> None:
    client, server = bytes.fromhex(capture["c2s_hex"]), bytes.fromhex(capture["s2c_hex"])
    assert in_pieces(client_parser, client, range(len(client))) == at_once(client_parser, client)
    assert in_pieces(server_parser, server, range(len(server))) == at_once(server_parser, server)


def test_e249_the_bytes_of_the_example_are_those_of_its_process() -> None:
    process = Process(
        "MyApp",
        (
            RemoteClockExporterEndpoint("1.2.3.4", 11511),
            TcpSourceEndpoint("h", 5, (Stream("s", "T"),)),
            NetMQSourceEndpoint("tcp://x:1"),
            RemoteExporterEndpoint("h2", 6, Transport.NAMED_PIPES),
        ),
        "v1",
    )
    said = bytes.fromhex(
        "0200 093132372E302E302E31 01000000 01 054D79417070 027631 04000000"
        " 03 07312E322E332E34 F72C0000 00000000 00 0168 05000000 01000000 0173 0154"
        " 01 097463703A2F2F783A31 00000000 02 026832 06000000 02000000 00000000"
    )
    assert server_greeting_bytes("127.0.0.1", [process]) == said
    assert at_once(server_parser, said) == [ServerGreeting("127.0.0.1", 1), ProcessAdded(process)]
    assert record_bytes(ProcessAdded(Process("P2"))) == bytes.fromhex("010250320000000000")
    assert record_bytes(ProcessRemoved("P2")) == bytes.fromhex("02025032")


@given(said=st.lists(records, max_size=4), cuts=st.sets(st.integers(0, 400)))
def test_any_records_in_any_pieces_come_as_they_were_sent(said: list[Record], cuts: set[int]) -> None:
    data = client_greeting_bytes() + b"".join(map(record_bytes, [*said, Disconnected()]))
    assert in_pieces(client_parser, data, cuts) == [ClientGreeting(), *said, Disconnected()]


@given(data=st.binary(max_size=200))
def test_garbage_is_read_or_refused_and_nothing_else(data: bytes) -> None:
    for parser in (client_parser(), server_parser()):
        try:
            list(parser.feed(b"\x02\x00" + data))
        except RemoteProtocolError:
            assert parser.has_ended


@given(st.data())
def test_what_original_processes_said_with_a_few_bytes_changed_is_read_or_refused(
    data: st.DataObject,
) -> None:
    said = bytearray.fromhex(data.draw(st.sampled_from(CAPTURES))["s2c_hex"])
    for _ in range(data.draw(st.integers(1, 4))):
        said[data.draw(st.integers(0, len(said) - 1))] = data.draw(st.integers(0, 255))
    parser = server_parser()
    try:
        list(parser.feed(bytes(said)))
    except RemoteProtocolError:
        assert parser.has_ended
    assert parser.waiting_bytes <= len(said)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("0300", "version 3"),
        ("0200 03", "kind 3"),
        ("0200 01 0150 00 01000000 04", "endpoint of kind 4"),
        ("0200 01 0150 00 01000000 00 00 05000000 00000000", "without a host"),
        ("0200 01 0150 00 01000000 00 0168 05000000 02000000", "2 streams"),
        ("0200 01 0150 00 01000000 03 0168 05000000 01000000", "1 streams"),
        ("0200 01 0150 00 01000000 02 0168 05000000 07000000", "transport 7"),
        ("0200 01 0150 00 ffffffff", "-1 endpoints"),
        ("0200 01 0150 00 ffffff7f", "endpoints are announced"),
        ("0200 01 ffffffff07", "at most 1024"),
        ("0200 00 00", "after the end"),
    ],
)
def test_what_breaks_the_rules_is_refused_with_the_reason(said: str, reason: str) -> None:
    with pytest.raises(RemoteProtocolError, match=reason):
        at_once(client_parser, bytes.fromhex(said))


def test_what_was_said_before_the_rules_were_broken_counts() -> None:
    said = client_parser().feed(client_greeting_bytes() + record_bytes(ProcessRemoved("P")) + b"\x09")
    assert (next(said), next(said)) == (ClientGreeting(), ProcessRemoved("P"))
    with pytest.raises(RemoteProtocolError, match="kind 9"):
        next(said)


def test_a_process_that_goes_on_and_on_is_cut_off() -> None:
    parser = client_parser()
    list(parser.feed(client_greeting_bytes() + bytes.fromhex("01 0150 00 40000000 01 00 10270000")))
    stream = b"\x00" + b"\x80\x80\x04" + b"x" * 65536
    for _ in range(RECORD_BYTES // len(stream) - 1):
        assert not list(parser.feed(stream))
    with pytest.raises(RemoteProtocolError, match=f"more than {RECORD_BYTES} bytes"):
        list(parser.feed(2 * stream))
    assert parser.waiting_bytes == 0


def test_what_others_would_not_take_is_not_sent() -> None:
    endpoint: Endpoint = RemoteClockExporterEndpoint("h", 1)
    with pytest.raises(LocalProtocolError, match="1025 bytes"):
        record_bytes(ProcessRemoved("x" * (NAME_BYTES + 1)))
    with pytest.raises(LocalProtocolError, match="65 endpoints"):
        record_bytes(ProcessAdded(Process("P", (endpoint,) * (MOST_ENDPOINTS + 1))))
    with pytest.raises(LocalProtocolError, match="does not fit"):
        record_bytes(ProcessAdded(Process("P", (RemoteClockExporterEndpoint("h", 2**31),))))
    with pytest.raises(LocalProtocolError, match="1001 processes"):
        server_greeting_bytes("", [Process(str(n)) for n in range(MOST_PROCESSES + 1)])
    half = NetMQSourceEndpoint("a", (Stream("s", "T"),) * (MOST_STREAMS // 2 + 1))
    with pytest.raises(LocalProtocolError, match="10002 streams"):
        record_bytes(ProcessAdded(Process("P", (half, half))))


def test_a_process_of_a_list_of_endpoints_is_the_same_as_one_of_a_tuple() -> None:
    endpoint = RemoteClockExporterEndpoint("h", 1)
    assert Process("A", [endpoint]) == Process("A", (endpoint,))  # type: ignore[arg-type]


def test_e245_an_endpoint_that_cannot_be_is_refused_when_it_is_made() -> None:
    with pytest.raises(ValueError, match="needs the host"):
        TcpSourceEndpoint("", 1)
    with pytest.raises(ValueError, match="2 are given"):
        TcpSourceEndpoint("h", 1, (Stream("a", "T"), Stream("b", "T")))


def _records(said: list[Any]) -> list[Record]:
    assert all(isinstance(value, (ProcessAdded, ProcessRemoved, Disconnected)) for value in said)
    return said


def _described(said: list[Any]) -> list[tuple[str, ...]]:
    """Action, name, version, and kinds of endpoints with their streams."""
    return [_one(record) for record in said]


def _one(record: Record) -> tuple[str, ...]:
    match record:
        case ProcessAdded(process):
            kinds = (f"{int(e.kind)}:{','.join(s.name for s in e.streams)}" for e in process.endpoints)
            return "add", process.name, process.version, *kinds
        case ProcessRemoved(name):
            return "remove", name
        case Disconnected():
            return ("disconnect",)


def _expected(decoded: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    expected = []
    for record in decoded:
        kinds = (
            f"{e['kind_byte']}:{','.join(s['name'] for s in e['streams'])}"
            for e in record.get("endpoints", ())
        )
        words = (record[key] for key in ("name", "version") if key in record)
        expected.append((record["action"], *words, *kinds))
    return expected


def test_it_is_known_whether_a_record_has_begun() -> None:
    parser = client_parser()
    assert parser.is_between_values
    for byte in (client_greeting_bytes() + record_bytes(ProcessRemoved("abc")))[:-1]:
        completed = list(parser.feed(bytes([byte])))
        assert parser.is_between_values is bool(completed)
    assert list(parser.feed(b"c")) == [ProcessRemoved("abc")]
    assert parser.is_between_values
    assert list(parser.feed(record_bytes(Disconnected()))) == [Disconnected()]
    assert parser.is_between_values
