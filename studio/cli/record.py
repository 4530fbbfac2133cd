"""`studio record`: records without a window, until the time is over or somebody says stop."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.numbers import finite

if TYPE_CHECKING:
    from studio.cli.recording import Target

Devices = Annotated[
    list[str],
    typer.Option(
        "--device",
        help="Name or id of a device; a camera's number, address or film; `simulated` for all simulated "
        "ones. May be given several times. Without: all real devices, else the simulated ones.",
    ),
]
Seconds = Annotated[float | None, typer.Option(min=0.1, help="How long; without: until Ctrl+C or SIGTERM.")]
Rehearse = Annotated[
    str,
    typer.Option(
        help="Faults of simulated devices, such as 'unplug@10+5, stall@30+2 / 60': at second 10 for 5 s, at "
        "second 30 for 2 s, all again every 60 s; also burst, jump, slow, mute, loud."
    ),
]
Out = Annotated[Path | None, typer.Option(help="The file to be made; without: a new session.")]
Follow = Annotated[
    str,
    typer.Option(
        metavar="HOST[:PORT]", help="Record with the clock of that machine; without: with this machine's own."
    ),
]
RequireSync = Annotated[
    bool,
    typer.Option("--require-sync", help="Do not record unless that clock is known as exactly as --limit-ms."),
]
LimitMs = Annotated[
    float, typer.Option("--limit-ms", callback=finite, help="How exact the followed clock shall be.")
]
Far = Annotated[bool, typer.Option("--far", help="Also if that clock is more than a day off.")]
SyncTimeout = Annotated[
    float, typer.Option("--sync-timeout-s", min=0.0, help="How long the recording waits for it to be so.")
]
Session = Annotated[
    Path | None,
    typer.Option(help="Go on in this session: a further file in its folder, whatever ended the one before."),
]
Folder = Annotated[Path | None, typer.Option(help="Where the new session goes; without: see the settings.")]


def record(
    device: Devices = [],  # noqa: B006 - the way a repeatable option is declared; nobody changes it
    seconds: Seconds = None,
    out: Out = None,
    folder: Folder = None,
    session: Session = None,
    name: Annotated[str, typer.Option(help="Name of the new session.")] = "",
    participant: Annotated[str, typer.Option(help="Who takes part in the new session.")] = "",
    follow: Follow = "",
    require_sync: RequireSync = False,
    limit_ms: LimitMs = 5.0,
    sync_timeout_s: SyncTimeout = 15.0,
    far: Far = False,
    rehearse: Rehearse = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")] = False,
) -> None:
    """Record devices into a file. Exit code 1: it ended too early, or a device delivered nothing."""
    if (require_sync or far) and not follow:
        wish = "--require-sync" if require_sync else "--far"
        raise typer.BadParameter(f"{wish} needs --follow: there is no other clock to be exact to")
    from studio.cli.clock_following import FollowedClock, follow_clock
    from studio.cli.interruption import interruptible
    from studio.cli.record_summary import Outcome, show
    from studio.cli.recording import Target, begin, finished, make_recorder, wait_for_end

    target = Target(
        out=out, folder=folder, session=session, name=name, participant=participant, rehearse=rehearse
    )
    _check(target)
    with interruptible() as interrupted, make_recorder() as recorder:
        if follow:
            clock = FollowedClock.parsed(
                follow, limit_ms, sync_timeout_s, is_required=require_sync, is_far_allowed=far
            )
            follow_clock(recorder.clocks, clock, interrupted)
        begin(recorder, device, target, interrupted)
        is_complete = wait_for_end(recorder, seconds, interrupted)
        outcome = Outcome(finished(recorder), is_interrupted=interrupted.is_set(), is_complete=is_complete)
        show(outcome, json=json)
    raise typer.Exit(outcome.exit_code)


def _check(target: "Target") -> None:
    """Whether what was said of the place fits together."""
    new = target.folder is not None or target.name or target.participant
    if target.out is not None and (new or target.session is not None):
        raise typer.BadParameter("--out names a file; the others of its kind need a session")
    if target.session is not None and new:
        raise typer.BadParameter("--session names one that exists; --folder, --name, --participant make one")
