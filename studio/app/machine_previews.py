"""Asks the machines of a list how far they are, while somebody looks at it.

The clock process does the asking, so that whoever is silent there delays nobody here, and what is found is
exact.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from studio.app.clock_sync import DiscoveredMachine
from studio.app.machine_list import MachineList, Preview
from studio.errors import StudioError
from studio.net.clock_messages import Previewed
from studio.net.clock_roles import ClockRoles
from studio.net.clock_serving import machine_name
from studio.net.tls_policy import Way
from studio.timing import Clock, monotonic_ns
from studio.timing.sync_status import ProbeOutcome

if TYPE_CHECKING:
    from concurrent.futures import Future

NOBODY_ANSWERS = "it does not answer"
_log = logging.getLogger(__name__)


class MachinePreviews:
    """`look` belongs to the keeper's thread."""

    def __init__(
        self,
        machines: MachineList,
        clock: Clock,
        roles: ClockRoles,
        way_to: Callable[[DiscoveredMachine], Way],
    ) -> None:
        """`clock`: this machine's own, to which offsets are told.

        `way_to` says how a machine is to be asked; what it raises (StudioError) is told of that machine.
        """
        self._roles = roles
        self._way_to = way_to
        self._machines = machines
        self._clock = clock

    def look(self, now: int, *, followed: str) -> None:
        """Ask those whose turn it is; the one that is `followed` is asked elsewhere."""
        for machine in self._machines.due(now, followed=followed):
            try:
                way = self._way_to(machine)
            except StudioError as error:
                self._machines.take(machine.key, Preview(now, problem=str(error)))
                continue
            future = self._roles.preview(way.host, way.port, tls=way.tls)
            future.add_done_callback(partial(self._take, machine.key))

    def _take(self, key: str, done: "Future[Previewed]") -> None:
        """On the link's thread."""
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            self._machines.take(key, self._preview(done.result()))
        elif isinstance(error, StudioError):
            self._machines.take(key, Preview(monotonic_ns(), problem=str(error)))
        else:
            _log.error("asking %s failed", key, exc_info=error)

    def _preview(self, told: Previewed) -> Preview:
        answers = [record for record in told.records if record.outcome is ProbeOutcome.ANSWERED]
        if not answers:
            return Preview(monotonic_ns(), problem=told.problem or NOBODY_ANSWERS)
        best = min(answers, key=lambda record: record.received - record.sent)
        middle = (best.sent + best.received) // 2
        return Preview(
            monotonic=best.received,
            machine=told.machine,
            round_trip=best.received - best.sent,
            offset=best.stamp - self._clock.from_monotonic(middle),
            is_self=told.is_local and told.machine.casefold() == machine_name().casefold(),
        )
