"""From what stands in the dialog to a request. Values only, no Qt."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from studio.app.chains.binding import Candidate, bind, candidates_of
from studio.app.chains.derivation import derived_path
from studio.app.chains.description import ChainDescription, Input, ParameterValue
from studio.app.chains.requests import FollowRequest, ProcessRequest
from studio.errors import ChainError
from studio.formats.recording import RecordingInfo, StreamRef
from studio.timing import TimeInterval


class Manner(Enum):
    """What the dialog is for."""

    PROCESS = auto()
    """Over what is stored."""
    ATTACH = auto()
    """To a recording that grows."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What there is to be processed."""

    recordings: tuple[RecordingInfo, ...]
    manner: Manner = Manner.PROCESS
    selection: TimeInterval | None = None
    called: str = ""
    """How people call the session; empty: as its file does."""
    sessions: int = 1
    """How many are to be processed alike; `recordings` are of the first."""
    known: frozenset[str] = frozenset()
    """Of several: the files that are there."""
    sources: tuple[str, ...] = ()
    """Of several: the recording of each that gives its result name and place."""

    @property
    def title(self) -> str:
        """For people."""
        return self.called or self.recordings[0].name

    def candidates(self) -> tuple[Candidate, ...]:
        """The streams, recorded ones first."""
        return candidates_of(self.recordings)

    def fitting(self, wanted: Input) -> tuple[Candidate, ...]:
        """The streams that an input accepts."""
        return tuple(c for c in self.candidates() if wanted.accepts(c.info.format.kind))

    def proposal(self, chain: ChainDescription) -> dict[str, StreamRef]:
        """The stream that each input would take by itself, where there is one."""
        found: dict[str, StreamRef] = {}
        for each in chain.inputs:
            try:
                found |= bind((each,), [c for c in self.candidates() if c.ref not in found.values()], {})
            except ChainError:
                continue
        return found

    def target(self, chain: ChainDescription) -> Path:
        """Where the result goes."""
        return derived_path(Path(self.recordings[0].path), chain.name)

    def is_there(self, chain: ChainDescription) -> bool:
        """Whether a result of that name is there already."""
        return self.sessions == 1 and self.target(chain).exists()

    def results_there(self, chain: ChainDescription) -> int:
        """In how many of several sessions a result of that name is there already."""
        targets = (str(derived_path(Path(source), chain.name)) for source in self.sources)
        return sum(target in self.known for target in targets)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What stands in the dialog."""

    streams: Mapping[str, StreamRef]
    parameters: Mapping[str, ParameterValue]
    only_selection: bool = False
    real_time: bool = False
    replace: bool = False
    """Of several: compute again where a result is there."""


def missing(scene: Scene, chain: ChainDescription) -> str:
    """What prevents this chain from being run here, for people; empty: nothing."""
    for each in chain.inputs:
        if not each.is_optional and not scene.fitting(each):
            return f"{scene.title} has no stream for {each.name}, which has to be {each.kinds_text}."
    return ""


def request_of(scene: Scene, chain: ChainDescription, chosen: Chosen) -> ProcessRequest | FollowRequest:
    """What is to be done; a result that is there is replaced, which the dialog has said."""
    streams, parameters = tuple(chosen.streams.items()), tuple(chosen.parameters.items())
    replace = scene.is_there(chain) or chosen.replace
    if scene.manner is Manner.ATTACH:
        path = scene.recordings[0].path
        target = str(scene.target(chain))
        return FollowRequest(chain.reference, path, streams, parameters, target, replace=replace)
    if scene.sessions > 1:
        return _example(scene, chain, chosen)
    return ProcessRequest(
        chain.reference,
        tuple(info.path for info in scene.recordings),
        streams,
        parameters,
        scene.selection if chosen.only_selection else None,
        chosen.real_time,
        replace=replace,
    )


def _example(scene: Scene, chain: ChainDescription, chosen: Chosen) -> ProcessRequest:
    """What is to be done with the first of several sessions, and likewise with the others."""
    proposed = scene.proposal(chain)
    named = {name: ref for name, ref in chosen.streams.items() if ref != proposed.get(name)}
    return ProcessRequest(
        chain.reference,
        tuple(info.path for info in scene.recordings),
        tuple((name, StreamRef("", ref.name)) for name, ref in named.items()),
        tuple(chosen.parameters.items()),
        real_time=chosen.real_time,
        target=str(scene.target(chain)),
        replace=chosen.replace,
    )


def title_of(scene: Scene, chain: ChainDescription) -> str:
    """What the job is called."""
    return f"{chain.name} attached" if scene.manner is Manner.ATTACH else f"Process with {chain.name}"
