"""Makes two machines trust each other: one waits, the other one calls, both users compare a code.

A thread for each session. Nothing is kept unless both users said that the codes are equal, and both machines
have signed it. What a stranger may take of one that waits: a few seconds at a time, and it waits on.
"""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeVar

from studio.engine.threads import StudioThread, spawn
from studio.errors import NetworkError, PairingError, RemoteProtocolError, StudioError
from studio.net.tcp_client import ClientConnection, Deadline, resolve
from studio.net.tcp_listener import TcpListener
from studio.net.tls_identity import Identity, check_certificate, has_signed, sign
from studio.net.tls_pairing_protocol import (
    DEFAULT_PORT,
    NUMBER_BYTES,
    Conversation,
    Hello,
    Said,
    Shown,
    Verdict,
    check_promise,
    pairing_parser,
    promise_of,
    said_bytes,
)
from studio.net.tls_store import PairedMachine, PairedMachines
from studio.timing import SystemClock

OPEN_S = 300.0
"""So long one waits for the other, and for the users."""
TALK_S = 5.0
"""So long machines may take for what needs no user."""
GLANCE_S = 0.1
CLOSE_S = 5.0
_READ_BYTES = 4096

SaidT = TypeVar("SaidT", Hello, Shown, Verdict)


class PairingState(Enum):
    """How far two machines are."""

    WAITING = "waiting"
    """For the other one."""
    COMPARING = "comparing"
    """Both users have to say whether they see the same code."""
    PAIRED = "paired"
    REFUSED = "refused"
    """One of the users said that the codes differ."""
    FAILED = "failed"
    """`PairingStatus.text` says why."""


ENDED = frozenset({PairingState.PAIRED, PairingState.REFUSED, PairingState.FAILED})


@dataclass(frozen=True, slots=True)
class PairingStatus:
    """How a session stands."""

    state: PairingState = PairingState.WAITING
    code: str = ""
    """To be compared, as `123 456`."""
    machine: str = ""
    """What the other one calls itself."""
    address: str = ""
    text: str = ""
    """Why it failed or was refused."""


class PairingSession:
    """One attempt. `start` begins; `answer` says what the user saw; `close` ends it in any state."""

    def __init__(
        self, store: PairedMachines, machine: str, host: str, port: int = DEFAULT_PORT, *, is_caller: bool
    ) -> None:
        """`machine` is what this one is called. A caller connects to `host`, another one listens there."""
        self._store = store
        self._machine = machine
        self._place = (host, port)
        self._is_caller = is_caller
        self._changed = threading.Condition()
        self._status = PairingStatus()
        self._answer: bool | None = None
        self._listener: TcpListener | None = None
        self._connection: ClientConnection | None = None
        self._thread: StudioThread | None = None

    def start(self) -> None:
        """Call, or listen. Raises NetworkError if it cannot listen there, MissingExtraError. Once only."""
        identity = self._store.identity(self._machine)
        if not self._is_caller:
            self._listener = TcpListener(*self._place)
            self._place = (self._listener.host, self._listener.port)
        self._thread = spawn(
            "pairing", lambda cancelled: self._run(identity, cancelled), lambda error: self._fail(str(error))
        )

    @property
    def host(self) -> str:
        """At which it listens, or which it calls."""
        return self._place[0]

    @property
    def port(self) -> int:
        """At which it listens, or which it calls."""
        return self._place[1]

    @property
    def status(self) -> PairingStatus:
        """As of now; any thread."""
        return self._status

    def answer(self, *, is_equal: bool) -> None:
        """The user has compared the codes. Raises PairingError if there is nothing to compare."""
        with self._changed:
            if self._status.state is not PairingState.COMPARING:
                raise PairingError("There is no code to compare, not yet or not any more.")
            self._answer = is_equal

    def wait_code(self, timeout_s: float) -> PairingStatus:
        """Wait until there is a code to compare, or no hope for one."""
        return self._wait(lambda state: state is not PairingState.WAITING, timeout_s)

    def wait_end(self, timeout_s: float) -> PairingStatus:
        """Wait for the outcome."""
        return self._wait(lambda state: state in ENDED, timeout_s)

    def close(self) -> None:
        """End it; what is not paired by now is not. Idempotent; any thread."""
        thread = self._thread
        if thread is None:
            return
        thread.cancel()
        for opened in (self._listener, self._connection):
            if opened is not None:
                opened.close()
        thread.join(CLOSE_S)

    def _wait(self, is_enough: Callable[[PairingState], bool], timeout_s: float) -> PairingStatus:
        with self._changed:
            self._changed.wait_for(lambda: is_enough(self._status.state), timeout_s)
            return self._status

    def _become(self, status: PairingStatus) -> None:
        with self._changed:
            self._status = status
            self._changed.notify_all()

    def _fail(self, text: str) -> None:
        self._become(replace(self._status, state=PairingState.FAILED, text=text))

    def _run(self, identity: Identity, cancelled: threading.Event) -> None:
        try:
            with_whom = self._meet(identity, Deadline(OPEN_S), cancelled)
            try:
                self._settle(with_whom, identity, Deadline(OPEN_S), cancelled)
            finally:
                with_whom.connection.close()
        except StudioError as error:
            self._fail(str(error))
        except OSError as error:
            self._fail("It was called off." if cancelled.is_set() else f"The connection ended: {error}.")
        finally:
            if self._listener is not None:
                self._listener.close()

    def _meet(self, identity: Identity, open_until: Deadline, cancelled: threading.Event) -> "_Meeting":
        if self._listener is None:
            return self._call(identity, cancelled)
        while True:
            try:
                connection = self._listener.accept(open_until)
            except TimeoutError as error:
                raise PairingError(f"No other machine has called within {OPEN_S:g} s.") from error
            try:
                return self._talk(connection, identity)
            except (StudioError, OSError):
                connection.close()
                if cancelled.is_set():
                    raise
                # A stranger, or one that has gone: wait for the next.

    def _call(self, identity: Identity, cancelled: threading.Event) -> "_Meeting":
        host, port = self._place
        deadline = Deadline(TALK_S, cancelled)
        try:
            connection = ClientConnection.open(resolve(host, port, deadline), deadline)
        except OSError as error:
            raise NetworkError(
                f"No machine waits to be paired at {host}:{port} ({error}). Begin on the other machine first."
            ) from error
        try:
            return self._talk(connection, identity)
        except RemoteProtocolError as error:
            connection.close()
            raise PairingError(f"Pairing with {host} failed: {error}.") from error
        except BaseException:
            connection.close()
            raise

    def _talk(self, connection: ClientConnection, identity: Identity) -> "_Meeting":
        """Everything up to the code."""
        self._connection = connection
        deadline = Deadline(TALK_S)
        hearing = _Hearing(connection)
        number = os.urandom(NUMBER_BYTES)
        own = Hello(self._machine, identity.certificate, promise_of(number, identity.certificate))
        if self._is_caller:
            connection.send(said_bytes(own), deadline)
        their = hearing.next(Hello, deadline)
        if their.certificate == identity.certificate:
            raise PairingError("A machine cannot be paired with itself.")
        check_certificate(their.certificate)
        if not self._is_caller:
            connection.send(said_bytes(own), deadline)
        else:
            connection.send(said_bytes(Shown(number)), deadline)
        shown = hearing.next(Shown, deadline)
        check_promise(their, shown)
        if not self._is_caller:
            connection.send(said_bytes(Shown(number)), deadline)
        said = (own, number, their, shown.number) if self._is_caller else (their, shown.number, own, number)
        conversation = Conversation(*said)
        address = connection.peer_address
        self._become(PairingStatus(PairingState.COMPARING, conversation.code, their.machine, address))
        return _Meeting(connection, hearing, conversation, their)

    def _settle(
        self, meeting: "_Meeting", identity: Identity, deadline: Deadline, cancelled: threading.Event
    ) -> None:
        """Both users say what they see."""
        told = False
        their: Verdict | None = None
        while their is None or not told:
            if cancelled.is_set():
                raise PairingError("It was called off.")
            if not told and self._answer is not None:
                told = True
                signature = sign(identity, meeting.conversation.to_sign(by_caller=self._is_caller))
                verdict = Verdict(signature if self._answer else b"")
                meeting.connection.send(said_bytes(verdict), Deadline(TALK_S))
                if not self._answer:
                    self._refuse(
                        "The codes differ: somebody may stand between both machines. Nothing was kept."
                    )
                    return
            if their is None:
                their = meeting.hearing.glance(deadline)
            elif not told:
                cancelled.wait(GLANCE_S)
                deadline.remaining_s()
            if their is not None and not their.is_equal:
                self._refuse("The user of the other machine says that the codes differ. Nothing was kept.")
                return
        self._keep(meeting, their)

    def _refuse(self, text: str) -> None:
        self._become(replace(self._status, state=PairingState.REFUSED, text=text))

    def _keep(self, meeting: "_Meeting", their: Verdict) -> None:
        certificate = meeting.their.certificate
        signed = meeting.conversation.to_sign(by_caller=not self._is_caller)
        if not has_signed(certificate, their.signature, signed):
            raise PairingError("The other machine does not have the key to the certificate it shows.")
        now = SystemClock().now()
        self._store.add(PairedMachine(meeting.their.machine, self._status.address, certificate, now))
        self._become(replace(self._status, state=PairingState.PAIRED))


class _Hearing:
    """What the other one says, in its order."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._parser = pairing_parser()
        self._said: list[Said] = []

    def next(self, kind: "type[SaidT]", deadline: Deadline) -> SaidT:
        """What has to come next. Raises RemoteProtocolError, OSError."""
        while not self._said:
            self._read(deadline)
        said = self._said.pop(0)
        assert isinstance(said, kind)  # the parser knows no other order
        return said

    def glance(self, deadline: Deadline) -> Verdict | None:
        """The verdict, if it comes now. Raises PairingError when the time is over."""
        if not deadline.remaining:
            raise PairingError("Nobody has compared the codes in time.")
        try:
            return self.next(Verdict, Deadline(GLANCE_S))
        except TimeoutError:
            return None

    def _read(self, deadline: Deadline) -> None:
        data = self._connection.receive(_READ_BYTES, deadline)
        if not data:
            raise PairingError("The other machine has ended the pairing.")
        self._said += self._parser.feed(data)


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Two machines whose users have a code to compare."""

    connection: ClientConnection
    hearing: _Hearing
    conversation: Conversation
    their: Hello
