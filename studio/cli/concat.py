"""`studio concat`: recordings one behind the other."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from studio.cli.recording_options import Json, Out


class Keep(StrEnum):
    """Which of two recordings of the same time counts."""

    FIRST = "first"


Files = Annotated[list[Path], typer.Argument(help="Two recordings or more; their times give the order.")]
Kept = Annotated[
    Keep | None,
    typer.Option(help="What to keep where two of them overlap; without: an overlap is refused."),
]


def concat(files: Files, out: Out = None, keep: Kept = None, json: Json = False) -> None:
    """Join recordings: streams of one name become one, and what lies between them is noted as missing."""
    from studio.app.operations.requests import ConcatenateRequest
    from studio.cli.operation import beside, run_operation

    target = beside(files[0], out, "joined")
    request = ConcatenateRequest(tuple(map(str, files)), target, keep_first=keep is Keep.FIRST)
    run_operation(request, json=json)
