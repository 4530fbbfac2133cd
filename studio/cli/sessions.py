"""`studio sessions`: which sessions a folder holds. Opens each recording for a moment, changes nothing."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from studio.app.session_entries import SessionEntry


def sessions(
    folder: Annotated[Path, typer.Argument(help="A folder with sessions in it.")],
    find: Annotated[str, typer.Option(help="Only these, as in the window: words, tag:…, after:…")] = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")] = False,
) -> None:
    """List the sessions of a folder, newest first."""
    from studio.app.session_search import parse_search
    from studio.cli.output import print_json, print_table, print_text
    from studio.errors import StoreEnvironmentError

    search = parse_search(find, today=_today())
    if not folder.expanduser().exists():
        raise StoreEnvironmentError(f"The folder {folder} is not there.")
    from studio.app.catalog import list_sessions
    from studio.app.dataset_description import dataset_entry

    dataset = dataset_entry(folder.expanduser())
    found = [session for session in list_sessions(folder) if search.finds(session)]
    if json:
        said = {"name": dataset.name, "description": dataset.description}
        print_json({"folder": str(folder), **said, "sessions": [_document(session) for session in found]})
        return
    if not found:
        print_text(f"There are no {'such ' if find.strip() else ''}sessions in {folder}.")
        return
    for line in filter(None, (dataset.name, dataset.description, dataset.problem)):
        print_text(line)
    headings = ("session", "start", ">duration", ">size", ">streams", "participant", "tags", "state")
    print_table(headings, [_row(session) for session in found])


def _today() -> Any:
    from datetime import UTC, datetime

    from studio.timing import NS_PER_S, SystemClock

    return datetime.fromtimestamp(SystemClock().now() // NS_PER_S, tz=UTC).astimezone().date()


def _document(session: "SessionEntry") -> dict[str, Any]:
    from studio.cli.output import values

    return {
        **values(session),
        "started_time": session.started_time,
        "duration_ns": session.duration_ns,
        "byte_size": session.byte_size,
        "devices": session.devices,
        "live": session.live,
        "clean": session.clean,
        "recovered": session.recovered,
        "problem": session.problem,
    }


def _row(session: "SessionEntry") -> tuple[str, ...]:
    from datetime import UTC, datetime

    from studio.app.value_text import bytes_text, duration_text
    from studio.timing import NS_PER_S

    try:
        start = datetime.fromtimestamp(session.started_time // NS_PER_S, tz=UTC).astimezone()
        begun = f"{start:%Y-%m-%d %H:%M}"
    except (OverflowError, ValueError, OSError):
        begun = "?"
    return (
        session.name,
        begun,
        duration_text(session.duration_ns / NS_PER_S),
        bytes_text(session.byte_size),
        str(session.stream_count),
        session.participant,
        ", ".join(session.tags),
        _state(session),
    )


def _state(session: "SessionEntry") -> str:
    if session.live:
        return "live"
    if session.problem:
        return f"broken: {session.problem}"
    if session.recovered:
        return "recovered"
    return "clean" if session.clean else "not closed"
