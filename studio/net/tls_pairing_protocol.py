"""How two machines show each other their certificates, and get a code that is equal if nobody stands between.

No I/O. Both say hello with their certificate and a promise: the digest of a number they drew. Only when both
promises are there the numbers are shown, first that of the one who called. The code follows from both
certificates, names and numbers: who stands between had to promise his numbers before he knew theirs, so he
has one guess in a million (decision 32). In the end each signs all that was said, or says no.
"""

import hashlib
from dataclasses import dataclass
from typing import TypeAlias

from studio.errors import LocalProtocolError, RemoteProtocolError
from studio.formats.wire import (
    Need,
    Parser,
    Reading,
    int_bytes,
    read_count,
    read_int,
    read_string,
    string_bytes,
)
from studio.net.clock_protocol import MACHINE_NAME_BYTES
from studio.net.tls_identity import CERTIFICATE_BYTES, SIGNATURE_BYTES

DEFAULT_PORT = 11513
VERSION = 1
NUMBER_BYTES = 32
DIGITS = 6
_MAGIC = b"studio pairing"
_PROMISE = b"studio pairing promise"
_CODE = b"studio pairing code"
_VERDICT = b"studio pairing verdict"


@dataclass(frozen=True, slots=True)
class Hello:
    """Who somebody is, and the promise of his number."""

    machine: str
    certificate: bytes
    promise: bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """The number that was promised."""

    number: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What his user said: the codes are equal (then with a signature of all that was said), or not."""

    signature: bytes = b""

    @property
    def is_equal(self) -> bool:
        """Whether the user said so."""
        return bool(self.signature)


Said: TypeAlias = Hello | Shown | Verdict


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that two machines said before their users compare."""

    caller: Hello
    caller_number: bytes
    called: Hello
    called_number: bytes

    @property
    def code(self) -> str:
        """What both users compare, as `123 456`."""
        number = int.from_bytes(hashlib.sha256(_CODE + self._all()).digest(), "big") % 10**DIGITS
        digits = f"{number:0{DIGITS}}"
        return f"{digits[: DIGITS // 2]} {digits[DIGITS // 2 :]}"

    def to_sign(self, *, by_caller: bool) -> bytes:
        """What each signs who says that the codes are equal."""
        return _VERDICT + bytes([by_caller]) + self._all()

    def _all(self) -> bytes:
        parts = (*_parts(self.caller), self.caller_number, *_parts(self.called), self.called_number)
        return b"".join(len(part).to_bytes(4, "little") + part for part in parts)


def promise_of(number: bytes, certificate: bytes) -> bytes:
    """Of a number, by the one with that certificate."""
    return hashlib.sha256(_PROMISE + hashlib.sha256(certificate).digest() + number).digest()


def check_promise(hello: Hello, shown: Shown) -> None:
    """Raises RemoteProtocolError if another number was promised."""
    if promise_of(shown.number, hello.certificate) != hello.promise:
        raise RemoteProtocolError(
            "the other machine does not keep its promise; somebody may stand in between"
        )


def pairing_parser() -> Parser[Said]:
    """What the other one says, in this order."""
    return Parser(_read(), value_limit=2 * CERTIFICATE_BYTES)


def said_bytes(said: Said) -> bytes:
    """As it is sent. Raises LocalProtocolError for what is longer than the other one takes."""
    match said:
        case Hello(machine, certificate, promise):
            name = string_bytes(machine, MACHINE_NAME_BYTES, "the name of this machine")
            head = _MAGIC + int_bytes(VERSION, 2, "the version") + name
            return head + _counted(certificate, CERTIFICATE_BYTES, "the certificate") + promise
        case Shown(number):
            return number
        case Verdict(signature):
            return _counted(signature, SIGNATURE_BYTES, "the signature")


def _counted(data: bytes, limit: int, what: str) -> bytes:
    if len(data) > limit:
        raise LocalProtocolError(f"{what} has {len(data)} bytes; at most {limit} can be sent")
    return int_bytes(len(data), 4, what) + data


def _parts(hello: Hello) -> tuple[bytes, ...]:
    return hello.machine.encode(), hello.certificate, hello.promise


def _read() -> "Reading[Said, None]":
    magic = yield Need(len(_MAGIC))
    if magic != _MAGIC:
        raise RemoteProtocolError("the other side does not pair machines of the studio")
    version = yield from read_int(2)
    if version != VERSION:
        raise RemoteProtocolError(f"the other machine pairs by version {version}, this one by {VERSION}")
    machine = yield from read_string(MACHINE_NAME_BYTES, "the name of the other machine")
    count = yield from read_count(CERTIFICATE_BYTES, "bytes of a certificate")
    certificate = yield Need(count)
    promise = yield Need(NUMBER_BYTES)
    yield Hello(machine, certificate, promise)
    number = yield Need(NUMBER_BYTES)
    yield Shown(number)
    count = yield from read_count(SIGNATURE_BYTES, "bytes of a signature")
    signature = yield Need(count)
    yield Verdict(signature)
