"""Composition root: arguments -> a role, a headless command, or the window. Imports only what it needs."""

import faulthandler
import gc
import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.host.roles import StartedRole

SWITCH_INTERVAL_S = 0.001
"""A busy thread may keep another waiting so long; Python's default of 5 ms makes a window stutter."""
VERBS = (
    *("devices", "record", "info", "verify", "repair"),
    *("crop", "copy", "concat", "compact", "export", "process"),
    *("--help", "-h", "--version"),
)
READING = ("info", "verify", "repair", "crop", "copy", "concat", "compact", "export", "replay")
"""Those that open recordings and nothing else: a damaged one can keep HDF5 turning in circles for ever."""
INTERRUPTED = 130
"""As shells have it for Ctrl+C."""
WITHOUT_SCREEN = ("record", "--seconds", "10")
"""What `studio` alone does where no window can be shown: record what is there, and say where it is."""


def program() -> int:
    """`main` for a process that ends with it: who asks twice to stop still gets answer and exit code."""
    code = main()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # nothing is left to be interrupted but the last words
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the arguments ask for; returns the exit code."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    if sys.stderr is not None:  # a program without a console has none
        faulthandler.enable()  # a crash in a library leaves a trace in the log
    try:
        return _run(tuple(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:  # before anybody was there to take it
        return INTERRUPTED


def _run(given: tuple[str, ...]) -> int:
    if given[:1] == ("--role",):  # before any Qt import (decision 17)
        return _run_role(given[1:])
    if given[:1] and (given[0] in VERBS or not _is_for_the_window(given[0])):
        return _run_command(given)
    if not _has_screen():
        return _run_command(("info", *given) if given else WITHOUT_SCREEN)
    return _run_window(given)


def _run_window(given: Sequence[str]) -> int:
    recorder = prepare_window()
    from studio.ui.start import run_window

    return run_window(given, recorder)


def prepare_window() -> "StartedRole | None":
    """What comes before the modules of the window are imported. Answers a recorder that is on its way."""
    from studio.host.head_start import start_recorder_ahead

    recorder = start_recorder_ahead()
    gc.disable()  # what is imported stays; the window collects in its own way
    from studio.ui.plain_imports import import_plainly

    import_plainly()
    return recorder


def _run_role(arguments: Sequence[str]) -> int:
    from studio.host.roles import run_role

    return run_role(arguments[0] if arguments else "", arguments[1:])


def _run_command(arguments: Sequence[str]) -> int:
    if arguments[0] in READING:
        return _run_watched(arguments)
    from studio.cli.entry import run_cli

    return run_cli(arguments)


def _run_watched(arguments: Sequence[str]) -> int:
    from studio.errors import StudioError
    from studio.host.watched_command import watched

    def work() -> int:
        from studio.host.giving_way import give_way

        give_way()  # before more is imported, which takes longer than many of these commands
        from studio.cli.entry import run_cli

        return run_cli(arguments)

    try:
        return watched(work)
    except StudioError as error:
        from studio.cli.entry import tell

        return tell(str(error), arguments)


def _is_for_the_window(argument: str) -> bool:
    """Whether it is an option of the window, or a recording to be shown in it."""
    return argument.startswith("--report-layout") or os.path.isfile(argument)


def _has_screen() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    raise SystemExit(program())
