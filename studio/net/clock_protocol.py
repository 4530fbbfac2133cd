"""How a clock is asked for and told (rule E235): two bytes there, a stamp and a name back. No I/O.

One exchange a connection. The importer sends the version; the exporter answers with its time in ticks and the
name of its machine, and closes. Times are UTC as \\psi counts it, in steps of 100 ns.
"""

from dataclasses import dataclass

from studio.errors import LocalProtocolError, RemoteProtocolError
from studio.formats.psi_time import ticks_from_time, time_from_ticks
from studio.formats.wire import Parser, Reading, int_bytes, read_int, read_string, string_bytes
from studio.timing import TIME_MAX, TIME_MIN, Timestamp

DEFAULT_PORT = 11511
VERSION = 0
MACHINE_NAME_BYTES = 1020
"""Longest name of a machine that is believed; host names have at most 255 characters."""
REQUEST_BYTES = 2
STAMP_BYTES = 8


@dataclass(frozen=True, slots=True)
class ClockRequest:
    """An importer asks for the time, in the version that we speak."""


@dataclass(frozen=True, slots=True)
class ClockStamp:
    """The exporter's time; it comes before the name, and is what is timed."""

    time: Timestamp


@dataclass(frozen=True, slots=True)
class ClockMachine:
    """The name of the exporter's machine, as it gives it; then it closes."""

    name: str


def request_parser() -> Parser[ClockRequest]:
    """For an exporter: what an importer says."""
    return Parser(_read_request(), value_limit=REQUEST_BYTES)


def reply_parser() -> Parser[ClockStamp | ClockMachine]:
    """For an importer: what an exporter says."""
    return Parser(_read_reply(), value_limit=2 * MACHINE_NAME_BYTES)


def request_bytes() -> bytes:
    """What an importer sends at once."""
    return int_bytes(VERSION, REQUEST_BYTES, "the version")


def stamp_bytes(time: Timestamp) -> bytes:
    """The time as an exporter sends it; to be made last, just before it is sent (rule E242, 12)."""
    if time in (TIME_MIN, TIME_MAX):
        raise LocalProtocolError("a clock that stands at an end of time cannot be told")
    return int_bytes(ticks_from_time(time), STAMP_BYTES, "the time")


def machine_bytes(name: str) -> bytes:
    """The machine's name as an exporter sends it after the stamp."""
    return string_bytes(name, MACHINE_NAME_BYTES, "the name of this machine")


def _read_request() -> "Reading[ClockRequest, None]":
    version = yield from read_int(REQUEST_BYTES)
    if version != VERSION:
        raise RemoteProtocolError(
            f"the importer speaks version {version} of the clock protocol, not {VERSION}"
        )
    yield ClockRequest()


def _read_reply() -> "Reading[ClockStamp | ClockMachine, None]":
    ticks = yield from read_int(STAMP_BYTES)
    try:
        time = time_from_ticks(ticks)
    except ValueError as error:
        raise RemoteProtocolError(f"the exporter tells a time that cannot be: {error}") from error
    if time in (TIME_MIN, TIME_MAX):
        raise RemoteProtocolError("the exporter's clock stands at an end of time")
    yield ClockStamp(time)
    name = yield from read_string(MACHINE_NAME_BYTES, "the name of the exporter's machine")
    yield ClockMachine(name)
