"""Waits for the end of a run of somebody else's code, which may fail, or never end."""

from collections.abc import Callable

from studio.app.chains.blame import chain_error, first_cause
from studio.app.chains.preparing import Prepared
from studio.engine import Pipeline, spawn
from studio.errors import EnvironmentalError

LOOK_S = 0.1
GIVE_UP_S = 3.0
"""A run that is called off gets so long to end; code that never returns is left behind, to end with the
process."""


def watch(prepared: Prepared, pipeline: Pipeline, report: Callable[[], None]) -> None:
    """Wait for the end, reporting several times a second. Raises ChainError, and what `report` raises."""
    while not ended(prepared, pipeline, LOOK_S):
        report()


def ended(prepared: Prepared, pipeline: Pipeline, timeout_s: float) -> bool:
    """Wait at most `timeout_s`; whether the run has ended. Raises ChainError if it failed."""
    try:
        return pipeline.wait_all(timeout_s)
    except Exception as error:  # whatever the user's code raised
        if isinstance(first_cause(error), EnvironmentalError):
            raise first_cause(error) from error  # the disk is full, the file has gone: no fault of the chain
        raise chain_error(error, prepared.chain.file, prepared.what) from error


def let_end(pipeline: Pipeline, *, timeout_s: float = GIVE_UP_S) -> bool:
    """Dispose it without waiting longer than `timeout_s`; whether it has ended. What its run raised is not
    raised again: whoever calls this off has a reason of his own."""
    thread = spawn("chain-end", lambda _: pipeline.dispose(), lambda _: None)
    return thread.join(timeout_s)
