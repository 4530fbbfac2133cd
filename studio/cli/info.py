"""`studio info`: what a recording holds. Changes nothing, also not a recording that needs repair."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from studio.formats.recording import RecordingInfo, StreamInfo


def info(
    file: Annotated[Path, typer.Argument(help="A recording.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")] = False,
) -> None:
    """Say what a recording holds: its streams, how much of each, and what is missing."""
    from studio.cli.clock_text import print_clock
    from studio.cli.loss_text import print_losses
    from studio.cli.output import print_json, values
    from studio.store.reader import StoreReader

    session = _session_of(file)
    with StoreReader(file, repair=False) as reader:
        found, losses, log, damaged = reader.info(), reader.loss(), reader.log(), reader.damaged
        clock = reader.clock_summaries()
    if json:
        print_json(
            {
                **values(found),
                "losses": [values(loss) for loss in losses],
                "log": [values(entry) for entry in log],
                "damaged": list(damaged),
                "session": session,
                "clock": [values(summary) for summary in clock],
            }
        )
        return
    _print(found)
    print_losses(losses, found.first_time)
    print_clock(clock)
    _print_correction(file)
    _print_session(session)
    for sentence in damaged:
        typer.echo(sentence)


def _session_of(file: Path) -> dict[str, Any] | None:
    """What the description beside the recording says; None where there is none that can be read."""
    from studio.app.session_description import read_session
    from studio.errors import StoreFormatError

    try:
        described = read_session(file.expanduser().absolute().parent)
    except StoreFormatError:
        return None
    return None if described is None else described.model_dump(mode="json")


def _print_correction(file: Path) -> None:
    from studio.app.clock_maps import clock_map_path
    from studio.cli.output import print_text

    if (beside := clock_map_path(file)).is_file():
        print_text(f"Its times can be corrected: {beside.name} beside it says how.")


def _print_session(session: dict[str, Any] | None) -> None:
    from studio.cli.output import print_text

    if session is None:
        return
    who = f", participant {session['participant']}" if session["participant"] else ""
    print_text(f"Session: {session['name']}{who}")
    if session["tags"]:
        print_text(f"Tags: {', '.join(session['tags'])}")
    if session["notes"]:
        print_text(f"Notes: {session['notes']}")


def _print(found: "RecordingInfo") -> None:
    from studio.app.value_text import bytes_text, duration_text
    from studio.cli.output import print_table, print_text

    duration = duration_text((found.last_time - found.first_time) / 1e9)
    print_text(f"{found.path}: {duration}, {bytes_text(found.byte_size)}, recorded on {found.machine}")
    print_text(_condition(found))
    headings = ("stream", "kind", ">produced", ">stored", ">dropped", ">gaps", ">rate", "unit")
    print_table(headings, [_row(stream) for stream in found.streams])


def _condition(found: "RecordingInfo") -> str:
    if found.live:
        return "It is being recorded right now."
    if found.recovered:
        return "Its recorder died; it was put in order afterwards."
    if not found.clean:
        return "Its recorder died before it was closed. `studio repair` puts it in order."
    return "It was closed properly."


def _row(stream: "StreamInfo") -> tuple[Any, ...]:
    stored = stream.sample_count if stream.format.kind.is_sampled else stream.message_count
    rate = f"{stream.format.rate:g} Hz" if stream.format.rate else ""
    kind, units = stream.format.kind.value, stream.format.units
    counts = map(str, (stream.produced, stored, stream.dropped, stream.gaps))
    return (stream.name, kind, *counts, rate, units)
