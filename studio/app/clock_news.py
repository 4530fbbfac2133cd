"""Cuts what is known of a clock into the parts that a recording keeps, each thing told once. Values only."""

import threading
from collections.abc import Callable
from dataclasses import replace

from studio.timing import NS_PER_S, Duration
from studio.timing.segments import Segment
from studio.timing.sync_status import ClockLog, ClockTerms, StateChange, SyncStatus

BEFORE: Duration = 60 * NS_PER_S
"""Probes from so long before a recording belong to it: what is known at its beginning stands on them."""


class ClockNews:
    """Of one recording. Any thread may ask for the next part."""

    def __init__(
        self,
        ask: Callable[[int], ClockLog],
        *,
        begun: int,
        sync: SyncStatus,
        terms: ClockTerms,
        own_line: tuple[Segment, ...] = (),
    ) -> None:
        """`ask(since)`: all that is known from that moment on; `sync`: how it stood when the run `begun`.

        `own_line`: the run keeps this machine's own clock, whatever is followed by now. What is measured is
        told all the same, for a correction afterwards; no bound is, since it would be that of another clock.
        """
        self._own_line = own_line
        self._ask = ask
        self._lock = threading.Lock()
        self._first: ClockLog | None = ClockLog(
            changes=(StateChange(begun, sync.state, sync.text),),
            references=() if sync.reference is None else (sync.reference,),
            terms=terms,
        )
        self._probe, self._change, self._bound = begun - BEFORE, begun, begun - 1

    def take(self, now: int) -> ClockLog | None:
        """What has not been told yet; None: nothing."""
        with self._lock:
            first, self._first = self._first, None
            oldest = min(self._probe, self._change, self._bound)
            # What was measured before the last part may be known only now, a burst late.
            since = oldest if first is not None else max(oldest, now - BEFORE)
        log = self._ask(since)
        with self._lock:
            new = self._new_of(log)
        if first is not None:
            return replace(new, changes=first.changes + new.changes, terms=first.terms)
        return None if not (new.probes or new.changes or new.bounds) else new

    def _new_of(self, log: ClockLog) -> ClockLog:
        probes = tuple(probe for probe in log.probes if probe.received > self._probe)
        changes = tuple(change for change in log.changes if change.monotonic > self._change)
        bounds = tuple(bound for bound in log.bounds if bound[0] > self._bound)
        self._probe = max((probe.received for probe in probes), default=self._probe)
        self._change = max((change.monotonic for change in changes), default=self._change)
        self._bound = max((bound[0] for bound in bounds), default=self._bound)
        new = replace(log, probes=probes, changes=changes, bounds=bounds, terms=None)
        return replace(new, segments=self._own_line, bounds=()) if self._own_line else new
