"""The window's link to the reader process: one question at a time, the process started on demand.

Owns a thread that asks, one that watches the time, and the process. A question that ends the process, or
takes too long, fails with a clear error; the next one starts it anew. No caller ever waits.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

from studio.engine.threads import StudioThread, spawn
from studio.errors import RemoteProtocolError, RoleError, StudioError
from studio.host.codec import decode, encode
from studio.host.pending import Pending
from studio.host.pipe_frames import read_frame, write_frame
from studio.host.protocol import (
    AppendNotes,
    EditSession,
    Failure,
    ListStreams,
    OpenRecording,
    Query,
    Reply,
    Request,
)
from studio.host.reader_signs import Listing, Opening
from studio.host.reader_suspects import ReaderSuspects
from studio.host.role_names import Role
from studio.host.roles import StartedRole, start_with_pipes
from studio.timing import NS_PER_MS, NS_PER_S, monotonic_ns, wait_on

QUESTIONS = 256
"""Questions that may wait; more are refused."""
FINISH_S = 1.0
"""How long a process that is being closed may take for the answer it is at."""
CLOSE_S = 5.0
PATIENCE_S = 10.0
TIME_LIMIT_S = 30.0
"""So long a reader may be silent over one question; the disk it reads from may hang for ever."""
WATCH_INTERVAL = 500 * NS_PER_MS
_REPEATABLE = (AppendNotes, EditSession)
"""Writes that say the same when they are done twice, and open no recording: they outlive a reader."""
_ONLY_READ = (OpenRecording, ListStreams)
MOST_TRIES = 3


class ReaderClient:
    """Asks questions about recordings. The first one starts the thread and the process."""

    def __init__(
        self,
        *,
        time_limit_s: float = TIME_LIMIT_S,
        patience_s: float = PATIENCE_S,
        on_listing: Callable[[Listing], None] | None = None,
    ) -> None:
        """`time_limit_s`: then a process that gives no sign of life is ended, and its question fails.

        After `patience_s` of silence that is told. `on_listing` hears how far the reader is with what takes
        long, on the thread that asks.
        """
        self._patience = round(patience_s * NS_PER_S)
        self._on_listing = on_listing
        self._on_silence: Callable[[str], None] | None = None
        self._asked_path = ""
        """Of the question that is being answered; empty: none, or its silence has been told."""
        self._listing: Listing | None = None
        """What is told of the question that is being answered; None: it is an ordinary one."""
        self._is_called_off = False
        self._limit = round(time_limit_s * NS_PER_S)
        self._suspects = ReaderSuspects()
        self._last_sign: int | None = None
        """Monotonic ns of what was last heard while a question is being answered."""
        self._is_overdue = False
        self._pending = Pending()
        self._questions: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: StudioThread | None = None
        self._process: StartedRole | None = None
        self._watcher: StudioThread | None = None
        self._closing = threading.Event()

    def request(self, query: Query) -> Future[object]:
        """Ask; the answer, or a StudioError, comes in the future. Returns at once."""
        request, future = self._pending.add(query)
        if self._closing.is_set() or self._questions.qsize() >= QUESTIONS:
            reason = "is closed" if self._closing.is_set() else "has too many questions to answer"
            self._pending.fail(request.number, RoleError(f"The reader of recordings {reason}."))
            return future
        self._questions.put(request)
        with self._lock:
            if self._thread is None:
                self._thread = spawn("reader-link", self._run, self._failed)
        return future

    def hear(
        self, on_listing: Callable[[Listing], None], on_silence: Callable[[str], None] | None = None
    ) -> None:
        """Who hears how far the reader is, and over which file it is silent; before anything is asked."""
        self._on_listing, self._on_silence = on_listing, on_silence

    def call_off(self) -> None:
        """Wait no longer for what was told to take long and can be called off; its question fails."""
        with self._lock:
            process, listing = self._process, self._listing
            if process is None or listing is None or not listing.can_be_called_off:
                return
            self._is_called_off = True
        process.kill()

    def close(self) -> None:
        """End the process, within a second; questions without an answer fail. Idempotent."""
        self._closing.set()
        self._questions.put(None)
        with self._lock:
            thread, process = self._thread, self._process
        if process is not None:
            process.end_input()  # it may be putting a recording in order: let it finish that
        if thread is not None and not thread.join(FINISH_S) and process is not None:
            process.kill()
            thread.join(CLOSE_S)
        self._pending.fail_all(RoleError("The reader of recordings was closed before it answered."))

    def _run(self, cancelled: threading.Event) -> None:
        try:
            while (request := self._questions.get()) is not None and not self._closing.is_set():
                self._ask(request)
        finally:
            self._end_process()

    def _ask(self, request: Request) -> None:
        for tries_left in reversed(range(MOST_TRIES)):
            try:
                self._pending.settle(self._exchange(self._running(), request))
            except RoleError as error:
                self._pending.fail(request.number, error)
            except (OSError, ValueError, StudioError) as error:
                self._end_process()
                if tries_left and self._may_repeat(request.body):
                    continue  # somebody has ended the process; whether it had written is not known
                self._pending.fail(request.number, RoleError(self._what_happened(request.body, error)))
            return

    def _may_repeat(self, query: object) -> bool:
        return isinstance(query, _REPEATABLE) and not (self._is_overdue or self._closing.is_set())

    def _what_happened(self, query: object, error: Exception) -> str:
        """For people; what was being opened at that moment is remembered."""
        if self._is_called_off:
            return f"{getattr(query, 'path', '')} was not opened: it was called off."
        if self._is_overdue:
            what = f"It took longer than {self._limit / NS_PER_S:g} seconds: its disk or network may hang."
        else:
            what = "The process that reads recordings ended unexpectedly while it opened it."
        path = "" if self._closing.is_set() else self._suspects.blame(what)
        path = path or getattr(query, "path", "") or getattr(query, "folder", "")
        if self._is_overdue:
            return f"{path} could not be read. {what}"
        return (
            f"{path} could not be read: the process that reads recordings ended unexpectedly ({error}). "
            "It is started anew for the next question."
        )

    def _exchange(self, process: StartedRole, request: Request) -> Reply | Failure:
        self._suspects.begin()
        self._is_overdue, self._last_sign = False, monotonic_ns()
        self._is_called_off = False
        self._asked_path = getattr(request.body, "path", "")
        try:
            write_frame(process.input, encode(request))
            answer = self._next_message(process)
            while isinstance(answer, Opening | Listing):
                self._last_sign = monotonic_ns()
                self._take_sign(answer, request.body)
                answer = self._next_message(process)
        finally:
            self._last_sign, self._asked_path = None, ""
            self._end_listing()
        if not isinstance(answer, Reply | Failure) or answer.number != request.number:
            raise RemoteProtocolError("it answered something else")
        if isinstance(answer, Reply):
            self._suspects.answered(getattr(request.body, "path", ""))
        return answer

    def _take_sign(self, sign: Opening | Listing, query: object) -> None:
        if isinstance(sign, Opening):
            self._suspects.opens(sign.path)
            return
        with self._lock:
            told = self._listing = replace(sign, can_be_called_off=isinstance(query, _ONLY_READ))
        if self._on_listing is not None:
            self._on_listing(told)

    def _end_listing(self) -> None:
        with self._lock:
            told, self._listing = self._listing, None
        if told is not None and self._on_listing is not None:
            self._on_listing(replace(told, done=1.0))

    def _next_message(self, process: StartedRole) -> object:
        data = read_frame(process.output)
        if data is None:
            raise RemoteProtocolError(f"exit code {process.wait_for_exit(1.0)}")
        message: object = decode(data)
        return message

    def _watch(self, process: StartedRole, cancelled: threading.Event) -> None:
        """End a process that gives no sign of life; it owns no data."""
        while not wait_on(cancelled, min(WATCH_INTERVAL, self._limit // 4, self._patience)):
            last_sign = self._last_sign
            if last_sign is not None and monotonic_ns() - last_sign > self._patience:
                self._tell_silence()
            if last_sign is not None and monotonic_ns() - last_sign > self._limit:
                self._is_overdue = True
                process.kill()
                return

    def _tell_silence(self) -> None:
        path, self._asked_path = self._asked_path, ""
        if path and self._on_silence is not None:
            self._on_silence(path)

    def _running(self) -> StartedRole:
        """The process; started, and started anew if it has ended. Raises RoleError."""
        if self._process is not None and self._process.exit_code() is None:
            return self._process
        self._end_process()
        process = start_with_pipes(Role.READER, self._suspects.arguments())
        with self._lock:
            self._process = process
        self._watcher = spawn("reader-watch", lambda cancelled: self._watch(process, cancelled), self._failed)
        if self._closing.is_set():
            raise RoleError("The reader of recordings is closed.")
        return process

    def _end_process(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.cancel()
            watcher.join()
        if process is not None:
            process.end()

    def _failed(self, error: BaseException) -> None:
        """Our thread failed: a bug, told to all who wait; the next question starts a new thread."""
        with self._lock:
            self._thread = None
        self._pending.fail_all(RoleError(f"The link to the reader of recordings failed: {error!r}"))
