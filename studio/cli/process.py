"""`studio process`: runs a chain over recordings, or attached to one that grows; compares both."""

from pathlib import Path
from typing import Annotated

import typer

Settings = Annotated[
    list[str], typer.Option("--param", metavar="NAME=VALUE", help="A setting of the chain; repeatable.")
]
Inputs = Annotated[
    list[str], typer.Option("--input", metavar="NAME=STREAM", help="The stream for an input; repeatable.")
]
_WHEN = "90, 1:30.5 (from the beginning), or a date and time."
From = Annotated[str, typer.Option("--from", metavar="TIME", help=_WHEN)]
To = Annotated[str, typer.Option(metavar="TIME", help=_WHEN)]
ChainName = Annotated[str, typer.Argument(help="file.py, file.py:name, or the name of an installed one.")]
Place = Annotated[Path | None, typer.Option(help="The file to be made; without: beside the recording.")]

_FILES = "Recordings, or folders of sessions. Without: say what the chain asks for."
Files = Annotated[list[Path], typer.Argument(help=_FILES)]
RealTime = Annotated[bool, typer.Option("--real-time", help="At the pace of the recording.")]
Replace = Annotated[bool, typer.Option("--replace", help="Replace a result that is there.")]
Follow = Annotated[bool, typer.Option("--follow", help="Attach to a recording while it grows.")]
Verify = Annotated[bool, typer.Option("--verify", help="Compute a result again and compare.")]
List = Annotated[bool, typer.Option("--list", help="List the installed chains.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of text.")]


def process(
    chain: ChainName = "",
    files: Files = [],  # noqa: B006 - the way a repeatable argument is declared; nobody changes it
    param: Settings = [],  # noqa: B006
    input: Inputs = [],  # noqa: B006
    begin: From = "",
    to: To = "",
    real_time: RealTime = False,
    out: Place = None,
    replace: Replace = False,
    follow: Follow = False,
    verify: Verify = False,
    list_: List = False,
    json: Json = False,
) -> None:
    """Compute streams from recorded ones with a chain in Python; the result lies beside the recording.

    Ctrl+C ends it and leaves nothing; with --follow what was computed is kept. Exit code 1: it failed, or
    what was to be compared is not the same.
    """
    from studio.cli import processing

    if list_:
        processing.show_installed(json=json)
    elif not chain:
        raise typer.BadParameter("name a chain, or use --list")
    elif not files:
        processing.show_chain(chain, json=json)
    else:
        place = processing.Place(begin, to, out, tuple(input))
        way = processing.Way(real_time=real_time, replace=replace, follow=follow, verify=verify)
        wanted = processing.Wanted(chain, tuple(files), tuple(param), place, way)
        if not processing.carry_out(wanted, json=json):
            raise typer.Exit(1)
