"""`studio repair`: puts a recording in order whose recorder died."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from studio.formats.recording import RecordingInfo


def repair(
    file: Annotated[Path, typer.Argument(help="A recording.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON document instead of text.")] = False,
) -> None:
    """Put a recording in order whose recorder died. Sets flags and lengths; never touches the data."""
    from studio.cli.output import print_json, print_text, values
    from studio.errors import StoreEnvironmentError
    from studio.store.verification import repair as repair_recording

    before = _looked_at(file)
    if before.live:
        raise StoreEnvironmentError(f"{file} is being recorded right now. Stop the recording first.")
    repaired = not (before.clean or before.recovered) and repair_recording(file)
    found = _looked_at(file)
    if not (found.clean or found.recovered):
        raise StoreEnvironmentError(f"{file} could not be put in order: its folder cannot be written.")
    if json:
        print_json({"repaired": repaired, "recording": values(found)})
        return
    print_text(f"{file} was put in order." if repaired else f"{file} needs no repair.")


def _looked_at(file: Path) -> "RecordingInfo":
    from studio.store.reader import StoreReader

    with StoreReader(file, repair=False) as reader:
        return reader.info()
