"""Random and mutated bytes for every parser of the network: only RemoteProtocolError may come of them.

python -m tests.net.fuzzing [inputs] [seed]

goes on for a million inputs a parser, unless told otherwise, and says what became of them and how fast.
"""

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.errors import RemoteProtocolError
from studio.formats.wire import Parser
from studio.net import clock_protocol, rendezvous_protocol, tls_pairing_protocol
from studio.net.endpoints import (
    NetMQSourceEndpoint,
    Process,
    RemoteClockExporterEndpoint,
    RemoteExporterEndpoint,
    Stream,
    TcpSourceEndpoint,
    Transport,
)
from studio.net.rendezvous_protocol import ProcessAdded, ProcessRemoved, record_bytes

DATA = Path(__file__).parents[1] / "data/psi_wire"
SOAK_INPUTS = 1_000_000
EXTREMES = (
    b"\xff",
    b"\xff\xff\xff\xff\x07",
    b"\xff\xff\xff\x7f",
    b"\x00\x00\x00\x80",
    b"\x80\x80\x80\x80\x80\x01",
)
"""Lengths and counts that nobody should believe."""


@dataclass(frozen=True, slots=True)
class Target:
    """A parser, and what it is used to."""

    name: str
    make: Callable[[], Parser[Any]]
    seeds: tuple[bytes, ...]


def clock_targets() -> Iterator[Target]:
    """Both sides of the protocol of clocks."""
    said = json.loads((DATA / "clock_handshake.json").read_text())
    reply = clock_protocol.stamp_bytes(1_700_000_000_000_000_000) + clock_protocol.machine_bytes("é" * 200)
    yield Target("clock request", clock_protocol.request_parser, (bytes.fromhex(said["c2s_hex"]),))
    yield Target("clock reply", clock_protocol.reply_parser, (bytes.fromhex(said["s2c_hex"]), reply))


def rendezvous_targets() -> Iterator[Target]:
    """Both sides of the protocol of Rendezvous; single records, since long sessions only cost time."""
    endpoints = (
        RemoteClockExporterEndpoint("1.2.3.4", 11511),
        TcpSourceEndpoint("h", 5, (Stream("s", "T"),)),
        NetMQSourceEndpoint("tcp://x:1", (Stream("a", "System.Double"), Stream("b", "T"))),
        RemoteExporterEndpoint("h2", 6, Transport.NAMED_PIPES, (Stream("c", "T"),)),
    )
    records = [record_bytes(ProcessRemoved("P")), b"\x00"]
    records += [record_bytes(ProcessAdded(Process("P", (endpoint,), "v"))) for endpoint in endpoints]
    records.append(record_bytes(ProcessAdded(Process("MyApp", endpoints))) + records[0])
    client = rendezvous_protocol.client_greeting_bytes()
    server = rendezvous_protocol.server_greeting_bytes("127.0.0.1", ())
    yield Target(
        "rendezvous client", rendezvous_protocol.client_parser, tuple(client + each for each in records)
    )
    yield Target(
        "rendezvous server", rendezvous_protocol.server_parser, tuple(server + each for each in records)
    )


def pairing_targets() -> Iterator[Target]:
    """What two machines say to each other before they trust each other."""
    hello = tls_pairing_protocol.Hello("LAB-A", b"certificate" * 20, b"p" * 32)
    said: tuple[tls_pairing_protocol.Said, ...] = (
        hello,
        tls_pairing_protocol.Shown(b"n" * 32),
        tls_pairing_protocol.Verdict(b"s" * 71),
    )
    whole = b"".join(map(tls_pairing_protocol.said_bytes, said))
    yield Target("pairing", tls_pairing_protocol.pairing_parser, (whole,))


TARGETS = (*clock_targets(), *rendezvous_targets(), *pairing_targets())


def inputs(target: Target, count: int, random_: random.Random) -> Iterator[bytes]:
    """So many inputs: one in eight all random, the others what it is used to with some damage."""
    for number in range(count):
        if number % 8 == 0:
            yield random_.randbytes(random_.randrange(40))
        else:
            yield mutated(random_.choice(target.seeds), target, random_)


def mutated(seed: bytes, target: Target, random_: random.Random) -> bytes:
    """A seed with one to three pieces of damage."""
    data = bytearray(seed)
    for _ in range(random_.randrange(1, 4)):
        place = random_.randrange(len(data) + 1)
        kind = random_.randrange(6)
        if kind == 0:
            data[place : place + 1] = random_.randbytes(1)
        elif kind == 1:
            del data[place : place + random_.randrange(1, 5)]
        elif kind == 2:
            data[place:place] = random_.randbytes(random_.randrange(1, 5))
        elif kind == 3:
            del data[place:]
        elif kind == 4:
            extreme = random_.choice(EXTREMES)
            data[place : place + len(extreme)] = extreme
        else:
            data[place:] = random_.choice(target.seeds)[place:]
    return bytes(data)


def feed(target: Target, data: bytes, cut: int) -> str:
    """Feed it in two pieces; what became of it. Anything but RemoteProtocolError goes on upwards."""
    parser = target.make()
    try:
        values = [*parser.feed(data[:cut]), *parser.feed(data[cut:])]
    except RemoteProtocolError:
        assert parser.has_ended
        assert parser.waiting_bytes == 0
        return "refused"
    assert parser.waiting_bytes <= len(data)
    for value in values:
        if isinstance(value, ProcessAdded | ProcessRemoved):
            assert isinstance(record_bytes(value), bytes), "what was read can be said again"
    return "read to its end" if parser.has_ended else "waits for more" if values else "nothing yet"


def fuzz(target: Target, count: int, seed: int) -> Counter[str]:
    """Feed so many inputs; what became of them."""
    random_ = random.Random(f"{target.name} {seed}")
    outcomes: Counter[str] = Counter()
    for data in inputs(target, count, random_):
        try:
            outcomes[feed(target, data, random_.randrange(len(data) + 1))] += 1
        except Exception as error:
            error.add_note(f"{target.name} was fed {data.hex()}")
            raise
    return outcomes


def main() -> None:
    """See the module."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SOAK_INPUTS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns()
    print(f"seed {seed}")
    for target in TARGETS:
        began = time.perf_counter()
        outcomes = fuzz(target, count, seed)
        took = time.perf_counter() - began
        said = ", ".join(f"{many} {outcome}" for outcome, many in outcomes.most_common())
        print(f"{target.name}: {count} inputs in {took:.1f} s: {said}", flush=True)


if __name__ == "__main__":
    main()
