"""Each item of a payload through a branch of its own, the results joined again (rules E218-E220).

Every branch is a subpipeline. Results carry the originating time of the message whose items they are; where a
branch drops its item, the whole message is left out, or a default fills in.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, overload

from studio.engine.interpolators import Interpolator, reproducible
from studio.engine.message import Envelope
from studio.engine.operators.branching import Branching
from studio.engine.operators.fusing import Combine, Fuse
from studio.engine.operators.termination import TerminationPolicy, never, when_key_not_present
from studio.engine.operators.values import Values

if TYPE_CHECKING:
    from studio.engine.emitter import Emitter
    from studio.engine.pipeline import Pipeline

T = TypeVar("T")
KeyT = TypeVar("KeyT", bound=Hashable)
ResultT = TypeVar("ResultT")
DefaultT = TypeVar("DefaultT")


class _Nothing:
    """No default."""


_NOTHING = _Nothing()


class VectorSplitter:
    """Posts item i of each message on output i."""

    def __init__(self, pipeline: "Pipeline", size: int) -> None:
        self.name = "VectorSplitter"
        self.receiver = pipeline.create_receiver(self, self._on_message, "in")
        self.outputs: list[Emitter[Any]] = [pipeline.create_emitter(self, f"out-{i}") for i in range(size)]

    def _on_message(self, data: Sequence[Any], envelope: Envelope) -> None:
        if len(data) != len(self.outputs):
            raise ValueError(
                f"parallel was made for {len(self.outputs)} items a message, this one has {len(data)}; "
                f"parallel_variable takes any number"
            )
        for output, item in zip(self.outputs, data, strict=True):
            output.post(item, envelope.originating_time)


@overload
def parallel(
    source: "Emitter[Values[T]]",
    size: int,
    transform: "Callable[[int, Emitter[T]], Emitter[ResultT]]",
) -> "Emitter[Values[ResultT]]": ...
@overload
def parallel(
    source: "Emitter[tuple[T, ...]] | Emitter[list[T]]",
    size: int,
    transform: "Callable[[int, Emitter[T]], Emitter[ResultT]]",
) -> "Emitter[Values[ResultT]]": ...
@overload
def parallel(
    source: "Emitter[Values[T]]",
    size: int,
    transform: "Callable[[int, Emitter[T]], Emitter[ResultT]]",
    *,
    default: DefaultT,
) -> "Emitter[Values[ResultT | DefaultT]]": ...
@overload
def parallel(
    source: "Emitter[tuple[T, ...]] | Emitter[list[T]]",
    size: int,
    transform: "Callable[[int, Emitter[T]], Emitter[ResultT]]",
    *,
    default: DefaultT,
) -> "Emitter[Values[ResultT | DefaultT]]": ...
def parallel(
    source: "Emitter[Any]",
    size: int,
    transform: "Callable[[int, Emitter[Any]], Emitter[Any]]",
    *,
    default: object = _NOTHING,
) -> "Emitter[Any]":
    """Messages of exactly `size` items, item i through the stream that `transform(i, items)` makes (E218).

    A message of another length is a ValueError that fails the pipeline; so is a `size` below 1, at once.
    """
    if size < 1:
        raise ValueError(f"parallel needs at least 1 item a message, not {size}")
    pipeline = source.pipeline
    splitter = VectorSplitter(pipeline, size)
    fuse = Fuse(pipeline, lambda _data, values: Values.of(values), name="Parallel")
    source.pipe_to(splitter)
    source.pipe_to(fuse)
    for index, output in enumerate(splitter.outputs):
        branch = pipeline.create_subpipeline(f"branch {index}")
        entrance = branch.create_input_connector_from(pipeline)
        exit_ = branch.create_output_connector_to(pipeline)
        output.pipe_to(entrance)
        transform(index, entrance.out).pipe_to(exit_)
        fuse.connect(exit_.out, _exact(default))
    return fuse.out


@overload
def parallel_variable(
    source: "Emitter[Values[T]]",
    transform: "Callable[[int, Emitter[T]], Emitter[ResultT]]",
) -> "Emitter[Values[ResultT]]": ...
@overload
def parallel_variable(
    source: "Emitter[tuple[T, ...]] | Emitter[list[T]]",
    transform: "Callable[[int, Emitter[T]], Emitter[ResultT]]",
) -> "Emitter[Values[ResultT]]": ...
@overload
def parallel_variable(
    source: "Emitter[Values[T]]",
    transform: "Callable[[int, Emitter[T]], Emitter[ResultT]]",
    *,
    default: DefaultT,
) -> "Emitter[Values[ResultT | DefaultT]]": ...
@overload
def parallel_variable(
    source: "Emitter[tuple[T, ...]] | Emitter[list[T]]",
    transform: "Callable[[int, Emitter[T]], Emitter[ResultT]]",
    *,
    default: DefaultT,
) -> "Emitter[Values[ResultT | DefaultT]]": ...
def parallel_variable(
    source: "Emitter[Any]",
    transform: "Callable[[int, Emitter[Any]], Emitter[Any]]",
    *,
    default: object = _NOTHING,
) -> "Emitter[Any]":
    """As `parallel` for messages of any length: branch i is made when one first has an item i (rule E219)."""

    def combine(_live: object, values: Sequence[Any]) -> Values[Any]:
        return Values.of(values)

    return _branch_out(
        source, lambda data: dict(enumerate(data)), transform, combine, never, default, joins_absent=False
    )


@overload
def parallel_sparse(
    source: "Emitter[dict[KeyT, T]]",
    transform: "Callable[[KeyT, Emitter[T]], Emitter[ResultT]]",
    *,
    termination: TerminationPolicy = when_key_not_present,
) -> "Emitter[dict[KeyT, ResultT]]": ...
@overload
def parallel_sparse(
    source: "Emitter[dict[KeyT, T]]",
    transform: "Callable[[KeyT, Emitter[T]], Emitter[ResultT]]",
    *,
    default: DefaultT,
    termination: TerminationPolicy = when_key_not_present,
) -> "Emitter[dict[KeyT, ResultT | DefaultT]]": ...
def parallel_sparse(
    source: "Emitter[Any]",
    transform: "Callable[[Any, Emitter[Any]], Emitter[Any]]",
    *,
    default: object = _NOTHING,
    termination: TerminationPolicy = when_key_not_present,
) -> "Emitter[Any]":
    """Dictionaries: each key through a branch of its own, for as long as the policy lets it live (E220).

    A key that comes back after its branch has ended gets a new one. The results hold every live branch, also
    one whose key a message lacks.
    """

    def combine(live: tuple[Sequence[Any], Sequence[int]], values: Sequence[Any]) -> dict[Any, Any]:
        return dict(zip(live[0], values, strict=True))

    return _branch_out(source, _as_it_is, transform, combine, termination, default, joins_absent=True)


def _as_it_is(data: Mapping[Any, Any]) -> Mapping[Any, Any]:
    return data


def _branch_out(
    source: "Emitter[Any]",
    items: Callable[[Any], Mapping[Any, Any]],
    transform: "Callable[[Any, Emitter[Any]], Emitter[Any]]",
    combine: Combine,
    termination: TerminationPolicy,
    default: object,
    *,
    joins_absent: bool,
) -> "Emitter[Any]":
    pipeline = source.pipeline
    fuse = Fuse(pipeline, combine, relevant=lambda live: live[1], forgets_ended=True, name="Parallel")

    def join_branch(output: "Emitter[Any]") -> None:
        fuse.connect(output, _exact(default), while_running=True)

    branching = Branching(pipeline, items, transform, join_branch, termination, joins_absent=joins_absent)
    source.pipe_to(branching)
    branching.out.pipe_to(fuse)
    return fuse.out


def _exact(default: object) -> Interpolator[Any, Any]:
    return reproducible.exact() if default is _NOTHING else reproducible.exact_or_default(default)
