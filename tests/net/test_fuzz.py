"""Whatever is sent to a parser of the network, it reads it or refuses it, in bounded memory."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from studio.errors import RemoteProtocolError
from studio.formats.wire import Parser
from studio.net import clock_protocol, rendezvous_protocol
from studio.net.rendezvous_protocol import client_greeting_bytes
from tests.net.fuzzing import TARGETS, Target, fuzz

INPUTS = 100_000
MEMORY_LIMIT = 8 << 20
PIECE = 1 << 16


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_random_and_mutated_bytes_are_read_or_refused_and_nothing_else(target: Target) -> None:
    outcomes = fuzz(target, INPUTS, seed=1)
    assert outcomes.total() == INPUTS
    assert min(outcomes["refused"], outcomes["read to its end"] + outcomes["waits for more"]) > INPUTS // 100


def endless(head: bytes, again: bytes) -> list[bytes]:
    """Eight megabytes that begin so and go on so."""
    whole = head + again * ((1 << 23) // len(again))
    return [whole[begin : begin + PIECE] for begin in range(0, len(whole), PIECE)]


HELLO = client_greeting_bytes()
PROCESS = HELLO + bytes.fromhex("01 0150 00 40000000")
"""A process that announces the most endpoints there may be."""
MANY_STREAMS = bytes.fromhex("01 00 10270000") + b"\x00" * 20_000
"""An endpoint with the most streams there may be, each without a name or a type."""
LONG_NAME = b"\x80\x08" + b"x" * 1024
LONG_TYPE = b"\x80\x80\x04" + b"x" * 65536


@pytest.mark.parametrize(
    ("make", "pieces"),
    [
        pytest.param(clock_protocol.request_parser, endless(b"", b"\x00"), id="request"),
        pytest.param(clock_protocol.reply_parser, endless(b"\x01" * 8, b"\xff"), id="name"),
        pytest.param(rendezvous_protocol.client_parser, endless(PROCESS, MANY_STREAMS), id="streams"),
        pytest.param(
            rendezvous_protocol.client_parser,
            endless(PROCESS + bytes.fromhex("01 00 10270000"), LONG_NAME + LONG_TYPE),
            id="types",
        ),
        pytest.param(rendezvous_protocol.client_parser, endless(HELLO, b"\x02" + LONG_NAME), id="removals"),
    ],
)
def test_whoever_goes_on_and_on_costs_bounded_memory(
    make: Callable[[], Parser[Any]], pieces: list[bytes]
) -> None:
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        taken = _take(make(), pieces)
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert peak < MEMORY_LIMIT, f"{peak} bytes for {taken} bytes"


def _take(parser: Parser[Any], pieces: list[bytes]) -> int:
    """Feed until it is refused or all is taken; the values are thrown away."""
    taken = 0
    for piece in pieces:
        taken += len(piece)
        try:
            for _ in parser.feed(piece):
                pass
        except RemoteProtocolError:
            break
    return taken
