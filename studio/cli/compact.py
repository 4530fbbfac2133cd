"""`studio compact`: the same recording in less room."""

from typing import Annotated

import typer

from studio.cli.recording_options import File, Json, Out, Streams

Level = Annotated[int, typer.Option(min=1, max=9, help="How hard to compress: 1 is quick, 9 is small.")]


def compact(
    file: File,
    streams: Streams = [],  # noqa: B006 - the way a repeatable option is declared; nobody changes it
    level: Level = 4,
    out: Out = None,
    json: Json = False,
) -> None:
    """Write a recording anew, compressed so that every HDF5 program reads it. The original stays."""
    from studio.app.operations.requests import CompactRequest
    from studio.cli.operation import beside, run_operation, selection_of

    request = CompactRequest(selection_of(file, streams), beside(file, out, "compact"), level)
    run_operation(request, json=json)
