"""Where a run gets a clock that follows another machine, if it is to have one (decision 30).

The engine knows no network: whoever follows clocks stands behind a Protocol, and is asked once, when a live
run starts. Without such a source nothing here has any part in a run.
"""

import logging
from typing import Protocol

from studio.errors import NotSynchronisedError
from studio.timing import Clock, Timestamp

_log = logging.getLogger(__name__)


class ClockSource(Protocol):
    """Follows another clock. Called by any thread; returns at once."""

    def clock_for_run(self, own: Clock) -> Clock | None:
        """The clock of a run that starts now, until `release`; None: no offset is known yet.

        `own` itself, if the machine to follow is this one.
        """
        ...

    def release(self, clock: Clock) -> None:
        """The run has ended; once for each clock given."""
        ...

    def why_not(self) -> str:
        """Why there is none, in people's words; a whole sentence."""
        ...


class SourcedClock:
    """The clock of a pipeline with a source: its own before the run, from then on the one of the run."""

    def __init__(self, own: Clock, source: ClockSource) -> None:
        self._own = own
        self._clock = own
        self._source = source
        self._taken: Clock | None = None

    @property
    def own(self) -> Clock:
        """What it is while nobody is followed."""
        return self._own

    def now(self) -> Timestamp:
        """The current time."""
        return self._clock.now()

    def from_monotonic(self, monotonic: int) -> Timestamp:
        """The time at which the monotonic clock stands at `monotonic` ns."""
        return self._clock.from_monotonic(monotonic)

    def begin(self, name: str, *, require_sync: bool) -> bool:
        """A live run starts; whether it has the followed clock, which it keeps to its end.

        Otherwise it runs on its own, and it is said why; with `require_sync` NotSynchronisedError is raised.
        """
        clock = self._source.clock_for_run(self._own)
        if clock is None:
            reason = self._source.why_not()
            if require_sync:
                raise NotSynchronisedError(
                    f"Pipeline {name!r} shall run on another machine's clock only. {reason}"
                )
            _log.warning("pipeline %r runs on this machine's own clock to its end: %s", name, reason)
            return False
        self._clock = self._taken = clock
        return True

    def end(self) -> None:
        """The run has ended; the clock goes on as it was. Idempotent."""
        taken, self._taken = self._taken, None
        if taken is not None:
            self._source.release(taken)
