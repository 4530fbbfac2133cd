"""What can be asked of the operations, as frozen values without any tool. Known to every process."""

from dataclasses import dataclass
from enum import StrEnum

from studio.timing import TimeInterval


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """Read everything of a recording and say what is wrong. Makes nothing."""

    path: str


@dataclass(frozen=True, slots=True)
class RepairRequest:
    """Put a recording in order whose recorder died: flags and lengths only."""

    path: str


@dataclass(frozen=True, slots=True)
class Selection:
    """Which part of a recording is meant."""

    path: str
    interval: TimeInterval = TimeInterval.INFINITE
    """Both ends as it declares them (decision 2)."""
    streams: tuple[str, ...] | None = None
    """None: all."""
    skips_missing: bool = False
    """Streams that this recording has not are left out: the same ones are chosen of several recordings."""


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """A recording like a part of another: cropped, with fewer streams, or both. Blocks of samples are cut."""

    selection: Selection
    target: str
    """The file to be made; where something is already, another name is found."""


@dataclass(frozen=True, slots=True)
class CompactRequest:
    """The same recording in less room: shuffled and compressed with gzip, which reads everywhere."""

    selection: Selection
    target: str
    level: int = 4
    """Of gzip, 1 to 9."""


@dataclass(frozen=True, slots=True)
class ConcatenateRequest:
    """Recordings one behind the other: streams of one name are joined in order of time."""

    paths: tuple[str, ...]
    target: str
    keep_first: bool = False
    """Where two hold the same time, keep what the earlier one says; else an overlap is refused."""


@dataclass(frozen=True, slots=True)
class CorrectClockRequest:
    """Find out afterwards what the clock of a recording should have shown; the recording stays as it is."""

    path: str
    copy: str = ""
    """The file to be made with corrected times; empty: only the map is written, beside the recording."""
    keep_steps: bool = False
    """Go on evenly where the reference was set, instead of following it."""


class ExportFormat(StrEnum):
    """What a recording can be exported to."""

    CSV = "csv"
    PARQUET = "parquet"
    WAV = "wav"
    FLAC = "flac"
    MP4 = "mp4"
    MKV = "mkv"
    PNG = "png"
    HDF5 = "hdf5"


@dataclass(frozen=True, slots=True)
class ValueColours:
    """Which colours measured values have in a film."""

    stream: str = ""
    """Of these pictures; empty: of all that have nothing of their own."""
    low: float | None = None
    """The value of the first colour; None: found in the pictures."""
    high: float | None = None
    colour_map: str = "turbo"
    """The name of a `ColourMap`."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """A recording or a part of it for other programs."""

    selection: Selection
    format: ExportFormat
    target: str
    """The folder to be made; of HDF5 and of one film the file. What is there already stays."""
    split_gaps: bool = False
    """Sound: begin another file after each gap, instead of filling it with silence."""
    quality: int = 20
    """Film: 0 (largest) to 51 (smallest), as of x264."""
    colours: tuple[ValueColours, ...] = ()
    """Film: of pictures of measured values."""

    def colours_of(self, stream: str) -> ValueColours:
        """Those of one stream."""
        known = {each.stream: each for each in self.colours}
        return known.get(stream) or known.get("") or ValueColours(stream)
