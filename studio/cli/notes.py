"""`studio notes` and `studio note`: what was noted of a recording, and one more note. The recording stays."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from studio.formats.notes import Note


def notes(
    file: Annotated[Path, typer.Argument(help="A recording.")],
    csv: Annotated[bool, typer.Option("--csv", help="A table for other programs.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")] = False,
) -> None:
    """List what was noted of a recording, by time."""
    import sys

    from studio.app.notes import notes_csv
    from studio.cli.output import print_json, print_table, print_text, remark, values
    from studio.store.notes_journal import read_notes

    origin = _origin(file)
    book = read_notes(file)
    if book.unreadable:
        remark(f"{book.unreadable} entries of the notes cannot be read; all others are listed.")
    if json:
        document = {"notes": [values(n) for n in book.notes], "tracks": [values(t) for t in book.tracks]}
        print_json({"file": str(file), "first_time": origin, **document, "unreadable": book.unreadable})
    elif csv:
        sys.stdout.write(notes_csv(book, origin))
    elif not book.notes:
        print_text(f"Nothing was noted of {file.name}.")
    else:
        headings = (">at", ">duration", "track", "text", "values")
        print_table(headings, [_row(one, origin) for one in book.notes])


def note(
    file: Annotated[Path, typer.Argument(help="A recording.")],
    at: Annotated[float, typer.Option("--at", help="Seconds since the recording began.")],
    text: Annotated[str, typer.Option("--text", help="What is noted.")] = "",
    until: Annotated[float | None, typer.Option("--until", help="Where it ends; without: a moment.")] = None,
    track: Annotated[str, typer.Option("--track", help="Without: Markers.")] = "",
    value: Annotated[
        list[str] | None,
        typer.Option("--value", help="NAME=VALUE of an attribute; several are possible."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="The note as a JSON document.")] = False,
) -> None:
    """Note something of a recording."""
    from studio.app.notes import append_notes, new_note
    from studio.cli.output import print_json, print_text, values
    from studio.errors import StoreEnvironmentError
    from studio.formats.notes import MARKERS, PutNote
    from studio.timing import NS_PER_S, SystemClock, TimeInterval

    end = at if until is None else until
    if end < at:
        raise StoreEnvironmentError(f"A note cannot end ({end} s) before it begins ({at} s).")
    pairs = dict(_pair(text) for text in value or ())
    origin = _origin(file)
    interval = TimeInterval(origin + round(at * NS_PER_S), origin + round(end * NS_PER_S))
    made = new_note(
        track=track or MARKERS, interval=interval, text=text, values=pairs, written=SystemClock().now()
    )
    append_notes(file, (PutNote(made),))
    if json:
        print_json(values(made))
        return
    print_text(f"Noted at {at:g} s of {file.name}.")


def _origin(file: Path) -> int:
    """Where seconds are counted from: the first message, as on the timeline."""
    from studio.store.reader import StoreReader

    with StoreReader(file, repair=False) as reader:
        return reader.info().first_time


def _pair(text: str) -> tuple[str, str]:
    from studio.errors import StoreEnvironmentError

    name, equals, said = text.partition("=")
    if not name or not equals:
        raise StoreEnvironmentError(f"'{text}' is no value of an attribute; write NAME=VALUE.")
    return name, said


def _row(note: "Note", origin: int) -> tuple[str, ...]:
    from studio.timing import NS_PER_S

    duration = "" if note.is_moment else f"{(note.end_time - note.time) / NS_PER_S:.3f} s"
    said = ", ".join(f"{name}={value}" for name, value in note.values.items())
    return f"{(note.time - origin) / NS_PER_S:.3f} s", duration, note.track, note.text, said
