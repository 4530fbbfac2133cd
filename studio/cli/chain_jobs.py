"""Runs what concerns a chain in a process of its own, as the window does, with progress on a terminal.

The user's code never runs in the command itself: Ctrl+C ends it whatever it is at, and its `print` goes to
standard error, so that a document on standard output stays one.
"""

from contextlib import closing

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from studio.app.chains.description import ChainDescription
from studio.app.chains.references import absolute_reference
from studio.app.chains.requests import DescribeChainRequest
from studio.app.operations.progress import Outcome, RemainingTime
from studio.cli.interruption import interruptible
from studio.cli.operation import INTERRUPTED
from studio.cli.output import progress_line, remark
from studio.errors import Cancelled
from studio.host.job_client import JobClient
from studio.host.job_protocol import ChainJob, JobProgress
from studio.timing import monotonic_ns


def described(reference: str) -> ChainDescription:
    """What a chain asks for. Raises StudioErrors."""
    outcome = done_in_a_job(DescribeChainRequest(absolute_reference(reference)))
    return ChainDescription.from_json(outcome.remarks[0])


def done_in_a_job(job: ChainJob) -> Outcome:
    """Do it; after Ctrl+C the command ends with 130, unless something was made all the same. StudioErrors."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[left]}"))
    with closing(JobClient(is_in_terminal=True)) as client, progress_line(*columns) as line:
        shown = _ShownProgress(line, line.add_task("", total=1.0, left=""))
        running = client.start(job, shown.show)
        try:
            with interruptible(then=running.cancel):
                return running.future.result()
        except Cancelled:
            remark("Interrupted; nothing was left behind.")
            raise typer.Exit(INTERRUPTED) from None


class _ShownProgress:
    """Progress on a terminal; called on the thread that listens to the job."""

    def __init__(self, line: Progress, task: TaskID) -> None:
        self._line = line
        self._task = task
        self._remaining = RemainingTime()

    def show(self, progress: JobProgress) -> None:
        """A negative share: it goes on until it is called off."""
        done = progress.done
        left = self._remaining.take(monotonic_ns(), done) if done >= 0 else None
        self._line.update(
            self._task,
            completed=max(0.0, done),
            total=None if done < 0 else 1.0,
            description=progress.text,
            left=f"{left:.0f} s left" if left is not None else "",
            refresh=True,
        )
