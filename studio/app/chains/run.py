"""Process: runs a chain over recordings and makes its outputs a partition of their session.

The result is made beside its place and gets its name when it is whole; so a chain that raises, never returns
or is ended leaves nothing. Runs in a job process, or in that of the command; the user's code may do as it
likes there.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from studio import store
from studio.app.chains.blame import chain_error
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
from studio.app.chains.requests import ProcessRequest
from studio.app.chains.watching import let_end, watch
from studio.app.operations.making import making
from studio.app.operations.progress import Outcome, Progress
from studio.app.value_text import duration_text
from studio.engine import Emitter, Pipeline, ReplayDescriptor
from studio.errors import ChainError
from studio.formats.recording import StreamRef
from studio.store import Exporter
from studio.timing import NS_PER_S, TimeInterval, monotonic_ns

_MADE = "result.h5"


@dataclass(slots=True)
class _Told:
    """What is said while it runs."""

    progress: Progress
    text: str
    done: float = 0.0

    def take(self, done: float) -> None:
        """From a thread of the engine."""
        self.done = done

    def report(self) -> None:
        """From ours."""
        self.progress.report(self.done, self.text)


@dataclass(frozen=True, slots=True)
class Run:
    """A chain in a pipeline, fed from recordings, that writes to `place`; see `running`."""

    prepared: Prepared
    pipeline: Pipeline
    exporter: Exporter
    interval: TimeInterval | None
    not_comparable: tuple[str, ...] = field(default=())


def process(request: ProcessRequest, progress: Progress) -> Outcome:
    """Run it. Raises ChainError with file and line, Cancelled, and errors of stores."""
    progress.report(0.0, "Loading the chain")
    prepared = prepare(
        request.chain, request.recordings, dict(request.streams), dict(request.parameters), request.target
    )
    check_target(prepared.target, replace=request.replace)
    interval = _interval_of(prepared, request.interval)
    begun = monotonic_ns()
    with making(prepared.target, progress) as made:
        messages = compute(
            prepared, interval, made.place.parent / _MADE, progress, real_time=request.real_time
        )
        (made.place.parent / _MADE).rename(made.place)
        check_target(prepared.target, replace=request.replace)
        final = made.finish(replace=request.replace)
    return Outcome((str(final),), _told(prepared, final, messages, interval, monotonic_ns() - begun))


def _interval_of(prepared: Prepared, asked: TimeInterval | None) -> TimeInterval | None:
    """What is really to be run; ChainError if nothing lies in it."""
    span = prepared.span()
    if span is None or asked is None:
        return asked
    common = span.intersection(asked)
    if common.is_empty or not (asked.left <= span.right and asked.right >= span.left):
        raise ChainError("No message of the chosen streams lies in the selection; choose another one.")
    return asked


def compute(
    prepared: Prepared,
    interval: TimeInterval | None,
    place: Path,
    progress: Progress,
    *,
    real_time: bool = False,
    text: str = "",
) -> int:
    """Run the chain over stored streams into a new file at `place`; how many messages it gave.

    Raises ChainError with file and line, and what `progress.report` raises; `place` is then half-made.
    """
    told = _Told(progress, text or f"Running {prepared.chain.name}")
    with _running(prepared, interval, place) as run:
        descriptor = ReplayDescriptor(_bounded(prepared, interval), enforce_replay_clock=real_time)
        try:
            run.pipeline.run_async(descriptor, progress=told.take)
        except Exception as error:  # whatever the user's components raise when they are started
            raise chain_error(error, prepared.chain.file, prepared.what) from error
        watch(prepared, run.pipeline, told.report)
        fields = interval_fields(interval) | {"not_comparable": run.not_comparable, "complete": True}
        run.exporter.derived(prepared.derivation(**fields).to_attribute())
        run.pipeline.dispose()
        return sum(stream.message_count for stream in run.exporter.statistics().streams)


def _bounded(prepared: Prepared, interval: TimeInterval | None) -> TimeInterval:
    """With a beginning, which a replay has to have."""
    span = prepared.span()
    whole = interval if interval is not None else TimeInterval.INFINITE
    if whole.is_left_bounded or span is None:
        return whole
    return replace(whole, left=min(span.left, whole.right), left_inclusive=True)


@contextmanager
def _running(prepared: Prepared, interval: TimeInterval | None, place: Path) -> Iterator[Run]:
    """The graph, built and not yet run; ended in any case, without waiting for code that never returns."""
    pipeline = Pipeline(prepared.chain.name, default_delivery_policy=POLICY)
    try:
        outputs = build(prepared, open_stored(pipeline, prepared.bound))
        against = reasons_against_comparing(prepared, pipeline)
        derivation = prepared.derivation(**interval_fields(interval), not_comparable=against)
        exporter = store.create(
            pipeline,
            place,
            session_id=next(iter(prepared.recordings.values())).session_id,
            queue_limit=QUEUE_BYTES,
            waits=True,
            derivation=derivation.to_attribute(),
        )
        write_outputs(prepared, outputs, exporter)
        yield Run(prepared, pipeline, exporter, interval, against)
    except BaseException:
        let_end(pipeline)
        raise
    pipeline.dispose()


def open_stored(pipeline: Pipeline, bound: Mapping[str, StreamRef]) -> dict[str, Emitter[Any]]:
    """The stored streams in a pipeline, by input."""
    importers = {path: store.open(pipeline, path) for path in {ref.path for ref in bound.values()}}
    return {name: importers[ref.path].open_stream(ref.name) for name, ref in bound.items()}


def _told(prepared: Prepared, final: Path, messages: int, interval: TimeInterval | None, took: int) -> str:
    span = prepared.span()
    covered = span.intersection(interval).span if span and interval else span.span if span else 0
    speed = f", {covered / took:.1f} times real time" if took and covered else ""
    took_text = duration_text(took / NS_PER_S)
    return f"{prepared.chain.name} gave {messages} messages in {took_text}{speed}: {final.name}."
