"""`studio clock correct`: finds out afterwards what the clock of a recording should have shown."""

from pathlib import Path
from typing import Annotated

import typer

from studio.cli.recording_options import File, Json


def correct(
    file: File,
    write: Annotated[
        Path | None,
        typer.Option(metavar="COPY", help="Make a copy with corrected times; without: only the map."),
    ] = None,
    keep_steps: Annotated[
        bool, typer.Option("--keep-steps", help="Go on evenly where the reference was set.")
    ] = False,
    json: Json = False,
) -> None:
    """Correct the times of a recording from all that was measured of its reference. It stays as it is.

    The map NAME.clock.json is put beside it: knots from recorded to corrected times.
    """
    from studio.app.operations.requests import CorrectClockRequest
    from studio.cli.operation import beside, run_operation

    copy = "" if write is None else beside(file, write, "corrected")
    run_operation(CorrectClockRequest(str(file), copy, keep_steps), json=json)
