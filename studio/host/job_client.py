"""Starts jobs, each in a process of its own, and follows them. No caller ever waits.

A job is called off by ending its pipe; one that does not end then is killed, and what it left is removed.
"""

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from studio.app.operations.making import remove_unfinished
from studio.app.operations.progress import Outcome
from studio.engine.threads import StudioThread, spawn
from studio.errors import Cancelled, RemoteFailure, RoleError, StudioError
from studio.host.codec import decode, encode
from studio.host.job_protocol import IN_TERMINAL, Job, JobMakes, JobProgress
from studio.host.pipe_frames import read_frame, write_frame
from studio.host.protocol import Failure, Reply
from studio.host.role_names import Role
from studio.host.roles import StartedRole, how_it_ended, start_with_pipes
from studio.timing import NS_PER_S, monotonic_ns

OnProgress = Callable[[JobProgress], None]

GRACE_S = 5.0
"""So long a job that was called off may clean up before it is killed."""
CLOSE_S = 2.0
"""The window is being closed: a job that needs longer ends by itself (see `job_role`)."""


class RunningJob:
    """One job. Its outcome, or a StudioError, comes in `future`: Cancelled after `cancel`."""

    def __init__(
        self, job: Job, on_progress: OnProgress, *, grace_s: float = GRACE_S, is_in_terminal: bool = False
    ) -> None:
        self.future: Future[Outcome] = Future()
        self.future.set_running_or_notify_cancel()  # cancelled by `cancel` only, and settled in any case
        self._job = job
        self._on_progress = on_progress
        self._grace_s = grace_s
        self._is_in_terminal = is_in_terminal
        self._process: StartedRole | None = None
        self._made: list[Path] = []
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._ender: StudioThread | None = None
        self._thread: StudioThread | None = None

    def begin(self) -> None:
        """Start its process, on a thread of its own."""
        self._thread = spawn("job-link", self._run, self._failed)

    @property
    def pid(self) -> int | None:
        """Its process; None before it was started."""
        return self._process.pid if self._process is not None else None

    def cancel(self) -> None:
        """Call it off; returns at once. Idempotent, and harmless when it is over."""
        with self._lock:
            if self._cancelled.is_set():
                return
            self._cancelled.set()
            process = self._process
        if process is not None:
            self._ender = spawn("job-end", lambda _: self._end(process), self._failed)

    def join(self, timeout_s: float) -> bool:
        """Wait until everything is over; for tests and for the end of the window."""
        return all(thread is None or thread.join(timeout_s) for thread in (self._thread, self._ender))

    def _run(self, _: threading.Event) -> None:
        try:
            outcome = self._followed()
        except StudioError as error:
            self._settle_with(error)
        except (OSError, ValueError) as error:
            self._settle_with(RoleError(f"The job cannot be reached: {error}."))
        else:
            self.future.set_result(outcome)

    def _settle_with(self, error: StudioError) -> None:
        self.future.set_exception(Cancelled("It was cancelled.") if self._cancelled.is_set() else error)

    def _followed(self) -> Outcome:
        arguments = (IN_TERMINAL,) if self._is_in_terminal else ()
        process = start_with_pipes(Role.JOB, arguments, shows_errors=self._is_in_terminal)
        with self._lock:
            self._process = process
            if self._cancelled.is_set():
                process.end_input()
        try:
            with contextlib.suppress(BrokenPipeError):  # it is told below how it ended
                write_frame(process.input, encode(self._job))
            return self._outcome(process)
        finally:
            process.end(self._grace_s)
            self._clean_up()

    def _outcome(self, process: StartedRole) -> Outcome:
        while (data := read_frame(process.output)) is not None:
            match decode(data):
                case JobProgress() as progress:
                    self._on_progress(progress)
                case JobMakes(place=place):
                    self._made.append(Path(place))
                case Reply(value=Outcome() as outcome):
                    return outcome
                case Failure(text=text, kind=kind):
                    raise Cancelled(text) if kind == Cancelled.__name__ else RemoteFailure(text, kind=kind)
                case other:
                    raise RoleError(f"The job said something unexpected ({type(other).__name__}).")
        code = process.wait_for_exit(self._grace_s)
        raise RoleError(f"The process that did this {how_it_ended(code)}. Nothing was left.")

    def _end(self, process: StartedRole) -> None:
        process.end_input()
        if process.wait_for_exit(self._grace_s) is None:
            process.kill()

    def _clean_up(self) -> None:
        """Remove what a killed process left; one that ended properly has left nothing."""
        for place in self._made:
            remove_unfinished(place)

    def _failed(self, error: BaseException) -> None:
        """A thread of ours failed: a bug, told to who waits."""
        if not self.future.done():
            self.future.set_exception(RoleError(f"The link to a job failed: {error!r}"))


class JobClient:
    """Starts jobs and knows which are running. Several may run at a time."""

    def __init__(self, *, grace_s: float = GRACE_S, is_in_terminal: bool = False) -> None:
        """`grace_s`: how long a job that was called off may take to clean up.

        With `is_in_terminal` what a job prints appears on our standard error.
        """
        self._grace_s = grace_s
        self._is_in_terminal = is_in_terminal
        self._lock = threading.Lock()
        self._running: list[RunningJob] = []
        self._closed = False

    def start(self, job: Job, on_progress: OnProgress) -> RunningJob:
        """Start it; returns at once. `on_progress` is called on a thread of ours. Raises RoleError."""
        with self._lock:
            if self._closed:
                raise RoleError("The studio is closing; nothing new is begun.")
            running = RunningJob(job, on_progress, grace_s=self._grace_s, is_in_terminal=self._is_in_terminal)
            self._running = [each for each in self._running if not each.future.done()] + [running]
        running.begin()
        return running

    def close(self) -> None:
        """Call all jobs off, and wait a little for their end. Idempotent."""
        with self._lock:
            self._closed = True
            running, self._running = self._running, []
        for job in running:
            job.cancel()
        begun = monotonic_ns()
        for job in running:
            job.join(max(0.0, CLOSE_S - (monotonic_ns() - begun) / NS_PER_S))
