"""What is said to a job process and what it says, as frozen values. No I/O here.

The one who starts it writes one job and keeps the pipe open as long as the result is wanted. The job answers
with any number of `JobProgress` and `JobMakes`, and then with one `Reply` (an Outcome) or `Failure`, both of
number 0; the kind of a `Failure` after the pipe was ended is `Cancelled`.
"""

from dataclasses import dataclass
from typing import TypeAlias

from studio.app.chains.requests import (
    CompareRequest,
    DescribeChainRequest,
    FollowRequest,
    ListChainsRequest,
    ProcessRequest,
)
from studio.app.operations.requests import (
    CompactRequest,
    ConcatenateRequest,
    CopyRequest,
    ExportRequest,
    RepairRequest,
    VerifyRequest,
)

ChainJob: TypeAlias = (
    ListChainsRequest | DescribeChainRequest | ProcessRequest | FollowRequest | CompareRequest
)
CopyingJob: TypeAlias = CopyRequest | CompactRequest | ConcatenateRequest | ExportRequest
Job: TypeAlias = VerifyRequest | RepairRequest | CopyingJob | ChainJob
"""Everything that a job process can be asked to do."""

IN_TERMINAL = "in-terminal"
"""An argument of the process: its standard error is somebody's terminal, so that its log goes to a file."""


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far it is; at most ten times a second."""

    done: float
    """From 0 to 1; negative: it goes on until it is called off."""
    text: str
    """What is being done, in people's words."""


@dataclass(frozen=True, slots=True)
class JobMakes:
    """It is about to make this folder of unfinished work: to be removed should the process be killed."""

    place: str
