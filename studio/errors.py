"""Every exception that crosses a package, as one tree.

StudioError
 ├─ EnvironmentalError          the world said no: the user can do something about it
 │   ├─ DeviceError             a device cannot be opened, stopped answering, vanished
 │   ├─ StoreEnvironmentError   the folder, the disk or the permissions do not allow it
 │   ├─ RoleError               another process of the studio cannot be started or reached
 │   ├─ NetworkError            an address cannot be listened at or reached, or nobody answers there
 │   ├─ PairingError            two machines could not be made to trust each other, or do not any more
 │   ├─ MissingExtraError       a package that this needs is not installed
 │   ├─ SettingsError           a setting cannot be kept, or cannot have that value
 │   ├─ SessionEditError        a session cannot be changed, renamed or thrown away now
 │   └─ LiveViewError           the live view of a stream is not there, not yet or not any more
 ├─ SearchError                 a word in a line of search cannot be understood (also ValueError)
 ├─ ImageFormatError            bytes or an array that should be a picture are none (also ValueError)
 ├─ ShapeError                  a message that should be figures over a picture is none (also ValueError)
 ├─ StoreFormatError            a file is not a recording, or is damaged beyond what repair may touch
 ├─ StreamError                 a stream name is unknown, taken or of another type
 ├─ RemoteFailure               another process of the studio could not do what it was asked to
 ├─ TimeTextError               what was typed is no time or duration (also ValueError)
 ├─ Cancelled                   the user called work off; nothing of it is left
 ├─ ChainError                  a chain that a user wrote cannot be loaded, built or run
 ├─ RecordingCancelledError     the user called a recording off before it began
 ├─ ClockRoleError              a clock that cannot be followed or exported beside another (also ValueError)
 ├─ ClockGateError              the clock is less exact than the user wants recordings to be
 ├─ PipelineStateError          a call that the state of the pipeline does not allow (also RuntimeError)
 │   └─ PipelineDisposedError
 ├─ NotSynchronisedError        a run demands the clock of another machine, and there is none (RuntimeError)
 ├─ ReplayIntervalError        what to replay has no beginning, or was said twice (also ValueError)
 ├─ StopTimeoutError           a source did not acknowledge Stop in time (also TimeoutError)
 ├─ PortError                   an input or output that a component cannot have (also ValueError)
 ├─ WrongPosterError            a message was posted by somebody who may not (also RuntimeError)
 ├─ MessageOrderError           a message whose time or number does not increase (also ValueError)
 └─ ProtocolError               bytes or objects that break the rules of a connection
     ├─ LocalProtocolError      we broke them
     └─ RemoteProtocolError     they did

A message says what happened to which thing, what was expected and what to do, in the words of the user.
"""


class StudioError(Exception):
    """Base of all errors of the studio; its text may be shown to a user as it is."""


class EnvironmentalError(StudioError):
    """The machine, not the program, is at fault: shown to the user with what to do."""


class DeviceError(EnvironmentalError):
    """A device cannot be opened, stopped answering or vanished."""


class StoreEnvironmentError(EnvironmentalError, OSError):
    """The folder, the disk or the permissions do not allow to write or read a recording."""


class RoleError(EnvironmentalError):
    """Another process of the studio cannot be started, reached, or did not answer in time."""


class NetworkError(EnvironmentalError, OSError):
    """An address of the network cannot be listened at or reached, or nobody answers there in time."""


class PairingError(EnvironmentalError):
    """Two machines could not be made to trust each other, or one that was trusted shows something else."""


class MissingExtraError(EnvironmentalError):
    """A package that this needs and that is not always installed is missing; says how to install it."""


class SettingsError(EnvironmentalError):
    """A setting cannot be kept, is not known, or cannot have that value."""


class SessionEditError(EnvironmentalError):
    """A session cannot be described anew, renamed or thrown away now; nothing of it was changed."""


class LiveViewError(EnvironmentalError, OSError):
    """The live view of a stream is not there: not yet, not any more, or the memory for it was full."""


class RemoteFailure(StudioError):  # noqa: N818
    """Another process of the studio could not do what it was asked to; the text is its own, for people."""

    def __init__(self, text: str, *, kind: str = "StudioError") -> None:
        super().__init__(text)
        self.text = text
        self.kind = kind
        """Name of the class of the error in the other process."""


class SearchError(StudioError, ValueError):
    """A word in a line of search cannot be understood."""


class ImageFormatError(StudioError, ValueError):
    """Bytes or an array that should be a picture are none."""


class ShapeError(StudioError, ValueError):
    """A message that should be figures over a picture is none; says which part of it is wrong."""


class StoreFormatError(StudioError, ValueError):
    """A file is not a recording of the studio, or it is damaged beyond what repair may touch."""


class StreamError(StudioError, LookupError):
    """A stream name is unknown, already taken, or the stream has another type than asked for."""


class TimeTextError(StudioError, ValueError):
    """What a user typed is no time or duration; the text says what can be typed."""


class Cancelled(StudioError):  # noqa: N818
    """The user called a piece of work off; nothing of it is left."""


class ChainError(StudioError):
    """A chain (code of a user) cannot be loaded, built or run; the text names file and line."""


class RecordingCancelledError(StudioError):
    """The user called a recording off before it began; nothing was written."""


class ClockRoleError(StudioError, ValueError):
    """Two things that this program wants of other clocks contradict each other; names both, and the way out.

    `conflict` says which rule it is: SECOND_EXPORTER, IMPORT_WHILE_EXPORTING, EXPORT_WHILE_IMPORTING,
    RECORDING, or empty where the reason is the other machine (rule E240, decision 29).
    """

    def __init__(self, text: str, *, conflict: str = "") -> None:
        super().__init__(text)
        self.conflict = conflict


class ClockGateError(StudioError):
    """The clock is less exact than the user wants it to be for a recording; nothing has begun."""


class PipelineStateError(StudioError, RuntimeError):
    """The state of the pipeline does not allow this call; names the state and the call (rule E61)."""


class PipelineDisposedError(PipelineStateError):
    """The pipeline has been disposed and cannot be used any more."""


class NotSynchronisedError(StudioError, RuntimeError):
    """A run demands the clock of another machine, and there is no offset to it yet (decision 30)."""


class ReplayIntervalError(StudioError, ValueError):
    """What a pipeline is to replay has no beginning, or was said in more than one way (rules E15, E146)."""


class StopTimeoutError(StudioError, TimeoutError):
    """A source did not acknowledge Stop within the limit and was given up."""


class PortError(StudioError, ValueError):
    """An input or output that a component cannot have: its name is taken, or nobody can own it (E10, E11)."""


class WrongPosterError(StudioError, RuntimeError):
    """A message was posted by somebody who may not; only told where a pipeline checks that (rule E75)."""


class MessageOrderError(StudioError, ValueError):
    """Sequence, originating or creation time of a message does not increase as rule E94 demands."""


class ProtocolError(StudioError):
    """Something on a connection breaks its rules."""


class LocalProtocolError(ProtocolError):
    """We tried to send what the rules do not allow."""


class RemoteProtocolError(ProtocolError):
    """The other end sent what the rules do not allow."""
