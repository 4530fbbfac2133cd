"""Which function carries out which request. Imports an operation only when it is asked for."""

import importlib
from typing import Any

from studio.app.chains import requests as chains
from studio.app.operations import requests
from studio.app.operations.progress import Outcome, Progress
from studio.errors import StreamError

_OPERATIONS: dict[type, str] = {
    requests.VerifyRequest: "studio.app.operations.checking:verify",
    requests.RepairRequest: "studio.app.operations.checking:repair",
    requests.CopyRequest: "studio.app.operations.copying:copy",
    requests.CompactRequest: "studio.app.operations.copying:compact",
    requests.ConcatenateRequest: "studio.app.operations.copying:concatenate",
    chains.ListChainsRequest: "studio.app.chains.loading:list_for_dialog",
    chains.DescribeChainRequest: "studio.app.chains.loading:describe_for_dialog",
    chains.ProcessRequest: "studio.app.chains.run:process",
    chains.FollowRequest: "studio.app.chains.attach:attach",
    chains.CompareRequest: "studio.app.chains.compare:compare",
    requests.CorrectClockRequest: "studio.app.operations.clock_correcting:correct_clock",
    requests.ExportRequest: "studio.app.operations.exporting:export",
}


def carry_out(request: Any, progress: Progress) -> Outcome:
    """Do what is asked; raises Cancelled, and StudioErrors in people's words."""
    if type(request) not in _OPERATIONS:
        raise StreamError(f"There is no operation for a {type(request).__name__}.")
    module, _, name = _OPERATIONS[type(request)].partition(":")
    outcome = getattr(importlib.import_module(module), name)(request, progress)
    assert isinstance(outcome, Outcome)
    return outcome
