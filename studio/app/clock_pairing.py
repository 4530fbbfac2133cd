"""Pairs this machine with others from commands, and says how it stands: one attempt at a time.

The session has a thread of its own; nothing here waits for the network. Commands come from one thread, `view`
and `paired` may be asked for from any.
"""

import threading
from collections.abc import Callable

from studio.app.clock_sync import PairedView, PairingStep, PairingView
from studio.errors import PairingError
from studio.net.clock_serving import machine_name
from studio.net.tcp_addresses import serving_address
from studio.net.tls_pairing import PairingSession
from studio.net.tls_store import PairedMachines


class ClockPairing:
    """Starts nothing until it is told to."""

    def __init__(
        self, paired: PairedMachines | None = None, own_address: Callable[[], str] = lambda: ""
    ) -> None:
        """`paired`: those of the user, unless said otherwise. `own_address`: where others reach this machine,

        if somebody has chosen that; asked when it begins to wait.
        """
        self._paired = PairedMachines() if paired is None else paired
        self._own_address = own_address
        self._lock = threading.Lock()
        self._session: PairingSession | None = None
        self._is_caller = self._is_answered = False
        self._stamp = 0
        self._known: tuple[PairedView, ...] = ()

    def begin(self, host: str, port: int) -> None:
        """Call the machine that waits at `host`; empty: wait to be called. What was under way is ended.

        Raises NetworkError if it cannot wait there, MissingExtraError, PairingError.
        """
        self.end()
        where = host or self._own_address() or serving_address()
        session = PairingSession(self._paired, machine_name(), where, port, is_caller=bool(host))
        session.start()
        with self._lock:
            self._session, self._is_caller, self._is_answered = session, bool(host), False

    def answer(self, *, is_equal: bool) -> None:
        """The user has compared the codes. Raises PairingError if there is nothing to compare."""
        if self._session is None:
            raise PairingError("No pairing is under way.")
        self._session.answer(is_equal=is_equal)
        with self._lock:
            self._is_answered = True

    def end(self) -> None:
        """Call off what is under way; what is not paired by now is not. Idempotent."""
        with self._lock:
            session, self._session = self._session, None
        if session is not None:
            session.close()

    def forget(self, fingerprint: str) -> None:
        """Trust that machine no more. Raises PairingError if it cannot be forgotten."""
        self._paired.forget(fingerprint)

    def view(self) -> PairingView | None:
        """How the attempt stands."""
        with self._lock:
            session, is_caller, is_answered = self._session, self._is_caller, self._is_answered
        if session is None:
            return None
        status = session.status
        return PairingView(
            step=PairingStep(status.state.value),
            is_caller=is_caller,
            host=session.host,
            port=session.port,
            code=status.code,
            machine=status.machine,
            address=status.address,
            is_answered=is_answered,
            text=status.text,
        )

    def paired(self) -> tuple[PairedView, ...]:
        """All machines that this one trusts; their files are read when they have changed."""
        stamp = self._paired.stamp
        with self._lock:
            if stamp == self._stamp:
                return self._known
        known = tuple(PairedView(one.machine, one.address, one.fingerprint) for one in self._paired.machines)
        with self._lock:
            self._stamp, self._known = stamp, known
        return known
