"""The component behind the parallel operators whose branches come and go while they run (E219, E220)."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.engine.message import Envelope
from studio.engine.operators.termination import BranchState, TerminationPolicy
from studio.timing import TIME_MAX, TIME_MIN, Timestamp

if TYPE_CHECKING:
    from studio.engine.emitter import Emitter
    from studio.engine.pipeline import Pipeline

Transform = Callable[[Any, "Emitter[Any]"], "Emitter[Any]"]


@dataclass(slots=True)
class Branch:
    """A subpipeline that transforms the values of one key."""

    number: int
    feed: "Emitter[Any]"
    absences: int = 0


class Branching:
    """Feeds each value of a message to the branch of its key; posts (keys, numbers) of the live branches.

    A branch is made when its key first appears, runs from that time on, and is ended by the policy.
    """

    def __init__(
        self,
        pipeline: "Pipeline",
        items: Callable[[Any], Mapping[Any, Any]],
        transform: Transform,
        on_branch: Callable[["Emitter[Any]"], None],
        termination: TerminationPolicy,
        *,
        joins_absent: bool,
    ) -> None:
        """`on_branch` gets the output of each new branch; `joins_absent`: live ones without value count."""
        self.name = "Branching"
        self.pipeline = pipeline
        self.receiver = pipeline.create_receiver(self, self._on_message, "in")
        self.out: Emitter[Any] = pipeline.create_emitter(self, "out")
        self._items = items
        self._transform = transform
        self._on_branch = on_branch
        self._termination = termination
        self._joins_absent = joins_absent
        self._branches: dict[Hashable, Branch] = {}
        self._count = 0
        self._previous_time: Timestamp = TIME_MIN

    def _on_message(self, data: Any, envelope: Envelope) -> None:
        time = envelope.originating_time
        items = self._items(data)
        for key in items:
            if key not in self._branches:
                self._branches[key] = self._add_branch(key, time)
        for key, branch in tuple(self._branches.items()):
            self._end_if_due(key, branch, is_present=key in items)
        self._previous_time = time
        for key, value in items.items():
            if key in self._branches:  # a policy may end what has just come
                self._branches[key].feed.post(value, time)
        live = [key for key in self._branches if self._joins_absent or key in items]
        self.out.post((tuple(live), tuple(self._branches[key].number for key in live)), time)

    def _end_if_due(self, key: Hashable, branch: Branch, *, is_present: bool) -> None:
        branch.absences = 0 if is_present else branch.absences + 1
        state = BranchState(key, branch.number, branch.absences, self._previous_time)
        closing_time = self._termination(state)
        if closing_time is not None:
            del self._branches[key]
            branch.feed.close(closing_time)
            self.pipeline.body.graph.forget_emitter(branch.feed)

    def _add_branch(self, key: Hashable, time: Timestamp) -> Branch:
        number = self._count
        self._count += 1
        branch = self.pipeline.create_subpipeline(f"branch {number} for {key!r}")
        entrance = branch.create_input_connector_from(self.pipeline)
        exit_ = branch.create_output_connector_to(self.pipeline)
        self._transform(key, entrance.out).pipe_to(exit_)
        self._on_branch(exit_.out)
        entrance.receiver.unsubscribed.connect(branch.stop)
        # The exit is a component of the parent; unless it ends with its branch, the join waits for it.
        exit_.receiver.unsubscribed.connect(exit_.out.close)
        feed = self.pipeline.body.graph.add_emitter(self, f"branch-{number}", None)
        feed.pipe_to(entrance, while_running=True)
        descriptor = self.pipeline.replay_descriptor
        branch.run_async(
            start=time,
            end=TIME_MAX if descriptor is None else descriptor.end,
            enforce_replay_clock=descriptor is None or descriptor.enforce_replay_clock,
        )
        return Branch(number, feed)
