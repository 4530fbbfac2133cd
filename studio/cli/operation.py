"""Carries an operation out in this process: progress on a line, Ctrl+C, what came of it, an exit code."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from studio.app.operations.directory import carry_out
from studio.app.operations.progress import Cancelled, Outcome
from studio.app.operations.time_text import moment
from studio.cli.interruption import interruptible
from studio.cli.output import DRAW_INTERVAL, print_json, print_text, progress_line, remark, values
from studio.timing import TIME_MAX, TIME_MIN, TimeInterval, monotonic_ns

if TYPE_CHECKING:
    from studio.app.operations.requests import Selection

INTERRUPTED = 130


class TerminalProgress:
    """Progress on a line of the terminal; `report` raises Cancelled after Ctrl+C."""

    def __init__(self, line: Progress, task: TaskID, interrupted: threading.Event, before: str) -> None:
        """`before`: what the line begins with."""
        self._line = line
        self._task = task
        self._interrupted = interrupted
        self._before = before
        self._drawn = 0

    def report(self, done: float, text: str = "") -> None:
        """See `app.operations.progress.Progress`."""
        if self._interrupted.is_set():
            raise Cancelled("Interrupted.")
        now = monotonic_ns()
        is_due = now - self._drawn >= DRAW_INTERVAL
        if is_due:
            self._drawn = now
        self._line.update(self._task, completed=done, description=f"{self._before}{text}", refresh=is_due)

    def makes(self, place: str) -> None:
        """Whatever is left of it is removed by the next operation in the same folder."""


def run_operation(request: Any, *, json: bool) -> None:
    """Do it and tell; ends the command with 0, with 1 if something is wrong, with 130 after Ctrl+C."""
    try:
        outcome = carried_out(request)
    except Cancelled:
        remark("Interrupted; nothing was left behind.")
        raise typer.Exit(INTERRUPTED) from None
    show(outcome, json=json)
    if not outcome.is_good:
        raise typer.Exit(1)


def carried_out(request: Any, before: str = "") -> Outcome:
    """What came of it, with progress on a line that begins with `before`. Raises Cancelled after Ctrl+C."""
    columns = TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()
    with interruptible() as interrupted, progress_line(*columns) as line:
        return carry_out(request, TerminalProgress(line, line.add_task("", total=1.0), interrupted, before))


def show(outcome: Outcome, *, json: bool) -> None:
    """Tell what came of it."""
    if json:
        print_json(values(outcome))
        return
    print_text(outcome.text)
    for line in outcome.remarks:
        print_text(line)
    for path in outcome.paths:
        print_text(path)


def selection_of(
    file: Path,
    streams: list[str] | None,
    begin: str | None = None,
    end: str | None = None,
    *,
    skips_missing: bool = False,
) -> "Selection":
    """What is meant of a recording; times count from its beginning. Raises SettingsError for a wrong one."""
    from studio.app.operations.requests import Selection
    from studio.errors import SettingsError
    from studio.store.reader import StoreReader

    interval = TimeInterval.INFINITE
    if begin is not None or end is not None:
        with StoreReader(file, repair=False) as reader:
            first = reader.info().first_time
        left = TIME_MIN if begin is None else moment(begin, first)
        right = TIME_MAX if end is None else moment(end, first)
        if left > right:
            raise SettingsError(f"The end ({end}) lies before the beginning ({begin}).")
        interval = TimeInterval(left, right)
    return Selection(str(file), interval, tuple(streams) if streams else None, skips_missing)


def beside(file: Path, out: Path | None, ending: str, suffix: str = ".h5") -> str:
    """Where the result goes: `out`, or beside the original with an ending to its name."""
    if out is None:
        return str(file.with_name(f"{file.name.removesuffix('.h5')} {ending}{suffix}"))
    is_named = out.suffix == suffix or not suffix
    return str(out if is_named else out.with_name(out.name + suffix))
