"""`studio preflight`: runs devices for some seconds without recording; says whether they are fit for it."""

from pathlib import Path
from typing import Annotated

import typer

from studio.cli.record import Devices, Follow, LimitMs, Rehearse

Seconds = Annotated[float, typer.Option(help="How long it looks.")]
Folder = Annotated[Path | None, typer.Option(help="Where will be recorded to; without: see the settings.")]


def preflight(
    device: Devices = [],  # noqa: B006 - the way a repeatable option is declared; nobody changes it
    seconds: Seconds = 10.0,
    folder: Folder = None,
    follow: Follow = "",
    limit_ms: LimitMs = 5.0,
    rehearse: Rehearse = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")] = False,
) -> None:
    """Try devices, disk and clock; nothing is recorded. Exit code 1: something failed, or Ctrl+C."""
    from studio.cli.clock_following import FollowedClock
    from studio.cli.interruption import interruptible
    from studio.cli.preflight_card import show
    from studio.cli.preflight_run import Trial, run
    from studio.cli.recording import make_recorder

    clock = FollowedClock.parsed(follow, limit_ms, 0.0, is_required=False) if follow else None
    with interruptible() as interrupted, make_recorder() as recorder:
        trial = Trial(names=tuple(device), seconds=seconds, folder=folder, rehearse=rehearse)
        if clock is not None:
            recorder.clocks.set(clock.settings)
        status = run(recorder, trial, interrupted)
    raise typer.Exit(show(status, json=json))
