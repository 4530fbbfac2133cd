"""What each format of an export can take and needs. Values only; known to the window, too."""

from dataclasses import dataclass

from studio.app.operations.requests import ExportFormat
from studio.formats.payload import PayloadKind, StreamFormat


@dataclass(frozen=True, slots=True)
class FormatTraits:
    """One format."""

    label: str
    suffix: str
    makes_folder: bool
    """A file for each stream (or picture), in a folder; else one file."""
    kinds: frozenset[PayloadKind]
    package: str = ""
    """What must be installed besides; empty: nothing."""
    byte_factor: float = 1.0
    """About how many bytes come of one of the recording."""
    ending: str = ""
    """Of the name of what is made, behind the recording's; empty: the format's own."""

    def takes(self, described: StreamFormat) -> bool:
        """Whether a stream can be exported so."""
        if described.has_values and described.dtype == "float32" and self.suffix == ".png":
            return False  # it knows no floating numbers
        return described.kind in self.kinds


_ALL = frozenset(PayloadKind)
_SOUND = frozenset({PayloadKind.AUDIO})
_PICTURES = frozenset({PayloadKind.JPEG, PayloadKind.IMAGE})
_FILM = _PICTURES | _SOUND

TRAITS = {
    ExportFormat.CSV: FormatTraits("Tables (CSV)", ".csv", True, _ALL, byte_factor=8.0),
    ExportFormat.PARQUET: FormatTraits("Tables (Parquet)", ".parquet", True, _ALL, "pyarrow", 1.5),
    ExportFormat.WAV: FormatTraits("Sound (WAV)", ".wav", True, _SOUND, "soundfile"),
    ExportFormat.FLAC: FormatTraits("Sound (FLAC)", ".flac", True, _SOUND, "soundfile"),
    ExportFormat.MP4: FormatTraits("Film with sound (MP4)", ".mp4", False, _FILM, "av", ending="film"),
    ExportFormat.MKV: FormatTraits("Film with sound (MKV)", ".mkv", False, _FILM, "av", ending="film"),
    ExportFormat.PNG: FormatTraits("Pictures (PNG)", ".png", True, _PICTURES, byte_factor=12.0),
    ExportFormat.HDF5: FormatTraits("Plain HDF5", ".h5", False, _ALL, byte_factor=1.5, ending="plain"),
}


def name_ending(name: ExportFormat) -> str:
    """What the name of an export says behind that of the recording."""
    return TRAITS[name].ending or name.value


def expected_bytes(name: ExportFormat, payload_bytes: int, described: StreamFormat) -> int:
    """About how much a stream of `payload_bytes` will take; rather too much."""
    factor = TRAITS[name].byte_factor
    if described.kind is PayloadKind.IMAGE:
        factor = min(factor, 1.0)  # raw pictures get smaller, or leave only their times in a table
    if described.kind.is_picture and name is ExportFormat.CSV:
        factor = 0.01
    if described.kind.is_sampled and name in (ExportFormat.CSV, ExportFormat.PARQUET, ExportFormat.HDF5):
        samples = payload_bytes / max(1, described.channels)
        return round(payload_bytes * factor + samples * 24)  # each sample gets its time
    return round(payload_bytes * factor)
