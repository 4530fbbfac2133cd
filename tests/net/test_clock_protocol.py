"""The bytes by which a clock is asked for and told: those of \\psi, in any pieces, and nothing else."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import LocalProtocolError, RemoteProtocolError
from studio.formats.psi_time import ticks_from_time
from studio.net.clock_protocol import (
    MACHINE_NAME_BYTES,
    ClockMachine,
    ClockRequest,
    ClockStamp,
    machine_bytes,
    reply_parser,
    request_bytes,
    request_parser,
    stamp_bytes,
)
from studio.timing import TIME_MAX, TIME_MIN
from tests.net.feeding import at_once, in_pieces

CAPTURE = json.loads((Path(__file__).parents[1] / "data/psi_wire/clock_handshake.json").read_text())
times = st.integers(min_value=TIME_MIN + 100, max_value=TIME_MAX - 1)
names = st.text(max_size=60)


def test_e235_what_an_original_importer_says_is_read_and_is_what_ours_says() -> None:
    said = bytes.fromhex(CAPTURE["c2s_hex"])
    assert at_once(request_parser, said) == [ClockRequest()]
    assert request_bytes() == said


def test_e235_what_an_original_exporter_says_is_read_and_is_what_ours_says() -> None:
    said = bytes.fromhex(CAPTURE["s2c_hex"])
    (decoded,) = CAPTURE["decoded"]["s2c"]
    stamp, machine = at_once(reply_parser, said)
    assert isinstance(stamp, ClockStamp)
    assert ticks_from_time(stamp.time) == decoded["utc_ticks"]
    assert machine == ClockMachine(decoded["machine"])
    assert stamp_bytes(stamp.time) + machine_bytes("vm") == said


def test_the_stamp_is_there_as_soon_as_its_eight_bytes_are() -> None:
    parser = reply_parser()
    assert list(parser.feed(stamp_bytes(0)[:7])) == []
    assert list(parser.feed(stamp_bytes(0)[7:])) == [ClockStamp(0)]
    assert not parser.has_ended
    assert list(parser.feed(machine_bytes("LAB-A"))) == [ClockMachine("LAB-A")]
    assert parser.has_ended


@given(time=times, name=names, cuts=st.sets(st.integers(0, 80)))
def test_a_reply_in_any_pieces_says_the_same(time: int, name: str, cuts: set[int]) -> None:
    said = stamp_bytes(time) + machine_bytes(name)
    expected = [ClockStamp(time - time % 100), ClockMachine(name)]
    assert in_pieces(reply_parser, said, cuts) == expected


@pytest.mark.parametrize("version", [b"\x01\x00", b"\xff\xff", b"GET / HTTP/1.1\r\n"])
def test_another_version_is_refused_and_nothing_more_is_taken(version: bytes) -> None:
    parser = request_parser()
    with pytest.raises(RemoteProtocolError, match="version"):
        list(parser.feed(version))
    assert parser.has_ended


def test_bytes_after_the_request_or_the_reply_are_refused() -> None:
    with pytest.raises(RemoteProtocolError, match="3 bytes came after the end"):
        at_once(request_parser, request_bytes() + b"abc")
    with pytest.raises(RemoteProtocolError, match="after the end"):
        at_once(reply_parser, stamp_bytes(0) + machine_bytes("") + b"x")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (stamp_bytes(0) + b"\xff\xff\xff\xff\x07", "at most 1020"),  # a name of 2 GB
        (stamp_bytes(0) + b"\xff\xff\xff\xff\xff\x01", "more than 5 bytes"),
        (b"\x00" * 8, "end of time"),
        (b"\x01" + b"\x00" * 7, "cannot be"),
    ],
)
def test_a_reply_that_cannot_be_is_refused_at_once(said: bytes, reason: str) -> None:
    with pytest.raises(RemoteProtocolError, match=reason):
        at_once(reply_parser, said)


def test_a_name_that_is_no_text_is_read_as_far_as_it_is() -> None:
    assert at_once(reply_parser, stamp_bytes(0) + b"\x03a\xffb")[1] == ClockMachine("a\ufffdb")


def test_what_no_exporter_may_say_cannot_be_said() -> None:
    with pytest.raises(LocalProtocolError, match="1021 bytes"):
        machine_bytes("x" * (MACHINE_NAME_BYTES + 1))
    with pytest.raises(LocalProtocolError, match="half a character"):
        machine_bytes("\ud800")
    with pytest.raises(LocalProtocolError, match="end of time"):
        stamp_bytes(TIME_MAX)
