"""From a request to a chain that is loaded, its streams found, its place chosen; from there to a graph."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.app.chains.binding import bind, candidates_of
from studio.app.chains.blame import chain_error
from studio.app.chains.comparable import declared, not_reproducible
from studio.app.chains.definition import Chain, Output
from studio.app.chains.derivation import Derivation, Source, derived_path
from studio.app.chains.description import ParameterValue
from studio.app.chains.loading import file_hash, load
from studio.app.chains.parameters import arguments, settled
from studio.app.chains.references import absolute_reference
from studio.engine import DeliveryPolicy, Emitter, Pipeline
from studio.errors import ChainError, StoreEnvironmentError, StudioError
from studio.formats.recording import RecordingInfo, StreamInfo, StreamRef
from studio.store import Exporter
from studio.store.reader import StoreReader
from studio.store.sidecar import is_being_written
from studio.timing import TimeInterval

POLICY = DeliveryPolicy.queue_size_throttled(16)
"""Everything in a chain waits for everything: nothing is dropped, and memory stays what it is."""
QUEUE_BYTES = 64 << 20
"""Of each output, waiting for the disk."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a run needs."""

    chain: Chain
    reference: str
    values: dict[str, ParameterValue]
    bound: dict[str, StreamRef]
    recordings: dict[str, RecordingInfo]
    """By path, those that streams are taken from."""
    target: Path

    @property
    def what(self) -> str:
        """For messages."""
        return f"The chain {self.chain.name!r} ({Path(self.chain.file).name}:{self.chain.line})"

    def streams(self) -> tuple[StreamInfo, ...]:
        """Those that are taken."""
        found = {(path, s.name): s for path, info in self.recordings.items() for s in info.streams}
        return tuple(found[(ref.path, ref.name)] for ref in self.bound.values())

    def span(self) -> TimeInterval | None:
        """From the first to the last message of its streams; None: there is none."""
        filled = [stream for stream in self.streams() if stream.message_count]
        if not filled:
            return None
        return TimeInterval(min(s.first_time for s in filled), max(s.last_time for s in filled))

    def derivation(self, **fields: Any) -> Derivation:
        """What the result's attribute says."""
        return Derivation(
            chain=self.chain.name,
            reference=self.reference,
            file=self.chain.file,
            file_hash=file_hash(self.chain.file),
            parameters=self.values,
            inputs={name: (Path(ref.path).name, ref.name) for name, ref in self.bound.items()},
            sources=tuple(Source.of(recording) for recording in self.recordings.values()),
            **fields,
        )


def prepare(
    chain: str,
    recordings: Sequence[str],
    streams: Mapping[str, StreamRef],
    parameters: Mapping[str, ParameterValue],
    target: str,
) -> Prepared:
    """Load the chain and find what it needs. Raises ChainError, StoreEnvironmentError, StoreFormatError."""
    if not recordings:
        raise ChainError("There is no recording to process.")
    loaded = load(chain)
    values = settled(loaded, parameters)
    paths = [str(Path(path).expanduser().absolute()) for path in recordings]
    infos = {path: read_info(path) for path in paths}
    chosen = {name: _in_full(ref, infos) for name, ref in streams.items()}
    bound = bind(loaded.inputs, candidates_of(infos.values()), chosen)
    place = Path(target).expanduser().absolute() if target else derived_path(Path(paths[0]), loaded.name)
    used = {ref.path: infos[ref.path] for ref in bound.values()}
    return Prepared(loaded, absolute_reference(chain), values, bound, used, place)


def _in_full(ref: StreamRef, infos: Mapping[str, RecordingInfo]) -> StreamRef:
    """Without a path: of the first recording that has a stream of this name."""
    if not ref.path:
        having = (path for path, info in infos.items() if any(s.name == ref.name for s in info.streams))
        return StreamRef(next(having, ""), ref.name)
    return StreamRef(str(Path(ref.path).expanduser().absolute()), ref.name)


def read_info(path: str) -> RecordingInfo:
    """What a recording holds."""
    with StoreReader(path) as reader:
        return reader.info()


def check_target(target: Path, *, replace: bool) -> None:
    """Raise StoreEnvironmentError unless the place is free, or holds a result that may be replaced."""
    if not target.exists():
        return
    if is_being_written(target):
        raise StoreEnvironmentError(f"{target.name} is being written right now; detach that chain first.")
    if not is_derived(target):
        raise StoreEnvironmentError(f"{target} is not the result of a chain; choose another place.")
    if not replace:
        raise StoreEnvironmentError(
            f"{target} exists already; allow it to be replaced, or choose another place."
        )


def is_derived(path: Path) -> bool:
    """Whether a file is certainly the result of a chain."""
    with suppress(StudioError), StoreReader(path, repair=False) as reader:
        return bool(reader.info().derivation)
    return False


def build(prepared: Prepared, sources: Mapping[str, Emitter[Any]]) -> dict[str, Output[Any]]:
    """Call the chain's function: it adds its operators to the pipeline of `sources`. Raises ChainError."""
    chain = prepared.chain
    given = [sources.get(each.name) for each in chain.inputs]
    try:
        made = chain.function(*given, **arguments(chain, prepared.values))
    except (Exception, SystemExit) as error:  # whatever the user's code raises
        raise chain_error(error, chain.file, prepared.what) from error
    outputs = made if isinstance(made, Mapping) else {chain.name: made}
    if not outputs:
        raise ChainError(f"{prepared.what} returns no stream; return the streams that are to be kept.")
    return {name: _checked(prepared, name, output) for name, output in outputs.items()}


def _checked(prepared: Prepared, name: object, output: object) -> Output[Any]:
    if not isinstance(name, str) or not name:
        raise ChainError(f"{prepared.what} gives a stream the name {name!r}; expected a text.")
    if isinstance(output, Output) and isinstance(output.stream, Emitter):
        return output
    if isinstance(output, Emitter):
        return Output(output)
    raise ChainError(
        f"{prepared.what} returns a {type(output).__name__} as {name!r}; expected a stream, an Output, or "
        'several of them by name: {"level": level, "loud": loud}.'
    )


def write_outputs(prepared: Prepared, outputs: Mapping[str, Output[Any]], exporter: Exporter) -> None:
    """Have the outputs stored."""
    for name, output in outputs.items():
        try:
            exporter.write(output.stream, name, POLICY, format=output.format, device=prepared.chain.name)
        except StudioError as error:
            raise ChainError(f"{prepared.what}: output {name!r} cannot be stored: {error}") from error


def reasons_against_comparing(prepared: Prepared, pipeline: Pipeline) -> tuple[str, ...]:
    """Call it after `build` and before the outputs are stored."""
    return (*declared(prepared.chain), *not_reproducible(pipeline))
