"""The window's link to the reader process: one question at a time, the process started on demand.

Owns one thread and the process. A question that ends the process fails with a clear error; the next one
starts it anew. No caller ever waits.
"""

import queue
import threading
from concurrent.futures import Future

from studio.engine.threads import StudioThread, spawn
from studio.errors import RemoteProtocolError, RoleError, StudioError
from studio.host.codec import decode, encode
from studio.host.pending import Pending
from studio.host.pipe_frames import read_frame, write_frame
from studio.host.protocol import Failure, Query, Reply, Request
from studio.host.role_names import Role
from studio.host.roles import StartedRole, start_with_pipes

QUESTIONS = 256
"""Questions that may wait; more are refused."""
FINISH_S = 1.0
"""How long a process that is being closed may take for the answer it is at."""
CLOSE_S = 5.0


class ReaderClient:
    """Asks questions about recordings. The first one starts the thread and the process."""

    def __init__(self) -> None:
        self._pending = Pending()
        self._questions: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: StudioThread | None = None
        self._process: StartedRole | None = None
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
        try:
            self._pending.settle(self._exchange(self._running(), request))
        except RoleError as error:
            self._pending.fail(request.number, error)
        except (OSError, ValueError, StudioError) as error:
            self._end_process()
            question = type(request.body).__name__
            path = getattr(request.body, "path", "")
            text = f"The process that reads recordings ended unexpectedly ({question} {path}): {error}"
            self._pending.fail(
                request.number, RoleError(f"{text}. It is started anew for the next question.")
            )

    def _exchange(self, process: StartedRole, request: Request) -> Reply | Failure:
        write_frame(process.input, encode(request))
        data = read_frame(process.output)
        if data is None:
            raise RemoteProtocolError(f"exit code {process.wait_for_exit(1.0)}")
        answer = decode(data)
        if not isinstance(answer, Reply | Failure) or answer.number != request.number:
            raise RemoteProtocolError("it answered something else")
        return answer

    def _running(self) -> StartedRole:
        """The process; started, and started anew if it has ended. Raises RoleError."""
        if self._process is not None and self._process.exit_code() is None:
            return self._process
        self._end_process()
        process = start_with_pipes(Role.READER)
        with self._lock:
            self._process = process
        if self._closing.is_set():
            raise RoleError("The reader of recordings is closed.")
        return process

    def _end_process(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.end()

    def _failed(self, error: BaseException) -> None:
        """Our thread failed: a bug, told to all who wait; the next question starts a new thread."""
        with self._lock:
            self._thread = None
        self._pending.fail_all(RoleError(f"The link to the reader of recordings failed: {error!r}"))
