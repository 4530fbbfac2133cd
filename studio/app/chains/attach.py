"""Attach: runs a chain over a recording while it is written, in a process of its own.

It reads what the recorder has committed and never talks to it. The outputs grow in a partition of their own
that is there from the beginning, so that it can be watched. It may lag, and drops nothing. It ends with the
recording, or when it is called off; then the partition is closed at a time up to which it is whole.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from studio import store
from studio.app.chains.derivation import interval_fields
from studio.app.chains.preparing import (
    POLICY,
    QUEUE_BYTES,
    Prepared,
    build,
    check_target,
    prepare,
    reasons_against_comparing,
    write_outputs,
)
from studio.app.chains.requests import FollowRequest
from studio.app.chains.watching import LOOK_S, ended, let_end, watch
from studio.app.operations.progress import Outcome, Progress
from studio.engine import REPLAY_ALL_REAL_TIME, Pipeline
from studio.errors import Cancelled, ChainError, StudioError
from studio.store import Exporter
from studio.store.following import Follower, follow
from studio.store.reader import StoreReader
from studio.store.writer_clock import writer_clock
from studio.timing import NS_PER_S, TIME_MIN, TimeInterval

ENDLESS = -1.0
"""As progress: it goes on as long as the recording does."""
FINISH_S = 4.0
"""So long it may take to finish when it is called off, before what it has is closed as it is."""


@dataclass(frozen=True, slots=True)
class _Attached:
    """A chain on a growing recording."""

    prepared: Prepared
    pipeline: Pipeline
    follower: Follower
    exporter: Exporter
    not_comparable: tuple[str, ...]

    def lag_text(self) -> str:
        """For people, several times a second."""
        status = self.follower.status
        if status.is_over:
            return "the recording has ended; processing the rest"
        return f"{status.behind_ns / NS_PER_S:.1f} s behind, {status.posted} messages processed"

    def note_end(self) -> None:
        """Say in the partition how far it goes."""
        status = self.follower.status
        interval = TimeInterval.INFINITE
        if not status.is_over and status.last_time != TIME_MIN:
            interval = TimeInterval(TIME_MIN, status.last_time)
        fields = interval_fields(interval) | {"not_comparable": self.not_comparable, "late": status.late}
        derivation = self.prepared.derivation(live=True, complete=True, **fields)
        self.exporter.derived(derivation.to_attribute())


def attach(request: FollowRequest, progress: Progress) -> Outcome:
    """Follow the recording to its end, or until called off; what was computed up to there is the outcome.

    Raises ChainError with file and line, Cancelled if the chain did not return, and errors of stores.
    """
    progress.report(ENDLESS, "Loading the chain")
    prepared = prepare(
        request.chain,
        (request.recording,),
        dict(request.streams),
        dict(request.parameters),
        request.target,
    )
    check_target(prepared.target, replace=request.replace)
    with _attached(prepared) as attached:
        attached.pipeline.run_async(REPLAY_ALL_REAL_TIME)
        try:
            watch(prepared, attached.pipeline, lambda: progress.report(ENDLESS, attached.lag_text()))
        except (Cancelled, KeyboardInterrupt):
            _finish(attached)
        attached.note_end()
    status = attached.follower.status
    counts = sum(stream.message_count for stream in attached.exporter.statistics().streams)
    late = f"; {status.late} came late" if status.late else ""
    return Outcome(
        (str(prepared.target),),
        f"{prepared.chain.name} followed {status.posted} messages and gave {counts}{late}: "
        f"{prepared.target.name}.",
    )


def _finish(attached: _Attached) -> None:
    """End at a time up to which everything has been processed."""
    attached.follower.finish()
    for _ in range(round(FINISH_S / LOOK_S)):
        if ended(attached.prepared, attached.pipeline, LOOK_S):
            return
    raise Cancelled(f"{attached.prepared.what} does not return; what it had given is kept, but incomplete.")


@contextmanager
def _attached(prepared: Prepared) -> Iterator[_Attached]:
    """The graph, built and not yet run; ended in any case, its partition closed."""
    path = next(iter(prepared.recordings))
    if len(prepared.recordings) > 1:
        raise ChainError("A chain can be attached to the streams of one recording only.")
    with StoreReader(path) as reader:
        clock = writer_clock(reader)
    pipeline = Pipeline(prepared.chain.name, default_delivery_policy=POLICY, clock=clock)
    exporter: Exporter | None = None
    try:
        follower = follow(pipeline, path)
        sources = {name: follower.open_stream(ref.name) for name, ref in prepared.bound.items()}
        outputs = build(prepared, sources)
        against = reasons_against_comparing(prepared, pipeline)
        prepared.target.unlink(missing_ok=True)  # allowed by the user, and all of it can be computed again
        exporter = store.create(
            pipeline,
            prepared.target,
            session_id=prepared.recordings[path].session_id,
            queue_limit=QUEUE_BYTES,
            waits=True,
            derivation=prepared.derivation(live=True, not_comparable=against).to_attribute(),
        )
        write_outputs(prepared, outputs, exporter)
        yield _Attached(prepared, pipeline, follower, exporter, against)
    except BaseException:
        if not let_end(pipeline) and exporter is not None:
            with suppress(StudioError):  # what failed first is told
                exporter.close_file(FINISH_S)
        raise
    pipeline.dispose()
