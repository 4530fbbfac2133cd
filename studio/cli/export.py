"""`studio export`: a recording or a part of it for other programs."""

from typing import Annotated

import typer

from studio.app.operations.requests import ExportFormat
from studio.cli.recording_options import Begin, End, File, Json, Out, Streams

Format = Annotated[
    ExportFormat,
    typer.Option(
        "--format",
        help="Tables (csv, parquet), sound (wav, flac), film with sound in step (mp4, mkv), numbered "
        "pictures (png) or plain hdf5.",
    ),
]
Split = Annotated[
    bool, typer.Option("--split-gaps", help="Sound: a file from gap to gap, instead of silence in them.")
]
Quality = Annotated[
    int, typer.Option(min=0, max=51, help="Film: 0 is largest and best, 51 smallest (as of x264).")
]


def export(
    file: File,
    format: Format,
    begin: Begin = None,
    end: End = None,
    streams: Streams = [],  # noqa: B006 - the way a repeatable option is declared; nobody changes it
    split_gaps: Split = False,
    quality: Quality = 20,
    out: Out = None,
    json: Json = False,
) -> None:
    """Export a recording. Beside what is made lies a note that says where it begins in time."""
    from studio.app.operations.export_formats import TRAITS, name_ending
    from studio.app.operations.requests import ExportRequest
    from studio.cli.operation import beside, run_operation, selection_of

    traits = TRAITS[format]
    suffix = "" if traits.makes_folder else traits.suffix
    target = beside(file, out, name_ending(format), suffix)
    selection = selection_of(file, streams, begin, end)
    request = ExportRequest(selection, format, target, split_gaps=split_gaps, quality=quality)
    run_operation(request, json=json)
