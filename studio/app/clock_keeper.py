"""Has the recorder's clock: takes the role that a user chose, gives each run its clock, tells how it stands.

Commands, statuses and runs only read and write what is here; whatever has to do with the network happens on
the keeper's own thread (`studio.clock-keeper`) and on those of the parts it owns. So a host that is unplugged
delays nobody. While a recording runs the role stays what it is.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from studio.app.clock_choices import changes_role, checked_settings, role_words
from studio.app.clock_gate import gate_text
from studio.app.clock_history import ClockPast, SyncHistory
from studio.app.clock_meeting import ClockMeeting
from studio.app.clock_memory import ClockMemory, RememberedMachine, keep_clock_memory, read_clock_memory
from studio.app.clock_pairing import ClockPairing
from studio.app.clock_protection import ClockProtection
from studio.app.clock_sync import (
    ClockRole,
    ClockSettings,
    ClockSyncStatus,
    DiscoveredMachine,
    Protection,
    address_key,
)
from studio.app.clock_work import begin_work, work_wanted
from studio.app.machine_list import MachineList
from studio.app.machine_previews import MachinePreviews
from studio.app.run_clock import RunClock
from studio.app.status import Problem, Severity
from studio.app.wanted_work import PENDING, ClockWork, NoWork, RefusedWork, WantedWork
from studio.engine import StudioThread, spawn
from studio.errors import ClockGateError, ClockRoleError, SettingsError, StudioError
from studio.net.clock_roles import ClockRoles, clock_roles
from studio.net.tls_policy import Way
from studio.net.tls_store import PairedMachines
from studio.timing import NS_PER_MS, NS_PER_S, Duration, SystemClock, Timestamp, monotonic_ns, wait_on
from studio.timing.clock_algorithm import terms_of
from studio.timing.segments import SegmentLine
from studio.timing.sync_status import SyncState, SyncStatus

LOOK_INTERVAL: Duration = 250 * NS_PER_MS
TRY_AGAIN_AFTER: Duration = 5 * NS_PER_S
"""When a role could not be taken: an address that is not there yet, a port that somebody else still has."""

TellProblem = Callable[[Severity, str], Problem | None]
_log = logging.getLogger(__name__)


class ClockKeeper:
    """Belongs to the recorder. Commands come from one thread; `status` may be asked for from any."""

    def __init__(
        self,
        clock: SystemClock,
        memory_path: Path | None = None,
        paired: PairedMachines | None = None,
        roles: ClockRoles | None = None,
    ) -> None:
        """Starts nothing. `clock`: this machine's own; `memory_path`: where choices are kept, if anywhere.

        `paired`: the machines that were paired with this one, unless they are those of the user.
        `roles`: what this program has promised, unless that stands in the one registry of the process.
        """
        self._clock = clock
        self._memory_path = memory_path
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: StudioThread | None = None
        self._is_closed = False
        self._tell: TellProblem = lambda severity, text: None
        self._memory = self._kept = ClockMemory()
        self._work: ClockWork = NoWork()
        self._applied = ClockSettings()
        """What `_work` was made for."""
        self._recordings = 0
        self._retry_at = 0
        self._roles = roles if roles is not None else clock_roles()
        self._machines = MachineList()
        self._protection = ClockProtection(paired)
        self.pairing = ClockPairing(paired, lambda: self._memory.settings.serve_address.strip())
        self._previews = MachinePreviews(self._machines, clock, self._roles, self._way_to)
        self._meeting = ClockMeeting()
        self._history = SyncHistory()

    # -- beginning and end --------------------------------------------------------------------------------

    def tell_problems(self, tell: TellProblem) -> None:
        """Who is told what people should know."""
        self._tell = tell

    def open(self) -> None:
        """Take up the role that was chosen last; returns at once."""
        if self._memory_path is not None:
            memory, problem = read_clock_memory(self._memory_path)
            try:
                checked_settings(memory.settings)
            except SettingsError as error:
                memory, problem = ClockMemory(machines=memory.machines), str(error)
            if problem:
                self._tell(Severity.WARNING, problem)
            with self._lock:
                self._memory = self._kept = memory
            self._machines.remember(memory.machines)
        if self._memory.settings.role is not ClockRole.OWN:
            self._begin()

    def close(self) -> None:
        """Give up the role, end all threads. Idempotent."""
        self._is_closed = True
        self.pairing.end()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.cancel()
            self._wake.set()
            thread.join()

    # -- commands -----------------------------------------------------------------------------------------

    def set(self, settings: ClockSettings) -> None:
        """Act on these from now on; returns at once.

        Raises SettingsError for what cannot be, ClockRoleError while a recording runs, if more would change
        than limits and policies.
        """
        checked_settings(settings)
        with self._lock:
            before = self._memory.settings
            if self._recordings and changes_role(before, settings):
                raise ClockRoleError(
                    "A recording is running, and its clock stays what it is to the end. Stop the recording "
                    f"before you change it (now: {role_words(before)}; wanted: {role_words(settings)})."
                )
            self._memory = replace(self._memory, settings=settings)
            self._retry_at = 0
            work = self._work
        work.limit_bound(settings.bound_limit_ns)
        self._begin()

    def measure(self) -> None:
        """Ask the reference 16 times; returns at once. Raises ClockRoleError if there is none."""
        if not self._work.measure():
            raise ClockRoleError(
                "No machine is followed that could be asked now. Choose one, and wait until it is connected."
            )

    def follow_far(self, key: str, machine: str) -> None:
        """The user has confirmed to follow the machine of that address and name, however far off it is.

        Remembered for this one only, until it is forgotten. Raises ClockRoleError if another one is followed
        by now, or none that is far off, and while a recording runs.
        """
        sync, wanted = self._work.sync(), self._work.wanted
        name = "" if sync.reference is None else sync.reference.machine
        with self._lock:
            if self._memory.is_far_allowed(key, machine):
                return
            if self._recordings:
                raise ClockRoleError(f"A recording is running; follow {machine} when it has ended.")
            if not sync.far or (key, machine) != (self._work.followed_key, name):
                raise ClockRoleError(f"{machine} at {key} is not asked for its time now, or not far off.")
            self._memory = self._memory.with_far_allowed(machine, wanted.host, wanted.port)
        self._begin()

    def look_at_machines(self) -> None:
        """Somebody looks at the list of machines, and will for the next minute."""
        self._machines.look(monotonic_ns())
        self._begin()

    def forget(self, key: str) -> None:
        """Remember that machine no longer."""
        with self._lock:
            self._memory = self._memory.without(key)
            machines = self._memory.machines
        self._machines.remember(machines)
        self._begin()

    # -- runs ---------------------------------------------------------------------------------------------

    def now(self) -> Timestamp:
        """The time that a run would be stamped with that began now."""
        line = self._sync()[1].line
        return SegmentLine(line).time_at(monotonic_ns()) if line else self._clock.now()

    def check_gate(self, *, despite_clock: bool = False) -> None:
        """Raises ClockGateError if the clock is less exact than the user wants it for a recording."""
        text = "" if despite_clock else gate_text(*self._sync())
        if text:
            raise ClockGateError(text)

    def begin_run(self, *, is_recording: bool) -> RunClock:
        """The clock of a run, until it is released; a recording's keeps the role as it is meanwhile."""
        with self._lock:
            settings = self._memory.settings
            work = NoWork() if self._is_pending() else self._work
            self._recordings += is_recording
        frozen = ExitStack()
        if is_recording:
            frozen.enter_context(self._roles.recording())

        def end() -> None:
            with self._lock:
                self._recordings -= is_recording
            frozen.close()
            self._wake.set()

        terms = terms_of(
            limit=settings.bound_limit_ns,
            own_offset=self._clock.from_monotonic(0),
            when_lost=settings.when_lost.value,
        )
        try:
            return work.clock_for_run(self._clock, end, terms)
        except BaseException:
            end()
            raise

    # -- looks --------------------------------------------------------------------------------------------

    def status(self) -> ClockSyncStatus:
        """All there is to show, as of now."""
        settings, sync = self._sync()
        with self._lock:
            work, is_frozen = self._work, self._recordings > 0
        return ClockSyncStatus(
            settings=settings,
            sync=sync,
            machines=self._machines.machines(work.followed_key, sync),
            rendezvous=self._meeting.text,
            is_rendezvous_connected=self._meeting.is_connected,
            gate=gate_text(settings, sync),
            warning=work.warning,
            is_frozen=is_frozen,
            is_measuring=work.is_measuring,
            measurement=work.measurement,
            pairing=self.pairing.view(),
            paired=self.pairing.paired(),
        )

    def past(self) -> ClockPast:
        """The last ten minutes of what is followed."""
        with self._lock:
            return self._history.past()

    def _sync(self) -> tuple[ClockSettings, SyncStatus]:
        with self._lock:
            settings, work, is_pending = self._memory.settings, self._work, self._is_pending()
        if is_pending:
            return settings, PENDING[settings.role]
        sync = work.sync()
        if sync.state is SyncState.DISCOVERING and self._meeting.text:
            sync = replace(sync, text=f"{sync.text}. {self._meeting.text}")
        return settings, sync

    def _is_pending(self) -> bool:
        """Whether the role that was chosen has not been taken yet; under the lock."""
        return changes_role(self._applied, self._memory.settings)

    # -- the keeper's thread ------------------------------------------------------------------------------

    def _begin(self) -> None:
        """From the first moment on at which there is something to do."""
        if not self._is_closed and (self._thread is None or not self._thread.is_alive):
            self._thread = spawn("clock-keeper", self._run, self._failed)
        self._wake.set()

    def _run(self, cancelled: threading.Event) -> None:
        try:
            while not cancelled.is_set():
                self._wake.clear()
                self._look()
                wait_on(self._wake, LOOK_INTERVAL)
        finally:
            work = self._work
            self._note_rate(work)
            self._remember()
            work.close()
            self._meeting.close()

    def _look(self) -> None:
        self._meet()
        self._take_role()
        self._remember()
        sync = self._sync()[1]
        with self._lock:
            self._history.take(sync, monotonic_ns())
        self._previews.look(monotonic_ns(), followed=self._work.followed_key)

    def _meet(self) -> None:
        with self._lock:
            settings = self._memory.settings if not self._recordings else self._applied
        is_looked_at = self._machines.is_looked_at(monotonic_ns())
        is_wanted = settings.use_rendezvous and (settings.role is not ClockRole.OWN or is_looked_at)
        self._meeting.be_as(settings, is_wanted=is_wanted, offers=self._work.offers)
        meeting, paired = self._meeting, self._protection.fingerprints
        self._machines.list_processes(meeting.processes, meeting.server_host, paired)

    def _take_role(self) -> None:
        """Be what was chosen, unless a recording runs."""
        with self._lock:
            settings = self._memory.settings
            if self._recordings:
                return
            wanted = self._wanted(settings)
            if wanted == self._work.wanted and not self._is_to_be_tried_again():
                self._applied = settings
                return
            # From here on no run gets the old clock, and a recording that begins now finds none.
            before, self._work = self._work, NoWork(wanted)
        self._note_rate(before)
        before.close()
        self._use(self._begun(wanted), settings)

    def _begun(self, wanted: WantedWork) -> ClockWork:
        try:
            return begin_work(wanted, self._clock, self._protection, self._roles)
        except StudioError as error:
            return RefusedWork(wanted, str(error))

    def _way_to(self, machine: DiscoveredMachine) -> Way:
        """How a machine of the list is asked."""
        protection, offer = self._memory.settings.protection, self._machines.offer(machine.key)
        return self._protection.way_to(machine.host, machine.port, protection, offer)

    def _wanted(self, settings: ClockSettings) -> WantedWork:
        """Under the lock."""
        wanted = work_wanted(settings, self._machines)
        if not wanted.is_idle and wanted.protection is not Protection.PLAIN:
            wanted = replace(wanted, paired_stamp=self._protection.stamp)
        known = self._memory.machine(address_key(wanted.host, wanted.port))
        if known is None or wanted.role is not ClockRole.FOLLOW:
            return wanted
        far_machine = known.machine if known.is_far_allowed else ""
        return replace(wanted, rate_ppm=known.rate_ppm, far_machine=far_machine)

    def _use(self, work: ClockWork, settings: ClockSettings) -> None:
        with self._lock:
            is_late = self._recordings > 0
            if not is_late:
                self._work, self._applied = work, settings
            self._retry_at = monotonic_ns() + TRY_AGAIN_AFTER
        if is_late:  # a recording has begun meanwhile, and keeps what it found
            work.close()

    def _is_to_be_tried_again(self) -> bool:
        if isinstance(self._work, NoWork):
            return not self._work.wanted.is_idle
        is_refused = self._work.sync().state is SyncState.ERROR and not self._work.followed_key
        return is_refused and monotonic_ns() >= self._retry_at

    # -- what is remembered -------------------------------------------------------------------------------

    def _remember(self) -> None:
        """Keep the settings and the machine that is followed, if there is something new."""
        reference = self._work.sync().reference
        with self._lock:
            if reference is not None and reference.machine:
                host, port = self._work.wanted.host, self._work.wanted.port
                known = self._memory.machine(address_key(host, port))
                if known is None or known.machine != reference.machine:
                    new = RememberedMachine(reference.machine, host, port)
                    self._memory = self._memory.with_machine(new)
            memory = self._memory
        if memory == self._kept:
            return
        self._kept = memory  # also if it cannot be written: told once
        self._machines.remember(memory.machines)
        if self._memory_path is not None:
            try:
                keep_clock_memory(memory, self._memory_path)
            except SettingsError as error:
                self._tell(Severity.WARNING, str(error))

    def _note_rate(self, work: ClockWork) -> None:
        """What is known of the rate of a machine that was followed helps the next time."""
        with self._lock:
            known = self._memory.machine(work.followed_key)
            if known is not None and work.rate_ppm is not None:
                self._memory = self._memory.with_machine(replace(known, rate_ppm=work.rate_ppm))

    def _failed(self, error: BaseException) -> None:
        _log.error("a part of the clock failed", exc_info=error)
        self._tell(
            Severity.ERROR,
            f"Something inside the studio failed ({type(error).__name__}: {error}). What is being recorded "
            "goes on; choose the clock anew.",
        )
