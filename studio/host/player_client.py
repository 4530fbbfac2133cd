"""The window's link to the player process: started with the first command, started anew after it has ended.

Owns the process and two threads, one that sends and one that hears. No caller ever waits. What was loaded is
loaded again into a new process; what was playing is not, since that may have been what ended it.
"""

import itertools
import queue
import threading
from collections.abc import Callable

from studio.app.player_status import PlayerStatus
from studio.engine.threads import StudioThread, spawn
from studio.errors import RoleError, StudioError
from studio.host.codec import decode, encode
from studio.host.pipe_frames import read_frame, write_frame
from studio.host.player_protocol import Load, PlayerCommand, PlayerRequest
from studio.host.role_names import Role
from studio.host.roles import StartedRole, how_it_ended, start_with_pipes
from studio.timing import NS_PER_S, monotonic_ns

COMMANDS = 1000
"""Commands that may wait; a player that takes none of them is ended."""
TIME_LIMIT_S = 20.0
"""So long a player may take for a command; the disk it reads from may hang for ever."""
START_LIMIT_S = 30.0
"""So long it may take until it says that it is there."""
LOOK_INTERVAL_S = 0.5
CLOSE_S = 5.0
FINISH_S = 2.0


class PlayerClient:
    """Sends commands and hands on statuses."""

    def __init__(
        self,
        on_status: Callable[[PlayerStatus], None],
        on_lost: Callable[[str], None],
        *,
        time_limit_s: float = TIME_LIMIT_S,
    ) -> None:
        """Both are called on a thread of this link; `on_lost` with what happened, in people's words."""
        self._limit = round(time_limit_s * NS_PER_S)
        self._sent = self._answered = 0
        """Numbers of the last command that went out, and of the last that was carried out."""
        self._sent_at = 0
        self._is_there = self._is_overdue = False
        self._on_status = on_status
        self._on_lost = on_lost
        self._numbers = itertools.count(1)
        self._commands: queue.SimpleQueue[PlayerRequest | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._sender: StudioThread | None = None
        self._hearer: StudioThread | None = None
        self._process: StartedRole | None = None
        self._loaded: Load | None = None
        self._is_closing = threading.Event()

    def send(self, command: PlayerCommand) -> int:
        """Send a command; its number, which a status tells when it has been carried out. Returns at once."""
        with self._lock:
            number = next(self._numbers)
            if self._is_closing.is_set():
                return number
            self._commands.put(PlayerRequest(number, command))
            if self._sender is None:
                self._sender = spawn("player-link", self._send_all, self._failed)
            process = self._process
        if process is not None and self._commands.qsize() > COMMANDS:
            process.kill()
        return number

    def close(self) -> None:
        """End the process. Idempotent."""
        with self._lock:
            self._is_closing.set()
            sender, process = self._sender, self._process
            self._commands.put(None)
        if process is not None:
            process.end_input()
            if process.wait_for_exit(FINISH_S) is None:
                process.kill()
        if sender is not None:
            sender.join(CLOSE_S)

    # -- the thread that sends ----------------------------------------------------------------------------

    def _send_all(self, _cancelled: threading.Event) -> None:
        try:
            while not self._is_closing.is_set():
                self._end_overdue()
                try:
                    request = self._commands.get(timeout=LOOK_INTERVAL_S)
                except queue.Empty:
                    continue
                if request is not None:
                    self._send(request)
        finally:
            self._end_process()

    def _end_overdue(self) -> None:
        """A player that does not carry out what it was told is ended; it owns no data."""
        process, waits = self._process, self._sent > self._answered
        limit = self._limit if self._is_there else round(START_LIMIT_S * NS_PER_S)
        if process is not None and waits and monotonic_ns() - self._sent_at > limit:
            self._answered = self._sent
            self._is_overdue = True
            process.kill()

    def _send(self, request: PlayerRequest) -> None:
        if self._sent <= self._answered:
            self._sent_at = monotonic_ns()
        self._sent = request.number
        try:
            process, is_new = self._running()
            if is_new and self._loaded is not None and not isinstance(request.body, Load):
                write_frame(process.input, encode(PlayerRequest(0, self._loaded)))
            if isinstance(request.body, Load):
                self._loaded = request.body
            write_frame(process.input, encode(request))
        except RoleError as error:
            self._on_lost(str(error))
        except (OSError, ValueError):
            pass  # it has ended; who hears it tells
        except StudioError as error:
            self._on_lost(f"The player could not be told what to do: {error}")

    def _running(self) -> tuple[StartedRole, bool]:
        """The process, and whether it has just been started. Raises RoleError."""
        if self._process is not None and self._process.exit_code() is None:
            return self._process, False
        self._end_process()
        self._is_there = False
        process = start_with_pipes(Role.PLAYER)
        with self._lock:
            self._process = process
            is_late = self._is_closing.is_set()
        if is_late:
            process.end_input()
        self._hearer = spawn("player-status", lambda _: self._hear(process), self._failed)
        return process, True

    def _end_process(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        hearer, self._hearer = self._hearer, None
        if process is not None:
            process.end_input()
            if process.wait_for_exit(FINISH_S) is None:
                process.kill()
        if hearer is not None:
            hearer.join(CLOSE_S)
        if process is not None:
            process.end()

    # -- the thread that hears ----------------------------------------------------------------------------

    def _hear(self, process: StartedRole) -> None:
        try:
            while (data := read_frame(process.output)) is not None:
                status = decode(data)
                if isinstance(status, PlayerStatus):
                    if not self._is_there:
                        self._is_there, self._sent_at = True, monotonic_ns()
                    if status.answered > self._answered:
                        self._answered, self._sent_at = status.answered, monotonic_ns()
                    self._on_status(status)
        except (OSError, ValueError, StudioError):
            process.kill()  # what it says cannot be understood any more
        if not self._is_closing.is_set():
            self._on_lost(self._what_happened(process.wait_for_exit(FINISH_S)))

    def _what_happened(self, exit_code: int | None) -> str:
        self._answered = self._sent  # nobody waits any more
        if self._is_overdue:
            self._is_overdue = False
            what = f"did not answer for {self._limit / NS_PER_S:g} seconds: its disk or network may hang"
        else:
            what = how_it_ended(exit_code)
        return f"The process that plays recordings {what}. It is started anew when you press Play."

    def _failed(self, error: BaseException) -> None:
        """Our thread failed: a bug, told; the next command starts a new one."""
        with self._lock:
            self._sender = None
        self._on_lost(f"The link to the player failed: {error!r}")
