"""`studio export`: recordings or a part of them for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from studio.app.operations.requests import ExportFormat
from studio.cli.recording_options import Begin, End, Files, Json, OutOfMany, Streams

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
ValueRange = Annotated[
    str | None,
    typer.Option(
        "--range",
        help="Film of measured values (depth, heat): the values of the first and the last colour, "
        "like 500:3000; an end that is left out is found in the pictures.",
    ),
]
Colours = Annotated[str, typer.Option(help="Film of measured values: turbo, viridis or grey.")]


def export(
    files: Files,
    format: Format,
    begin: Begin = None,
    end: End = None,
    streams: Streams = [],  # noqa: B006 - the way a repeatable option is declared; nobody changes it
    split_gaps: Split = False,
    value_range: ValueRange = None,
    colours: Colours = "turbo",
    quality: Quality = 20,
    out: OutOfMany = None,
    json: Json = False,
) -> None:
    """Export recordings. Beside what is made lies a note that says where it begins in time.

    Of several, one that fails holds up no other; exit code 1 says that one did, and --json gives a list.
    """
    from studio.app.operations.export_formats import TRAITS, name_ending
    from studio.app.operations.requests import ExportRequest, ValueColours
    from studio.cli.operation import selection_of
    from studio.cli.operations import Batch

    chosen = ValueColours("", *_ends(value_range), colours)
    traits, batch = TRAITS[format], Batch.of(files, out)
    suffix = "" if traits.makes_folder else traits.suffix

    def request(path: Path) -> ExportRequest:
        selection = selection_of(path, streams, begin, end, skips_missing=batch.is_several)
        target = batch.target(path, name_ending(format), suffix)
        return ExportRequest(
            selection, format, target, split_gaps=split_gaps, quality=quality, colours=(chosen,)
        )

    batch.run(request, json=json)


def _ends(text: str | None) -> tuple[float | None, float | None]:
    """Both ends of a range; raises SettingsError for what is none."""
    from studio.errors import SettingsError

    if text is None:
        return None, None
    low, colon, high = text.partition(":")
    try:
        ends = tuple(float(end) if end.strip() else None for end in (low, high))
    except ValueError:
        ends, colon = (None, None), ""
    if not colon:
        raise SettingsError(f"{text!r} is no range of values: say it like 500:3000.")
    return ends[0], ends[1]
