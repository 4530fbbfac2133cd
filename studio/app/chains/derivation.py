"""How a derived partition came to be: what its attribute says, and what its file is called. Values only."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from studio.app.chains.description import ParameterValue
from studio.app.free_names import safe_name
from studio.app.operations.kept import KEPT, Kept
from studio.errors import StoreFormatError
from studio.formats.recording import RecordingInfo
from studio.timing import TIME_MAX, TIME_MIN, TimeInterval

SUFFIX = ".h5"


@dataclass(frozen=True, slots=True)
class Source:
    """A recording that a chain took streams from, by what stays true when it is moved."""

    name: str
    """Of its file."""
    session_id: str
    machine: str
    created: int

    @classmethod
    def of(cls, recording: RecordingInfo) -> "Source":
        """As it is known now."""
        name = Path(recording.path).name
        return cls(name, recording.session_id, recording.machine, recording.created)


@dataclass(frozen=True, slots=True)
class Derivation:
    """All that is needed to compute it again."""

    chain: str
    reference: str
    file: str
    file_hash: str
    parameters: dict[str, ParameterValue]
    inputs: dict[str, tuple[str, str]]
    """Input -> name of the recording's file, name of the stream."""
    sources: tuple[Source, ...]
    left: int = TIME_MIN
    right: int = TIME_MAX
    left_inclusive: bool = True
    right_inclusive: bool = True
    live: bool = False
    """Computed while the recording was written."""
    complete: bool = False
    """False: it was broken off, and goes only as far as it goes."""
    not_comparable: tuple[str, ...] = ()
    """What in it may differ from run to run."""
    late: int = 0
    """Live: messages that came after younger ones of other streams had been processed."""
    kept: Kept = field(default_factory=Kept)
    """Of a copy: what part of it all was taken."""
    about: str = field(default="computed by a chain of the studio")

    @property
    def interval(self) -> TimeInterval:
        """What was processed."""
        return TimeInterval(self.left, self.right, self.left_inclusive, self.right_inclusive)

    def to_attribute(self) -> dict[str, Any]:
        """As JSON can say it."""
        told = asdict(self)
        del told[KEPT]
        return told if self.kept.is_everything else {**told, KEPT: self.kept.to_attribute()}

    @classmethod
    def from_attribute(cls, found: dict[str, Any], path: str) -> "Derivation":
        """Raises StoreFormatError if it was not derived, or says so in no way we understand."""
        if not found:
            raise StoreFormatError(
                f"{path} was recorded, not computed by a chain; there is nothing to compare"
            )
        try:
            known = {name: found[name] for name in cls.__dataclass_fields__ if name in found}
            known[KEPT] = Kept.in_derivation(found)
            known["inputs"] = {name: (str(a), str(b)) for name, (a, b) in found["inputs"].items()}
            known["sources"] = tuple(Source(**source) for source in found["sources"])
            known["not_comparable"] = tuple(found["not_comparable"])
            return cls(**known)
        except (KeyError, TypeError, ValueError) as error:
            raise StoreFormatError(f"{path} does not say how it was computed ({error})") from error


def interval_fields(interval: TimeInterval | None) -> dict[str, Any]:
    """For a Derivation."""
    whole = interval if interval is not None else TimeInterval.INFINITE
    return {
        "left": whole.left,
        "right": whole.right,
        "left_inclusive": whole.left_inclusive,
        "right_inclusive": whole.right_inclusive,
    }


def derived_path(recording: Path, chain: str) -> Path:
    """`NAME.CHAIN.h5`, beside the recording."""
    name = f"{recording.name.removesuffix(SUFFIX)}.{safe_name(chain, instead='chain')}{SUFFIX}"
    return recording.with_name(name)
