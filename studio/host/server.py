"""The recorder as a server: commands in order on one thread, status pushed to all, the rules of its life.

Owns the recorder and the order of commands. A client that leaves stops nothing but, after ten seconds, a
preview; the process leaves ten seconds after the last recording is closed and nobody is there (decision 18).
"""

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any

from studio.app.status import RecorderState
from studio.engine.threads import StudioThread, spawn
from studio.host.commands import CommandedRecorder, answer
from studio.host.endpoint import Endpoint
from studio.host.local_server import LocalServer
from studio.host.occupancy import LEAVE_AFTER_S, Occupancy, Step
from studio.host.protocol import Failure, Farewell, GetStatus, Quit, Reply, Request, StopRecording
from studio.host.served_client import ServedClient
from studio.timing import NS_PER_MS, monotonic_ns, wait_on

STATUS_INTERVAL = 100 * NS_PER_MS
COMMANDS = 64
"""Commands that may wait; more are refused."""
_log = logging.getLogger(__name__)

Job = Callable[[], object]


class RecorderServer:
    """Serves one recorder. `open`, `wait_until_left` and `close` belong to the main thread."""

    def __init__(
        self, recorder: CommandedRecorder, endpoint: Endpoint, *, leave_after_s: float = LEAVE_AFTER_S
    ) -> None:
        self._recorder = recorder
        self._occupancy = Occupancy(leave_after_s)
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._leaving = threading.Event()
        self._ended = False
        self._server = LocalServer(endpoint, self, self._note_failure)
        self._threads: list[StudioThread] = []
        self.error: BaseException | None = None
        """The last failure that no part of the program foresaw."""

    def open(self) -> None:
        """Begin to serve; raises RoleError if the address cannot be listened at."""
        self._server.open()
        self._threads = [
            spawn("commands", self._run_jobs, self._failed),
            spawn("status", self._tell_status, self._failed),
        ]

    def leave(self) -> None:
        """Ask for the end."""
        self._leaving.set()

    def wait_until_left(self, timeout_s: float) -> bool:
        """Wait for at most `timeout_s`; True once it is time to `close`."""
        return self._leaving.wait(timeout_s)

    def close(self) -> None:
        """Finish what is being recorded, say farewell, end all threads. Idempotent."""
        if self._ended:
            return
        self._ended = True
        self._leaving.set()
        commands, status = self._threads
        # Behind the commands that wait already: a Stop among them is answered, a Record refused by nobody.
        self._jobs.put(self._recorder.stop)
        self._jobs.put(None)
        commands.join()
        status.cancel()
        status.join()
        self._server.push(Farewell("The recorder has ended. What it was recording is finished and closed."))
        self._server.close()
        self._recorder.close()

    def joined(self, client: ServedClient) -> None:
        """A client is there: it is told at once how things are, since somebody waits for a window."""
        _log.info("client %d joined", client.number)
        self._look(lambda _: None)

    def left(self, client: ServedClient) -> None:
        """A client is gone; whatever runs goes on."""
        _log.info("client %d left: %s", client.number, client.end_reason)

    def received(self, client: ServedClient, message: Any) -> None:
        """A client sent something; called on its own thread."""
        if not isinstance(message, Request):
            client.drop(f"it sent a {type(message).__name__} instead of a request")
        elif isinstance(message.body, GetStatus):
            client.reply(answer(self._recorder, message))
        else:
            self._enqueue(client, message)

    def _enqueue(self, client: ServedClient, request: Request) -> None:
        if self._jobs.qsize() < COMMANDS:
            self._jobs.put(lambda: self._carry_out(client, request))
        else:
            client.reply(Failure(request.number, "The recorder is busy with earlier commands. Try again."))

    def _carry_out(self, client: ServedClient, request: Request) -> None:
        if self._leaving.is_set() and not isinstance(request.body, StopRecording):
            client.reply(Failure(request.number, "The recorder is ending. Try again in a moment."))
            return
        reply = answer(self._recorder, request)
        client.reply(reply)
        self._server.push(self._recorder.status())
        if isinstance(request.body, Quit) and isinstance(reply, Reply):
            self.leave()

    def _run_jobs(self, cancelled: threading.Event) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception as error:  # the outer edge of a job: the recorder lives on
                self._note_failure(error)

    def _tell_status(self, cancelled: threading.Event) -> None:
        while not wait_on(cancelled, STATUS_INTERVAL):
            self._look(self._follow_rules)

    def _look(self, follow: Callable[[RecorderState], None]) -> None:
        """Tell all clients how things are, then act on it."""
        try:
            status = self._recorder.status()
            self._server.push(status)
            follow(status.state)
        except Exception as error:  # the outer edge of a look: what is recorded does not depend on it
            self._note_failure(error)

    def _follow_rules(self, state: RecorderState) -> None:
        if self._leaving.is_set():
            return
        step = self._occupancy.look(monotonic_ns(), self._server.client_count, state)
        if step is Step.LEAVE:
            self.leave()
        elif step is Step.STOP_PREVIEW and self._jobs.empty():
            self._jobs.put(self._stop_unwatched_preview)

    def _stop_unwatched_preview(self) -> None:
        # Decided again here, on the thread of the commands: meanwhile someone may have pressed Record.
        if not self._server.client_count and self._recorder.status().state is RecorderState.PREVIEW:
            self._recorder.stop()

    def _note_failure(self, error: BaseException) -> None:
        """Something failed beside the recording, which goes on. Each new kind of failure is logged."""
        if self.error is None or type(self.error) is not type(error):
            _log.error("a part of the recorder failed; what is being recorded goes on", exc_info=error)
        self.error = error

    def _failed(self, error: BaseException) -> None:
        """A thread without which no command can come any more: finish what is recorded, and end."""
        self._note_failure(error)
        self._leaving.set()
