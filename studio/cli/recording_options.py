"""Options that several verbs about recordings share."""

from pathlib import Path
from typing import Annotated

import typer

File = Annotated[Path, typer.Argument(help="A recording.")]
Files = Annotated[list[Path], typer.Argument(help="Recordings, or folders of sessions.")]
Streams = Annotated[
    list[str],
    typer.Option("--streams", "--stream", help="Name of a stream; may be given several times. Without: all."),
]
Begin = Annotated[
    str | None,
    typer.Option("--from", help="Where it begins: seconds (12.5), a clock (1:02:03.5) or a date with time."),
]
End = Annotated[str | None, typer.Option("--to", help="Where it ends, said like --from.")]
Out = Annotated[
    Path | None,
    typer.Option(help="What is made; without: beside the original. A name that is taken gets a number."),
]
OutOfMany = Annotated[
    Path | None,
    typer.Option(
        help="What is made, of several recordings the folder for it; without: beside the original. "
        "A name that is taken gets a number."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of text.")]
