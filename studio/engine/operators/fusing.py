"""The component behind join, fuse, sample and interpolate (rules E200-E202). Knows nothing of their forms."""

import threading
from collections import deque
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

from studio.engine.interpolators import Created, InsufficientData, Interpolator
from studio.engine.message import Envelope, Message
from studio.timing import Timestamp

if TYPE_CHECKING:
    from studio.engine.delivery import DeliveryPolicy
    from studio.engine.emitter import Emitter
    from studio.engine.pipeline import Pipeline
    from studio.engine.receiver import Receiver

Combine = Callable[[Any, Sequence[Any]], Any]
Relevant = Callable[[Any], Collection[int]]


class Secondary:
    """One stream that values are asked of: what waits, and whether it has ended."""

    def __init__(self, interpolator: Interpolator[Any, Any]) -> None:
        self.interpolator = interpolator
        self.messages: deque[Message[Any]] = deque()
        self.closing_time: Timestamp | None = None
        self.receiver: Receiver[Any]

    def forget(self, obsolete_time: Timestamp) -> None:
        """Discard what is strictly older."""
        messages = self.messages
        while messages and messages[0].envelope.originating_time < obsolete_time:
            messages.popleft()


class Fuse:
    """For each primary message one value of every secondary at its time, in the order of the primaries.

    The head of the primaries waits until every secondary can tell (rule E200); if one tells that there is no
    value, it is dropped. Queues are unbounded: a silent secondary lets primaries pile up.
    """

    def __init__(
        self,
        pipeline: "Pipeline",
        combine: Combine,
        *,
        relevant: Relevant | None = None,
        forgets_ended: bool = False,
        name: str = "Fuse",
    ) -> None:
        """`combine(primary, values)` makes the payload; `relevant` which secondaries matter (rule E202).

        `forgets_ended`: no primary later than the end of a secondary ever finds that relevant.
        """
        self.name = name
        self.pipeline = pipeline
        self.out: Emitter[Any] = pipeline.create_emitter(self, "out")
        self.receiver = pipeline.create_receiver(self, self._on_primary, "primary")
        self._combine = combine
        self._relevant = relevant
        self._forgets_ended = forgets_ended
        self._primaries: deque[Message[Any]] = deque()
        self._joining = threading.Lock()
        """Secondaries join on the thread of whoever connects them: each change makes a new dictionary."""
        self._secondaries: dict[int, Secondary] = {}
        self._count = 0

    @property
    def is_reproducible(self) -> bool:
        """Whether what it posts does not depend on when messages arrive."""
        return all(secondary.interpolator.is_reproducible for secondary in self._secondaries.values())

    def connect(
        self,
        source: "Emitter[Any]",
        interpolator: Interpolator[Any, Any],
        policy: "DeliveryPolicy | None" = None,
        *,
        while_running: bool = False,
    ) -> None:
        """Add a secondary, numbered from 0 on; `while_running`: also if the pipeline runs (rule E202)."""
        secondary = Secondary(interpolator)
        with self._joining:
            name = f"secondary-{self._count}"
            self._secondaries = {**self._secondaries, self._count: secondary}
            self._count += 1

        def on_message(data: Any, envelope: Envelope) -> None:
            secondary.messages.append(Message(data, envelope))
            self._publish()

        def on_end(closing_time: Timestamp) -> None:
            secondary.closing_time = closing_time
            self._publish()

        receiver = (
            self.pipeline.body.graph.add_receiver(self, on_message, name)
            if while_running
            else self.pipeline.create_receiver(self, on_message, name)
        )
        secondary.receiver = receiver
        receiver.unsubscribed.connect(on_end)
        source.pipe_to(receiver, policy, while_running=while_running)

    def _on_primary(self, data: Any, envelope: Envelope) -> None:
        self._primaries.append(Message(data, envelope))
        self._publish()

    def _publish(self) -> None:
        while self._primaries:
            try:
                is_done = self._try_head(self._primaries[0])
            except BaseException:
                self._primaries.popleft()  # asked again it would fail again
                raise
            if not is_done:
                return
            self._primaries.popleft()

    def _try_head(self, primary: Message[Any]) -> bool:
        """Post or drop the first primary; False if it has to wait."""
        time = primary.envelope.originating_time
        known = self._secondaries
        numbers = known if self._relevant is None else self._relevant(primary.data)
        secondaries = [known[number] for number in numbers]
        answers = []
        for secondary in secondaries:
            answer = secondary.interpolator.interpolate(time, secondary.messages, secondary.closing_time)
            if isinstance(answer, InsufficientData):
                return False
            answers.append(answer)
        for secondary, answer in zip(secondaries, answers, strict=True):
            secondary.forget(answer.obsolete_time)
        values = [answer.value for answer in answers if isinstance(answer, Created)]
        if len(values) == len(answers):
            self.out.post(self._combine(primary.data, values), time)
        if self._forgets_ended:
            self._forget_ended(time)
        return True

    def _forget_ended(self, time: Timestamp) -> None:
        known = self._secondaries
        ended = {n for n, s in known.items() if s.closing_time is not None and s.closing_time < time}
        if ended:
            with self._joining:
                self._secondaries = {n: s for n, s in self._secondaries.items() if n not in ended}
            for number in ended:
                self.pipeline.body.graph.forget_receiver(known[number].receiver)
