"""The states of a pipeline and the moves between them, as one table (rules E8, E33)."""

import threading
from enum import Enum

from studio.errors import PipelineStateError


class PipelineState(Enum):
    """Where a pipeline is in its life."""

    INITIAL = "initial"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    COMPLETED = "completed"


LEGAL_MOVES: dict[PipelineState, frozenset[PipelineState]] = {
    PipelineState.INITIAL: frozenset({PipelineState.STARTING, PipelineState.COMPLETED}),
    PipelineState.STARTING: frozenset({PipelineState.RUNNING, PipelineState.COMPLETED}),
    PipelineState.RUNNING: frozenset({PipelineState.STOPPING}),
    PipelineState.STOPPING: frozenset({PipelineState.COMPLETED}),
    PipelineState.COMPLETED: frozenset(),
}
"""From Initial straight to Completed: disposed without a run. From Starting: the start was called off."""


class Lifecycle:
    """The state of one pipeline; threads may wait for it to change."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._changed = threading.Condition()
        self._state = PipelineState.INITIAL

    @property
    def state(self) -> PipelineState:
        """The state now."""
        return self._state

    def move(self, to: PipelineState) -> None:
        """Go to another state; PipelineStateError, naming both, if that is not legal."""
        if not self.try_move(to):
            raise PipelineStateError(
                f"pipeline {self._name!r} is {self._state.value} and cannot become {to.value}"
            )

    def try_move(self, to: PipelineState) -> bool:
        """Go to another state if that is legal; of several threads one succeeds (PORT of rule E33)."""
        with self._changed:
            if to not in LEGAL_MOVES[self._state]:
                return False
            self._state = to
            self._changed.notify_all()
            return True

    def begin(self) -> None:
        """Begin the run; PipelineStateError if it has begun before: there is only one (rule E18)."""
        if not self.try_move(PipelineState.STARTING):
            raise PipelineStateError(
                f"pipeline {self._name!r} is {self._state.value} and cannot be started again: it runs once; "
                f"make a new pipeline for another run"
            )

    def wait_while(self, state: PipelineState) -> None:
        """Wait until the state is another one."""
        with self._changed:
            self._changed.wait_for(lambda: self._state is not state)

    def require(self, call: str, *allowed: PipelineState) -> None:
        """Raise PipelineStateError unless the state is one of `allowed`; names the call (rule E61)."""
        state = self._state
        if state not in allowed:
            names = " or ".join(s.value for s in allowed)
            raise PipelineStateError(
                f"pipeline {self._name!r} is {state.value}; {call} is only possible while it is {names}"
            )

    def require_configurable(self, call: str) -> None:
        """Raise PipelineStateError if components cannot be added or joined any more (rules E12, E14)."""
        state = self._state
        if state not in (PipelineState.INITIAL, PipelineState.STARTING):
            raise PipelineStateError(
                f"pipeline {self._name!r} is {state.value}; {call} is not possible any more: do it before "
                f"the run, or in a subpipeline that is made now and run by itself"
            )
