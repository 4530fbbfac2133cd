"""Which stored stream feeds which input of a chain: as chosen, or by name and kind. Values only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from studio.app.chains.description import Input
from studio.errors import ChainError
from studio.formats.recording import RecordingInfo, StreamInfo, StreamRef


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stream that may feed an input."""

    ref: StreamRef
    info: StreamInfo


def candidates_of(recordings: Iterable[RecordingInfo]) -> tuple[Candidate, ...]:
    """All streams of a session; those that were recorded before those that were computed."""
    ordered = sorted(recordings, key=lambda recording: bool(recording.derivation))
    return tuple(
        Candidate(StreamRef(recording.path, stream.name), stream)
        for recording in ordered
        for stream in recording.streams
    )


def bind(
    inputs: Sequence[Input], candidates: Sequence[Candidate], chosen: Mapping[str, StreamRef]
) -> dict[str, StreamRef]:
    """A stream for each input; an optional one may be left out. Raises ChainError saying what is missing.

    Without a choice: the one of the right kind whose name is the input's; else one whose name holds it; else
    the first of that kind that no other input has taken.
    """
    _check_choices(inputs, candidates, chosen)
    bound = dict(chosen)
    for each in (e for e in inputs if e.name not in bound):
        found = _match(each, [c for c in candidates if c.ref not in bound.values()])
        if found is not None:
            bound[each.name] = found.ref
        elif not each.is_optional:
            there = ", ".join(f"{c.info.name} ({c.info.format.kind.value})" for c in candidates) or "none"
            raise ChainError(
                f"There is no stream for {each.name!r}, which has to be {each.kinds_text}. Streams: {there}."
            )
    return {each.name: bound[each.name] for each in inputs if each.name in bound}


def _check_choices(
    inputs: Sequence[Input], candidates: Sequence[Candidate], chosen: Mapping[str, StreamRef]
) -> None:
    by_name = {each.name: each for each in inputs}
    kinds = {candidate.ref: candidate.info.format.kind for candidate in candidates}
    for name, ref in chosen.items():
        if name not in by_name:
            raise ChainError(f"The chain has no input {name!r}; it has: {', '.join(by_name)}.")
        if ref not in kinds:
            there = ", ".join(sorted(candidate.info.name for candidate in candidates)) or "none"
            raise ChainError(f"There is no stream {ref.name!r} for {name!r}; there are: {there}.")
        if not by_name[name].accepts(kinds[ref]):
            raise ChainError(
                f"{name!r} has to be {by_name[name].kinds_text}, but {ref.name!r} is {kinds[ref].value}."
            )


def _match(wanted: Input, candidates: Sequence[Candidate]) -> Candidate | None:
    fitting = [c for c in candidates if wanted.accepts(c.info.format.kind)]
    asked = _plain(wanted.name)
    exact = [c for c in fitting if _plain(c.info.name) == asked]
    similar = [c for c in fitting if asked in _plain(c.info.name)]
    filled = [c for c in fitting if c.info.message_count]
    if not wanted.kinds:
        return next(iter(exact or similar), None)
    return next(iter(exact or similar or filled or fitting), None)


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
