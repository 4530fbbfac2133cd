"""What can be asked about chains, as frozen values that every process knows."""

from dataclasses import dataclass

from studio.app.chains.description import ParameterValue
from studio.formats.recording import StreamRef
from studio.timing import TimeInterval

Parameters = tuple[tuple[str, ParameterValue], ...]
Streams = tuple[tuple[str, StreamRef], ...]


@dataclass(frozen=True, slots=True)
class ListChainsRequest:
    """Name the installed chains. Runs nothing of them."""


@dataclass(frozen=True, slots=True)
class DescribeChainRequest:
    """Load a chain and say what it asks for. This runs the file that holds it."""

    chain: str
    """`file.py`, `file.py:name`, or the name of an installed one."""


@dataclass(frozen=True, slots=True)
class ProcessRequest:
    """Run a chain over a session; its outputs become a partition of that session."""

    chain: str
    recordings: tuple[str, ...]
    """The partitions of the session; the first gives the result its name and place."""
    streams: Streams = ()
    """Which stream feeds which input; the others are found by name and kind. One without a path is of the
    first recording that has a stream of that name."""
    parameters: Parameters = ()
    interval: TimeInterval | None = None
    """None: everything."""
    real_time: bool = False
    """At the pace of the recording; else as fast as it goes."""
    target: str = ""
    """Where the result goes; empty: beside the first recording."""
    replace: bool = False
    """Whether a result that is there already may be replaced."""


@dataclass(frozen=True, slots=True)
class FollowRequest:
    """Attach a chain to a recording while it is written."""

    chain: str
    recording: str
    streams: Streams = ()
    parameters: Parameters = ()
    target: str = ""
    replace: bool = False


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """Compute a derived partition once more, and say whether every message comes out the same."""

    derived: str
    chain: str = ""
    """Another place of the chain; empty: where it was then."""
