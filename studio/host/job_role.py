"""The job process: does one long piece of work, tells how far it is, and ends (decision 16).

The end of its pipe means that nobody wants the result any more: the work is called off and cleaned up.
"""

import logging
import os
import threading
from collections.abc import Sequence
from typing import IO

from studio.app.operations.directory import carry_out
from studio.engine.threads import spawn
from studio.errors import Cancelled, RemoteProtocolError, StudioError
from studio.host.codec import decode, encode
from studio.host.commands import unexpected
from studio.host.giving_way import give_way
from studio.host.job_protocol import IN_TERMINAL, JobMakes, JobProgress
from studio.host.pipe_frames import claim_pipes, read_frame, write_frame
from studio.host.protocol import Failure, Reply
from studio.host.run_directory import RunDirectory
from studio.timing import NS_PER_MS, NS_PER_S, monotonic_ns, wait_on

INTERVAL = 100 * NS_PER_MS
END_AFTER = 30 * NS_PER_S
"""So long after its pipe has ended a job may clean up; whoever could kill it may be gone."""
LOG_NAME = "job.log"
_log = logging.getLogger(__name__)


def run(arguments: Sequence[str]) -> int:
    """Do the one job that comes through the pipe."""
    if IN_TERMINAL in arguments:
        logging.basicConfig(filename=RunDirectory.open().file(LOG_NAME), level=logging.INFO, force=True)
    give_way()
    orders, answers = claim_pipes()
    data = read_frame(orders)
    if data is None:
        return 0
    told = PipeProgress(answers)
    spawn("job-orders", lambda _: _wait_for_end(orders, told), lambda _: told.cancel())
    try:
        write_frame(answers, _answer(decode(data), told))
    except BrokenPipeError:
        return 0  # who asked is gone
    return 0


def _wait_for_end(orders: IO[bytes], told: "PipeProgress") -> None:
    try:
        while read_frame(orders) is not None:
            pass
    except RemoteProtocolError:
        _log.info("who started this job broke off")
    told.cancel()
    wait_on(threading.Event(), END_AFTER)
    _log.error("the job did not end although nobody wants its result")
    os._exit(1)


def _answer(job: object, told: "PipeProgress") -> bytes:
    try:
        return encode(Reply(0, carry_out(job, told)))
    except BrokenPipeError:
        raise
    except StudioError as error:
        return encode(Failure(0, str(error), type(error).__name__))
    except Exception as error:  # the outer edge of the process: our bug, told and logged
        _log.exception("job %r failed", job)
        return encode(unexpected(0, error))


class PipeProgress:
    """Tells the one who started the job; `report` raises Cancelled after `cancel`."""

    def __init__(self, answers: IO[bytes]) -> None:
        self._answers = answers
        self._cancelled = threading.Event()
        self._told: int | None = None
        self._text = ""

    def cancel(self) -> None:
        """The result is not wanted; from any thread."""
        self._cancelled.set()

    def report(self, done: float, text: str = "") -> None:
        """See `Progress`."""
        if self._cancelled.is_set():
            raise Cancelled("It was cancelled.")
        now = monotonic_ns()
        if self._told is None or now - self._told >= INTERVAL or text != self._text:
            self._told, self._text = now, text
            self._tell(JobProgress(done, text))

    def makes(self, place: str) -> None:
        """See `Progress`."""
        self._tell(JobMakes(place))

    def _tell(self, value: object) -> None:
        try:
            write_frame(self._answers, encode(value))
        except BrokenPipeError as error:
            raise Cancelled("Whoever wanted this has gone.") from error
