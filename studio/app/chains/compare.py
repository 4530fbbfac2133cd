"""Compares a derived partition with a fresh replay of its chain, message by message.

Values, originating times and sequence numbers of each stream are compared, as they are stored. What was
computed while recording must be what a replay computes; a partition that was broken off must be the beginning
of it. Of a copy that was cut, or has fewer streams, the same part is compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from studio.app.chains.derivation import Derivation
from studio.app.chains.loading import file_hash
from studio.app.chains.preparing import Prepared, prepare, read_info
from studio.app.chains.requests import CompareRequest
from studio.app.chains.run import compute
from studio.app.operations.copying import copy
from studio.app.operations.kept import Kept
from studio.app.operations.making import making
from studio.app.operations.progress import Outcome, Progress, Share
from studio.app.operations.requests import CopyRequest, Selection
from studio.engine import Message, ReplayDifference
from studio.engine.verification import same_value
from studio.errors import ChainError
from studio.formats.recording import StreamRef
from studio.store.reader import StoreReader
from studio.timing import TIME_MAX, TimeInterval

_AGAIN = "again.h5"
_CUT = "cut.h5"
_COMPUTING = 0.8
"""Share of computing in the whole."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came out."""

    difference: ReplayDifference | None
    messages: int
    """Compared, of all streams."""


def compare(request: CompareRequest, progress: Progress) -> Outcome:
    """Compute it again and compare. Raises ChainError, and StoreFormatError for what was not derived."""
    path = Path(request.derived).expanduser().absolute()
    progress.report(0.0, "Loading the chain")
    info = read_info(str(path))
    if info.live:
        raise ChainError(f"{path.name} still grows; detach the chain, or wait for the end of the recording.")
    derivation = Derivation.from_attribute(info.derivation, path.name)
    if derivation.not_comparable:
        parts = ", ".join(derivation.not_comparable)
        return Outcome((), f"{path.name} cannot be compared: its chain contains {parts}.", is_good=False)
    prepared = _prepared(path, derivation, request.chain)
    with making(path, progress) as made:
        place = made.place.parent / _AGAIN
        share = Share(progress, 0.0, _COMPUTING)
        compute(prepared, _interval(derivation), place, share, text="Computing it again")
        if not derivation.kept.is_everything:
            place = _cut(place, derivation.kept, Share(progress, _COMPUTING, _COMPUTING, "Cutting it alike"))
        found = _compared(path, place, derivation, Share(progress, _COMPUTING, 1.0, "Comparing"))
    return _outcome(path, derivation, found)


def _prepared(path: Path, derivation: Derivation, chain: str) -> Prepared:
    streams = {
        name: StreamRef(str(path.with_name(recording)), stream)
        for name, (recording, stream) in derivation.inputs.items()
    }
    for source in derivation.sources:
        _check_source(path.with_name(source.name), source.created, path)
    reference = chain or derivation.reference
    recordings = [str(path.with_name(source.name)) for source in derivation.sources]
    prepared = prepare(reference, recordings, streams, derivation.parameters, str(path))
    if file_hash(prepared.chain.file) != derivation.file_hash:
        raise ChainError(
            f"{Path(prepared.chain.file).name} has been changed since {path.name} was computed; run "
            "the chain again, or name the file as it was then."
        )
    return prepared


def _check_source(path: Path, created: int, derived: Path) -> None:
    if not path.exists():
        raise ChainError(f"{derived.name} was computed from {path.name}, which is not beside it any more.")
    if read_info(str(path)).created != created:
        raise ChainError(f"{path.name} is not the recording that {derived.name} was computed from.")


def _cut(place: Path, kept: Kept, progress: Progress) -> Path:
    """The same part of what was computed again: what was left out of a copy differs from nothing."""
    selection = Selection(str(place), kept.interval, kept.streams)
    return Path(copy(CopyRequest(selection, str(place.with_name(_CUT))), progress).paths[0])


def _interval(derivation: Derivation) -> TimeInterval | None:
    return None if derivation.interval == TimeInterval.INFINITE else derivation.interval


def _compared(derived: Path, again: Path, derivation: Derivation, progress: Progress) -> Comparison:
    with StoreReader(derived) as before, StoreReader(again) as after:
        names = list(dict.fromkeys((*before.stream_names, *after.stream_names)))
        total, messages = sum(stream.message_count for stream in after.info().streams), 0
        for name in names:
            pairs = zip_longest(_messages(before, name), _messages(after, name))
            for index, (one, other) in enumerate(pairs):
                if one is None and not derivation.complete:
                    break  # it was broken off here
                if not _is_same(one, other):
                    return Comparison(ReplayDifference(name, index, _entry(one), _entry(other)), messages)
                messages += 1
                if messages % 1000 == 0:
                    progress.report(messages / max(1, total))
        return Comparison(None, messages)


def _messages(reader: StoreReader, name: str) -> Iterator[Message[Any]]:
    if name in reader.stream_names:
        yield from reader.messages(name)


def _is_same(one: Message[Any] | None, other: Message[Any] | None) -> bool:
    if one is None or other is None:
        return False
    return _entry(one)[1:] == _entry(other)[1:] and same_value(one.data, other.data)


def _entry(message: Message[Any] | None) -> Any:
    if message is None:
        return None
    return (message.data, message.envelope.originating_time, message.envelope.sequence_id)


def _outcome(path: Path, derivation: Derivation, found: Comparison) -> Outcome:
    how = "while recording" if derivation.live else "before"
    if found.difference is not None:
        text = f"{path.name} is not what its chain gives now: {found.difference}."
        return Outcome((), text.replace("first run", f"partition, computed {how}"), is_good=False)
    part = "" if derivation.complete else " as far as it goes (it was broken off)"
    until = "" if derivation.right == TIME_MAX else " up to its end"
    if not derivation.kept.is_everything:
        part = " as far as it was kept" + part
    return Outcome(
        (), f"{path.name} is the same message by message{part or until}: {found.messages} messages compared."
    )
