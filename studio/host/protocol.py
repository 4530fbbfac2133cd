"""What the processes of the studio say to each other, as frozen values. No I/O here.

On a connection a request is `Request(number, body)` and is answered by exactly one `Reply` of the same
number; the recorder also pushes `RecorderStatus` values, about ten a second, newest only (decision 19).
"""

from dataclasses import dataclass
from typing import TypeAlias

from studio.app.session_entries import DatasetChange, SessionChange
from studio.app.status import RecorderStatus
from studio.devices.device import DeviceInfo
from studio.formats.notes import NoteEntry
from studio.formats.spectrum import SpectrumGrid
from studio.host.clock_protocol import ClockCommand
from studio.host.going_on_protocol import GoOnRecording
from studio.host.inside_protocol import InsideQuery
from studio.host.picture_protocol import ReadShapes
from studio.host.preflight_protocol import PreflightCommand
from studio.timing import Timestamp


@dataclass(frozen=True, slots=True)
class StartPreview:
    """Run these devices without a store; a running preview is replaced. Reply: None."""

    devices: tuple[DeviceInfo, ...]


@dataclass(frozen=True, slots=True)
class StartRecording:
    """Record these devices into a new session below `folder`; ends a preview. Reply: path of the file.

    A Failure of kind `ClockGateError`: the clock is less exact than the user asked for; nothing has begun.
    """

    devices: tuple[DeviceInfo, ...]
    folder: str
    name: str = ""
    """Of the session; empty: made from date and time."""
    participant: str = ""
    despite_clock: bool = False
    """However exact the clock is."""


@dataclass(frozen=True, slots=True)
class StopRecording:
    """Stop whatever runs (`dispose`). Reply: FinishedRecording after a recording, else None."""


@dataclass(frozen=True, slots=True)
class GetStatus:
    """Reply: RecorderStatus."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End the process if nothing is being recorded. Reply: None; Failure while recording."""


@dataclass(frozen=True, slots=True)
class DropMarker:
    """Mark a moment of what is being recorded. Reply: the Note as it was written."""

    id: str
    """Of the note, chosen by who asks."""
    monotonic: int
    """When the key was pressed, by the monotonic clock of this machine."""
    text: str = ""


@dataclass(frozen=True, slots=True)
class WarnOfDisk:
    """Warn when the disk lasts for less than so many seconds of recording. Reply: None."""

    below_s: float


DeviceCommand: TypeAlias = StartPreview | StartRecording | GoOnRecording | StopRecording | PreflightCommand
Command: TypeAlias = DeviceCommand | GetStatus | Quit | DropMarker | WarnOfDisk | ClockCommand


@dataclass(frozen=True, slots=True)
class ListSessions:
    """All sessions below a folder, newest first. Reply: tuple[SessionEntry, ...]."""

    folder: str


@dataclass(frozen=True, slots=True)
class OpenRecording:
    """Describe a recording (repairing it first where that is allowed). Reply: RecordingInfo."""

    path: str


@dataclass(frozen=True, slots=True)
class ReadWindow:
    """A signal in a window of time. Reply: SignalWindow."""

    path: str
    stream: str
    left: Timestamp
    right: Timestamp
    columns: int


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """The frame at or before a time, shrunk to fit. Reply: Picture, or None before the first."""

    path: str
    stream: str
    time: Timestamp
    max_width: int
    max_height: int


@dataclass(frozen=True, slots=True)
class ReadMarks:
    """Events, texts and message times in a window, at most `limit`. Reply: Marks."""

    path: str
    stream: str
    left: Timestamp
    right: Timestamp
    limit: int = 500


@dataclass(frozen=True, slots=True)
class ReadPixel:
    """A pixel of the frame at or before a time, in its full size. Reply: PixelAt, or None outside of it."""

    path: str
    stream: str
    time: Timestamp
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class ReadText:
    """All that the message at or before a time says. Reply: TextAt, or None before the first."""

    path: str
    stream: str
    time: Timestamp
    member: str = ""
    """Of a message of JSON: only what stands there; empty: all of it."""


@dataclass(frozen=True, slots=True)
class ReadMessages:
    """How many messages came when, and how late. Reply: MessageColumns."""

    path: str
    stream: str
    left: Timestamp
    right: Timestamp
    columns: int


@dataclass(frozen=True, slots=True)
class ReadSpectrum:
    """The frequencies of a signal. Reply: SpectrumWindow."""

    path: str
    stream: str
    grid: SpectrumGrid


@dataclass(frozen=True, slots=True)
class ReadValues:
    """What each of these streams says at a time (at or before). Reply: tuple[ValueAt, ...]."""

    path: str
    streams: tuple[str, ...]
    time: Timestamp


@dataclass(frozen=True, slots=True)
class ReadNeighbours:
    """The messages of a stream just before and just after a time. Reply: Neighbours."""

    path: str
    stream: str
    time: Timestamp


@dataclass(frozen=True, slots=True)
class ReadClock:
    """How exact the times of a recording are. Reply: tuple[RecordedClock, ...], empty for its own clock."""

    path: str


@dataclass(frozen=True, slots=True)
class ReadStreamFacts:
    """When the messages of these streams were made, and how late. Reply: tuple[StreamFacts, ...]."""

    path: str
    streams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadStamps:
    """Whether files are still what they were. Reply: tuple[FileStamp, ...]."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadNotes:
    """What was noted of a recording behind an offset of that file. Reply: NoteTail."""

    path: str
    offset: int = 0
    file: int = 0


@dataclass(frozen=True, slots=True)
class AppendNotes:
    """Add to what was noted of a recording. Reply: NoteTail with these and what others added."""

    path: str
    entries: tuple[NoteEntry, ...]
    offset: int = 0
    file: int = 0
    """As of ReadNotes."""


@dataclass(frozen=True, slots=True)
class ExportNotes:
    """Write what was noted of recordings to a CSV file. Reply: how many notes these are."""

    paths: tuple[str, ...]
    target: str
    origin_time: Timestamp = 0
    """Where seconds are counted from."""


@dataclass(frozen=True, slots=True)
class ReadSpace:
    """How many bytes recordings may still use on the volume of a folder. Reply: int."""

    folder: str


@dataclass(frozen=True, slots=True)
class LookIntoFolder:
    """What has changed among the sessions below a folder since that version. Reply: FolderChanges."""

    folder: str
    epoch: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class ListStreams:
    """Some of the streams of a recording, which is put in order first where that is allowed (decision 23).

    Reply: StreamPage.
    """

    path: str
    first: int = 0
    count: int = 1000
    find: str = ""
    """Only streams whose names hold all of these words; numbers and total are of those."""


@dataclass(frozen=True, slots=True)
class EditSession:
    """Give fields of a session's description new values. Reply: SessionChange with what they were."""

    path: str
    """Of its folder."""
    change: SessionChange
    created: Timestamp = 0
    """When the session began, for one that has no description yet."""


@dataclass(frozen=True, slots=True)
class EditDataset:
    """Say something else of a folder of sessions. Reply: DatasetChange with what was said before."""

    path: str
    """Of the folder."""
    change: DatasetChange


@dataclass(frozen=True, slots=True)
class RenameSession:
    """Call a session something else, its folder or file too. Reply: where it is now."""

    path: str
    name: str
    created: Timestamp = 0
    """As of EditSession."""


@dataclass(frozen=True, slots=True)
class TrashSession:
    """Put sessions, which are folders, or recordings into the trash. Reply: None."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RepairRecording:
    """Put a recording in order whose recorder died, whatever machine it comes from. Reply: whether it was."""

    path: str


CatalogQuery: TypeAlias = (
    LookIntoFolder | ListStreams | EditSession | EditDataset | RenameSession | TrashSession | RepairRecording
)
"""Answered by a reader of its own: a folder that hangs must not hold up what is on screen."""

Query: TypeAlias = (
    ListSessions
    | OpenRecording
    | ReadWindow
    | ReadPicture
    | ReadPixel
    | ReadMarks
    | ReadText
    | ReadShapes
    | InsideQuery
    | ReadMessages
    | ReadSpectrum
    | ReadValues
    | ReadNeighbours
    | ReadClock
    | ReadStreamFacts
    | ReadStamps
    | ReadSpace
    | ReadNotes
    | AppendNotes
    | ExportNotes
    | CatalogQuery
)


@dataclass(frozen=True, slots=True)
class RaiseWindow:
    """A second start of the window asks the first to show itself. Reply: None."""


@dataclass(frozen=True, slots=True)
class Request:
    """A numbered command or query."""

    number: int
    body: Command | Query | RaiseWindow


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to the request of the same number."""

    number: int
    value: object


@dataclass(frozen=True, slots=True)
class Failure:
    """The request of that number could not be carried out; `text` is in people's words."""

    number: int
    text: str
    kind: str = "StudioError"
    """Name of the error's class."""


@dataclass(frozen=True, slots=True)
class Farewell:
    """The last word of a recorder that ends in good order: what it was doing is finished and closed."""

    text: str
    """In people's words."""


Pushed: TypeAlias = RecorderStatus | Farewell
