"""`studio replay`: plays a recording through the engine, shows nothing, and says how exactly it came."""

from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.recording_options import Begin, End, File, Json, Streams

if TYPE_CHECKING:
    from studio.app.player_replay import ReplayReport

INTERRUPTED = 130
Speed = Annotated[float, typer.Option(min=0.1, max=16.0, help="Seconds of recording in a second.")]
Fast = Annotated[bool, typer.Option("--fast", help="As fast as possible.")]


def replay(
    file: File,
    begin: Begin = None,
    end: End = None,
    streams: Streams = [],  # noqa: B006 - the way a repeatable option is declared; nobody changes it
    speed: Speed = 1.0,
    fast: Fast = False,
    json: Json = False,
) -> None:
    """Replay a recording, or a part of it. Exit code 1: a message was missing, doubled or out of order."""
    from studio.app import player_replay
    from studio.cli.interruption import interruptible
    from studio.cli.operation import selection_of
    from studio.cli.output import print_json, progress_bar, remark, values
    from studio.errors import Cancelled

    selection = selection_of(file, streams, begin, end)
    with interruptible() as interrupted, progress_bar(f"Replaying {file.name}") as progress:

        def report(done: float) -> None:
            if interrupted.is_set():
                raise Cancelled("Interrupted.")
            progress(done)

        try:
            told = player_replay.replay(selection, speed=speed, enforce_clock=not fast, report=report)
        except Cancelled:
            remark("Interrupted.")
            raise typer.Exit(INTERRUPTED) from None
    if json:
        print_json({**values(told), "is_exact": told.is_exact})
    else:
        _show(told)
    if not told.is_exact:
        raise typer.Exit(1)


def _show(told: "ReplayReport") -> None:
    from studio.cli.output import print_table, print_text
    from studio.timing import NS_PER_S

    columns = ("Stream", ">Messages", ">Stored", ">Messages/s", ">Late p50", ">Late p99", ">Late max")
    rows = [
        (
            each.name,
            str(each.messages),
            str(each.stored),
            f"{each.messages_per_s:.1f}",
            *(f"{late:.2f} ms" for late in (each.late_p50_ms, each.late_p99_ms, each.late_max_ms)),
        )
        for each in told.streams
    ]
    print_table(columns, rows)
    length = (told.to_time - told.from_time) / NS_PER_S
    way = f"at {told.speed:g} times its pace" if told.enforce_clock else "as fast as possible"
    verdict = "every message once and in order" if told.is_exact else "NOT as it was recorded"
    print_text(f"{length:.3f} s replayed {way} in {told.took_s:.3f} s: {verdict}.")
