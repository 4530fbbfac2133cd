"""`studio verify`: reads the whole of a recording and says what is wrong."""

from pathlib import Path
from typing import Annotated

import typer


def verify(
    file: Annotated[Path, typer.Argument(help="A recording.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON document instead of text.")] = False,
) -> None:
    """Check order, counts, pictures and the loss account of a recording. Exit code 1: faults found."""
    from studio.app.value_text import bytes_text
    from studio.cli.clock_text import print_clock
    from studio.cli.output import print_json, print_text, progress_bar, values
    from studio.store.verification import verify as verify_recording

    with progress_bar(f"Reading {file.name}") as progress:
        report = verify_recording(file, progress)
    if json:
        print_json({**values(report), "is_sound": report.is_sound})
    else:
        for finding in report.findings:
            print_text(f"{finding.where}: {finding.what}")
        verdict = "is sound" if report.is_sound else f"has {len(report.findings)} faults"
        read = f"{report.message_count} messages, {bytes_text(report.byte_count)} read"
        print_text(f"{file} {verdict} ({read}).")
        print_clock(report.clock)
    if not report.is_sound:
        raise typer.Exit(1)
