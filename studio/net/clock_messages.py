"""What a program and the clock process that it started say to each other: values, and as bytes in a pipe.

The program says what to measure and what to export; the process tells what it measured and who asked. Both
are this same program, so a message that cannot be read is a mistake, and ends the conversation.
"""

import json
import struct
from dataclasses import dataclass, fields
from typing import IO, TypeAlias

from studio.errors import RemoteProtocolError
from studio.net.tls_files import TlsFiles
from studio.timing.sync_status import ProbeOutcome, ProbeRecord

_LENGTH = struct.Struct("!I")
MAXIMUM_BYTES = 1 << 20
BURST = 4
PERIOD_S = 5.0


@dataclass(frozen=True, slots=True)
class Serve:
    """Export the clock that stands at `utc_time` when the monotonic one stands at `monotonic`."""

    number: int
    """Of this export, in what is said of it."""
    host: str
    port: int
    utc_time: int
    monotonic: int
    allowed: tuple[str, ...] = ()
    """Networks whose machines may ask; empty: all that reach the address."""
    tls: TlsFiles | None = None


@dataclass(frozen=True, slots=True)
class StopServing:
    """End that export."""

    number: int


@dataclass(frozen=True, slots=True)
class Follow:
    """Measure this exporter until told otherwise; instead of the one before."""

    number: int
    """Of this one, in what is said of it."""
    host: str
    port: int
    burst: int = BURST
    """Probes in a burst, once it has settled."""
    period_s: float = PERIOD_S
    """Between bursts, once it has settled."""
    settle_ms: float = 1.0
    """Between connecting and asking; an original exporter is kept from others meanwhile."""
    tls: TlsFiles | None = None


@dataclass(frozen=True, slots=True)
class Unfollow:
    """Measure nobody any more."""


@dataclass(frozen=True, slots=True)
class Hurry:
    """What the one that is followed says is doubtful: the next bursts soon."""


@dataclass(frozen=True, slots=True)
class MeasureNow:
    """A burst of so many at once, of the one that is followed."""

    count: int = 16


@dataclass(frozen=True, slots=True)
class Preview:
    """Ask another one a few times, once."""

    number: int
    host: str
    port: int
    count: int = 1
    tls: TlsFiles | None = None


Command: TypeAlias = Serve | StopServing | Follow | Unfollow | Hurry | MeasureNow | Preview


@dataclass(frozen=True, slots=True)
class Burst:
    """What a burst, or a part of one, has shown of the one that is followed."""

    number: int
    records: tuple[ProbeRecord, ...]
    machine: str = ""
    """As it calls itself; empty without an answer."""
    is_local: bool = False
    """Its address is one of this machine."""
    problem: str = ""
    """What the last failure was, for people."""
    is_asked_for: bool = False
    """It belongs to what `MeasureNow` asked for."""


@dataclass(frozen=True, slots=True)
class Previewed:
    """What a preview has shown."""

    number: int
    records: tuple[ProbeRecord, ...]
    machine: str = ""
    is_local: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Serving:
    """The export stands: where, and how many addresses have asked within the last minute."""

    number: int
    host: str
    port: int
    clients: int = 0
    answered: int = 0
    """Exchanges since it began."""
    set_by: int = 0
    """By that many ns this machine's wall clock has been set since; what is exported does not go along."""


@dataclass(frozen=True, slots=True)
class ServingFailed:
    """The export does not stand, or not any more."""

    number: int
    problem: str


@dataclass(frozen=True, slots=True)
class ClockProcessFailed:
    """Something else went wrong there; it goes on."""

    problem: str


Told: TypeAlias = Burst | Previewed | Serving | ServingFailed | ClockProcessFailed
_KINDS: dict[str, type[Command | Told]] = {
    kind.__name__: kind
    for kind in (
        *(Serve, StopServing, Follow, Unfollow, Hurry, MeasureNow, Preview),
        *(Burst, Previewed, Serving, ServingFailed, ClockProcessFailed),
    )
}


def write_message(pipe: IO[bytes], message: Command | Told) -> None:
    """Write it and flush. Raises OSError (BrokenPipeError when nobody reads any more)."""
    data = json.dumps(_plain(message)).encode()
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def read_message(pipe: IO[bytes]) -> Command | Told | None:
    """The next one; None at the end. Raises RemoteProtocolError for what is none, OSError."""
    head = pipe.read(_LENGTH.size)
    if not head:
        return None
    (length,) = _LENGTH.unpack(head) if len(head) == _LENGTH.size else (MAXIMUM_BYTES + 1,)
    data = pipe.read(length) if length <= MAXIMUM_BYTES else b""
    if len(data) != length:
        raise RemoteProtocolError("the other process broke off in the middle of a message")
    return _message(data)


def _plain(message: Command | Told) -> dict[str, object]:
    values = {field.name: _plain_value(getattr(message, field.name)) for field in fields(message)}
    return {"kind": type(message).__name__, **values}


def _plain_value(value: object) -> object:
    if isinstance(value, TlsFiles):
        return [value.certificate, value.key, value.trusted]
    if isinstance(value, tuple):
        return [_plain_value(part) for part in value]
    if isinstance(value, ProbeRecord):
        return [value.sent, value.received, value.stamp, int(value.outcome), value.reference]
    return value


def _message(data: bytes) -> Command | Told:
    try:
        values = json.loads(data)
        kind = _KINDS[values.pop("kind")]
        if "records" in values:
            values["records"] = tuple(_record(*record) for record in values["records"])
        if "allowed" in values:
            values["allowed"] = tuple(values["allowed"])
        if values.get("tls") is not None:
            values["tls"] = TlsFiles(*values["tls"])
        return kind(**values)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RemoteProtocolError(f"the other process sent what is no message: {error}") from error


def _record(sent: int, received: int, stamp: int, outcome: int, reference: int) -> ProbeRecord:
    return ProbeRecord(sent, received, stamp, ProbeOutcome(outcome), reference)
