"""What the export dialog has been told, as a value: what can be done with it, how large it gets. No Qt."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from studio.app.free_names import safe_name
from studio.app.operations.export_formats import TRAITS, expected_bytes, name_ending
from studio.app.operations.requests import (
    CompactRequest,
    CopyRequest,
    ExportFormat,
    ExportRequest,
    Selection,
    ValueColours,
)
from studio.formats.payload import PayloadKind
from studio.formats.recording import RecordingInfo, StreamInfo
from studio.interop.extras import advice, is_installed
from studio.timing import TimeInterval
from studio.ui import readable

RECORDING, COMPACT = "recording", "compact"
CHOICES = {
    RECORDING: "Recording (a copy of it)",
    COMPACT: "Recording, compressed",
    **{each.value: TRAITS[each].label for each in ExportFormat},
}
"""What can be made, and what it is called."""
BESIDE_EACH = "Beside each recording"
COMPRESSED_SHARE = 0.8
"""What is left of signals, roughly; pictures are compressed already."""
ExportJob: TypeAlias = CopyRequest | CompactRequest | ExportRequest


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """One export as it is being described."""

    info: RecordingInfo
    choice: str = RECORDING
    selection: TimeInterval | None = None
    """What is selected on the time axis, if anything."""
    use_selection: bool = False
    unticked: frozenset[str] = field(default_factory=frozenset)
    """Streams that are not wanted."""
    folder: str = ""
    """Where it goes; empty: beside the recording."""
    name: str = ""
    """Of what is made, without a suffix; empty: made from the suggestion."""
    split_gaps: bool = False
    quality: int = 20
    called: str = ""
    """How people call the recording; empty: as its file does."""
    suggested: str = ""
    """What the name begins with unless another is typed; empty: as the recording's file does."""
    colours: tuple[ValueColours, ...] = ()
    """Of pictures of measured values, as they are seen now: a film shows them so, too."""
    count: int = 1
    """Of recordings that are treated alike, `info` standing for all of them."""

    @property
    def format(self) -> ExportFormat | None:
        """None: a recording is made."""
        return None if self.choice in (RECORDING, COMPACT) else ExportFormat(self.choice)

    @property
    def interval(self) -> TimeInterval:
        """What is exported of time."""
        return self.selection if self.use_selection and self.selection is not None else TimeInterval.INFINITE

    def takes(self, stream: StreamInfo) -> bool:
        """Whether that kind of stream can become this."""
        return self.format is None or TRAITS[self.format].takes(stream.format)

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        """Those that are wanted and can be taken."""
        found, unticked = self.format, self.unticked  # once: there may be a hundred thousand streams
        wanted = (stream for stream in self.info.streams if stream.name not in unticked)
        if found is None:
            return tuple(wanted)
        traits = TRAITS[found]
        return tuple(stream for stream in wanted if traits.takes(stream.format))

    @property
    def target_folder(self) -> str:
        """Where it goes."""
        return self.folder or str(Path(self.info.path).parent)

    @property
    def place_text(self) -> str:
        """The same for people."""
        return BESIDE_EACH if self.count > 1 and not self.folder else self.target_folder

    @property
    def target_name(self) -> str:
        """Of what is made, without a suffix."""
        if self.format is not None:
            ending = name_ending(self.format)
        else:
            ending = ("cut" if self.use_selection else "copy") if self.choice == RECORDING else COMPACT
        made = f"{safe_name(self.suggested, instead=self.info.name)} {ending}"
        return safe_name(self.name, instead=made) if self.name.strip() else made

    @property
    def target(self) -> str:
        """The file or folder to be made."""
        suffix = ".h5"
        if self.format is not None:
            traits = TRAITS[self.format]
            suffix = "" if traits.makes_folder else traits.suffix
        return str(Path(self.target_folder) / f"{self.target_name}{suffix}")

    @property
    def expected_bytes(self) -> int:
        """About how large it gets."""
        found = self.format
        return sum(self._expected(stream, found) for stream in self.streams)

    def _expected(self, stream: StreamInfo, found: ExportFormat | None) -> int:
        payload = round((stream.byte_count + 48 * stream.message_count) * self._share(stream))
        if found is not None:
            return expected_bytes(found, payload, stream.format)
        packed = stream.format.kind is PayloadKind.JPEG or self.choice == RECORDING
        return payload if packed else round(payload * COMPRESSED_SHARE)

    def _share(self, stream: StreamInfo) -> float:
        """How much of the stream lies in the interval, if it flows evenly."""
        if not stream.message_count or not self.use_selection or self.selection is None:
            return 1.0
        left = max(stream.first_time, self.selection.left)
        right = min(stream.last_time, self.selection.right)
        return max(0.0, min(1.0, (right - left) / max(1, stream.last_time - stream.first_time)))

    def problem(self, free: int | None) -> str:
        """Why it cannot be done, in people's words; empty: it can. `free`: usable bytes, None: not known."""
        package = TRAITS[self.format].package if self.format is not None else ""
        if package and not is_installed(package):
            return f"This needs the package {package}. Install it with: {advice(package)}"
        streams = self.streams
        if not streams:
            return "No stream that fits is ticked."
        if self.is_film and not any(stream.format.kind.is_picture for stream in streams):
            return "A film needs a stream of pictures."
        if free is not None and (expected := self.expected_bytes) > free:
            need, left = readable.size(expected), readable.size(free)
            return f"It needs about {need}, but only {left} may be used there. Choose another folder."
        return ""

    @property
    def is_film(self) -> bool:
        """Whether pictures and sound go together."""
        return self.format in (ExportFormat.MP4, ExportFormat.MKV)

    @property
    def is_sound(self) -> bool:
        """Whether only sound is exported."""
        return self.format in (ExportFormat.WAV, ExportFormat.FLAC)

    @property
    def title(self) -> str:
        """Of the job."""
        called = self.called or self.info.name
        if self.format is not None:
            return f"Export {called}"
        if self.choice == COMPACT:
            return f"Compact {called}"
        return f"Crop {called}" if self.use_selection else f"Copy {called}"

    def request(self) -> ExportJob:
        """What to ask for."""
        fitting = [stream for stream in self.info.streams if self.takes(stream)]
        is_all = len(self.streams) == len(fitting)
        names = None if is_all else tuple(stream.name for stream in self.streams)
        selection = Selection(self.info.path, self.interval, names, skips_missing=self.count > 1)
        if self.format is not None:
            return ExportRequest(
                selection,
                self.format,
                self.target,
                split_gaps=self.split_gaps,
                quality=self.quality,
                colours=self.colours,
            )
        if self.choice == COMPACT:
            return CompactRequest(selection, self.target)
        return CopyRequest(selection, self.target)

    def of_one(self, path: str, suggested: str) -> "ExportPlan":
        """The same for one of several recordings."""
        info = replace(self.info, path=path, name=Path(path).name.removesuffix(".h5"))
        return replace(self, info=info, name="", suggested=suggested)

    def changed(self, **changes: object) -> "ExportPlan":
        """The same, with something else."""
        return replace(self, **changes)  # type: ignore[arg-type]
