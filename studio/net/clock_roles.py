"""The one registry of what this program wants of other clocks (decision 33), and the rules between them.

One clock is followed, or this one's is exported; both, or two different ones, contradict each other and raise
ClockRoleError in the caller, at once wherever addresses tell (rule E240, sync.md 4.2). What only the other
machine's name can tell is stored in the lease and raised where it is waited for. Leases are counted: the last
one to be released ends what stands behind it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from studio.errors import ClockRoleError, StudioError
from studio.net.clock_lease import ExportLease, FollowLease, Place
from studio.net.clock_link import ClockLink
from studio.net.clock_serving import machine_name
from studio.net.synchroniser import Synchroniser
from studio.net.tcp_addresses import is_local_address
from studio.net.tcp_client import Deadline, resolve
from studio.net.tls_files import TlsFiles
from studio.timing import SystemClock
from studio.timing.sync_status import Reference

if TYPE_CHECKING:
    from concurrent.futures import Future

    from studio.net.clock_messages import Previewed

LOOK_UP_S = 2.0
LISTENING_S = 30.0
"""Python may take long to start on a busy machine."""
IDENTITY_PROBES = 3
OTHER_WAY_S = 3.0
"""So long it may take to find out whether an address is another way to who is followed already."""


class ClockRoles:
    """All leases of one process. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._exports: list[ExportLease] = []
        self._follows: list[FollowLease] = []
        self._link: ClockLink | None = None
        self._link_users = 0
        self._recordings = 0
        self._released_meanwhile: list[Callable[[], None]] = []

    # -- exporting ----------------------------------------------------------------------------------------

    def export(
        self,
        host: str,
        port: int,
        *,
        clock: SystemClock | None = None,
        allowed: tuple[str, ...] = (),
        tls: TlsFiles | None = None,
        timeout_s: float = LISTENING_S,
    ) -> ExportLease:
        """Export the clock of this program; returns when it is listened at that address (port 0: any free).

        Raises ClockRoleError while another machine is followed or something is recorded, NetworkError if
        nobody can be listened for there, RoleError.
        """
        with self._lock:
            shared = next((lease for lease in self._exports if port and lease.place == (host, port)), None)
            if shared is not None:
                shared.count += 1
                return shared
            self._require_no_recording(f"export its clock at {host}:{port}")
            self._require_nobody_followed(host, port)
            exported = self._exports[0].clock if self._exports else clock or SystemClock()
            lease = ExportLease((host, port), exported, self._release_export)
            self._exports.append(lease)
            link = self._use_link()
        lease.begin(link, allowed, tls)
        try:
            lease.wait_until_listening(timeout_s)
        except BaseException:
            lease.release()
            raise
        return lease

    def _require_nobody_followed(self, host: str, port: int) -> None:
        for lease in self._follows:
            if not lease.may_be_self:
                raise ClockRoleError(
                    f"This process follows the clock of {lease.description}; it cannot export its own at "
                    f"{host}:{port} as well, since others would follow a clock that follows. "
                    "Stop following first.",
                    conflict="EXPORT_WHILE_IMPORTING",
                )

    def _release_export(self, lease: ExportLease) -> None:
        with self._lock:
            if lease not in self._exports:
                return
            lease.count -= 1
            if lease.count > 0:
                return
            if self._recordings:
                lease.count += 1
                self._released_meanwhile.append(lease.release)
                return
            self._exports.remove(lease)
        lease.end()
        self._leave_link()

    # -- following ----------------------------------------------------------------------------------------

    def follow(self, host: str, port: int, **options: object) -> FollowLease:
        """Follow an exporter; `options` are those of a Synchroniser. Returns at once.

        Only where somebody is followed already, at another address, it is asked first who is at this one: an
        exporter that is reached at two addresses is one, and what is measured is shared. Raises
        ClockRoleError while this process exports its clock or follows somebody else, or something is
        recorded. Who turns out to be this machine itself is in nobody's way.
        """
        is_ours, place = self._where(host, port)
        same = self._reached_before(host, port, place, options.get("tls"))
        with self._lock:
            shared = self._shared(place) or (same if same in self._follows else None)
            if shared is not None:
                shared.count += 1
                return shared
            self._require_no_recording(f"follow {host}:{port}")
            other = next((lease for lease in self._follows if not lease.is_self), None)
            if not is_ours:
                self._require_no_export(host, port)
                self._require_no_other(host, port, other)
            lease = FollowLease(host, port, place, is_ours=is_ours, release=self._release_follow)
            self._follows.append(lease)
            if is_ours and any(export.port == port for export in self._exports):
                lease.is_this_machine()
                return lease
            lease.uses_link = True
            link = self._use_link()
        if is_ours and (self._exports or other is not None):
            self._find_out(lease, link)
        else:
            self._begin(lease, link, options)
        return lease

    def _reached_before(self, host: str, port: int, place: Place, tls: object) -> FollowLease | None:
        """Who is followed at another address, if it is to be found at this one as well (sync.md 4.2, rule 6).

        Of that name, and at the same time: two machines may have one name.
        """
        with self._lock:
            other = next((lease for lease in self._follows if lease.machine and not lease.is_self), None)
            if other is None or self._shared(place) is not None:
                return None
        try:
            files = tls if isinstance(tls, TlsFiles) else None
            answer = self.preview(host, port, IDENTITY_PROBES, files).result(OTHER_WAY_S)
        except (StudioError, TimeoutError):
            return None  # nobody who could be the same one
        is_same = answer.machine.casefold() == other.machine.casefold() and other.agrees_with(answer.records)
        return other if is_same else None

    def _begin(self, lease: FollowLease, link: ClockLink, options: dict[str, object]) -> None:
        def identified(reference: Reference, is_self: bool) -> None:
            self._identified(lease, reference.machine, is_self=is_self)

        synchroniser = Synchroniser(link, lease.host, lease.port, on_failure=lease.failed, **options)  # type: ignore[arg-type]
        lease.begin(synchroniser, identified)

    def _find_out(self, lease: FollowLease, link: ClockLink) -> None:
        """Ask once who that is: the clock process is measuring another one, or must not measure any."""

        def told(future: "Future[Previewed]") -> None:
            error = future.exception()
            answer = None if error is not None else future.result()
            if answer is None or not answer.machine:
                reason = str(error) if answer is None else answer.problem
                lease.refuse(ClockRoleError(f"Nobody tells the time at {lease.description}: {reason}."))
                return
            is_self = answer.is_local and _is_our_name(answer.machine)
            if is_self:
                lease.is_this_machine()
            self._identified(lease, answer.machine, is_self=is_self)

        link.preview(lease.host, lease.port, IDENTITY_PROBES).add_done_callback(told)

    def _identified(self, lease: FollowLease, machine: str, *, is_self: bool) -> None:
        """The machine has said its name: a contradiction that addresses could not tell comes out here."""
        with self._lock:
            lease.identified(machine, is_self=is_self)
            if is_self:
                return
            other = next((one for one in self._follows if one is not lease and not one.is_self), None)
            try:
                self._require_no_export(lease.host, lease.port, machine)
                self._require_no_other(lease.host, lease.port, other, machine)
            except ClockRoleError as error:
                contradiction = error
            else:
                return
        lease.refuse(contradiction)

    def _require_no_export(self, host: str, port: int, machine: str = "") -> None:
        if self._exports:
            export = self._exports[0]
            raise ClockRoleError(
                f"This process exports its own clock at {export.host}:{export.port}; it cannot follow that "
                f"of {_described(host, port, machine)} as well. Close the exporter first, or follow from a "
                "program that exports none.",
                conflict="IMPORT_WHILE_EXPORTING",
            )

    def _require_no_other(self, host: str, port: int, other: FollowLease | None, machine: str = "") -> None:
        if other is not None:
            raise ClockRoleError(
                f"This process already follows the clock of {other.description}; it cannot also follow "
                f"{_described(host, port, machine)}. There is one reference clock per session: close the "
                "importer of the one before following the other.",
                conflict="SECOND_EXPORTER",
            )

    def _shared(self, place: Place) -> FollowLease | None:
        return next((lease for lease in self._follows if lease.place == place and not lease.error), None)

    def _release_follow(self, lease: FollowLease) -> None:
        with self._lock:
            if lease not in self._follows:
                return
            lease.count -= 1
            if lease.count > 0:
                return
            if self._recordings and not lease.is_self:
                lease.count += 1
                self._released_meanwhile.append(lease.release)
                return
            self._follows.remove(lease)
        lease.end()
        if lease.uses_link:
            self._leave_link()

    def _where(self, host: str, port: int) -> tuple[bool, Place]:
        """Whether that is an address of this machine, and which; a name is looked up, if it can be."""
        try:
            _, address, port = resolve(host, port, Deadline(LOOK_UP_S))
        except (OSError, UnicodeError):
            return False, (host, port)
        is_ours = is_local_address(address)
        return is_ours, ("" if is_ours else address, port)

    # -- both ---------------------------------------------------------------------------------------------

    @property
    def exports(self) -> tuple[ExportLease, ...]:
        """What is exported now."""
        with self._lock:
            return tuple(self._exports)

    @property
    def follows(self) -> tuple[FollowLease, ...]:
        """Who is followed now; besides this machine itself one at most."""
        with self._lock:
            return tuple(self._follows)

    def preview(
        self, host: str, port: int, count: int = 1, tls: TlsFiles | None = None
    ) -> "Future[Previewed]":
        """Ask somebody's clock a few times, without following it."""
        with self._lock:
            link = self._use_link()
        future = link.preview(host, port, count, tls)
        future.add_done_callback(lambda _: self._leave_link())
        return future

    @contextmanager
    def recording(self) -> Iterator[None]:
        """While something is recorded no role may change; what is released meanwhile is kept to the end."""
        with self._lock:
            self._recordings += 1
        try:
            yield
        finally:
            with self._lock:
                self._recordings -= 1
                released = self._released_meanwhile if not self._recordings else []
                if not self._recordings:
                    self._released_meanwhile = []
            for release in released:
                release()

    def _require_no_recording(self, wish: str) -> None:
        if self._recordings:
            raise ClockRoleError(
                f"This process is recording; it cannot begin to {wish} now, since the recording keeps the "
                "clock it began with. Stop the recording first.",
                conflict="RECORDING",
            )

    def _use_link(self) -> ClockLink:
        if self._link is None:
            self._link = ClockLink(self._failed)
        self._link_users += 1
        return self._link

    def _leave_link(self) -> None:
        with self._lock:
            self._link_users -= 1
            link = None
            if not self._link_users:
                link, self._link = self._link, None
        if link is not None:
            link.close()

    def _failed(self, error: BaseException) -> None:
        """A mistake of ours in a thread of the link: whoever waits is told."""
        for export in self.exports:
            export.failed(error)
        for follow in self.follows:
            follow.failed(error)


def _described(host: str, port: int, machine: str) -> str:
    return f"{machine} ({host}:{port})" if machine else f"{host}:{port}"


def _is_our_name(machine: str) -> bool:
    return machine.partition(".")[0].casefold() == machine_name().casefold()


_ROLES = ClockRoles()


def clock_roles() -> ClockRoles:
    """The registry of this process."""
    return _ROLES
