"""How commands speak: documents on standard output, progress and remarks on standard error."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from studio.timing import NS_PER_MS, monotonic_ns

DRAW_INTERVAL = 100 * NS_PER_MS
"""Work reports thousands of times a second; a terminal is slow."""
NUMBER_COLUMN = ">"
"""At the beginning of a heading: its column is aligned to the right."""


def print_json(document: Any) -> None:
    """The one document of a command with --json."""
    sys.stdout.write(json.dumps(document, indent=2, default=str, allow_nan=False) + "\n")
    sys.stdout.flush()


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "") -> None:
    """A table for people; a heading that begins with `>` is of numbers."""
    table = Table(title=Text(title) if title else None, title_justify="left", pad_edge=False, box=None)
    for heading in headings:
        right = heading.startswith(NUMBER_COLUMN)
        table.add_column(Text(heading.removeprefix(NUMBER_COLUMN)), justify="right" if right else "left")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    _people().print(table)


def print_text(text: str = "") -> None:
    """A line for people, as long as it is."""
    _people().print(Text(text), soft_wrap=True)


def printable(text: str) -> str:
    """What another machine calls itself shall not write on the terminal as it likes."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def remark(text: str) -> None:
    """A line beside the result: on standard error, so that it never mixes with a document."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def values(value: Any) -> dict[str, Any]:
    """A value of ours as JSON has it."""
    return asdict(value)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[float], None]]:
    """A bar from 0 to 1 with the time that remains; only on a terminal."""
    with progress_line(TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()) as progress:
        task, drawn = progress.add_task(what, total=1.0), 0

        def show(done: float) -> None:
            nonlocal drawn
            now = monotonic_ns()
            is_due = done >= 1.0 or now - drawn >= DRAW_INTERVAL
            drawn = now if is_due else drawn
            progress.update(task, completed=done, refresh=is_due)

        yield show


def progress_line(*columns: Any) -> Progress:
    """A line on a terminal's standard error that is rewritten; nothing elsewhere. No thread refreshes it."""
    console = Console(stderr=True)
    off = not console.file.isatty()  # colours may be wanted (FORCE_COLOR) where nobody sees a line rewritten
    return Progress(*columns, console=console, transient=True, auto_refresh=False, disable=off)


def _people() -> Console:
    console = Console(highlight=False)
    return console if console.file.isatty() else Console(highlight=False, width=200)
