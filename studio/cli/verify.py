"""`studio verify`: reads the whole of recordings and says what is wrong."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from studio.cli.several import Done
    from studio.store.verification import VerifyReport


def verify(
    files: Annotated[list[Path], typer.Argument(help="Recordings, or folders of sessions.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON document instead of text.")] = False,
) -> None:
    """Check order, counts, pictures and the loss account of recordings. Exit code 1: faults found.

    Of several, one that cannot be read holds up no other; --json gives a list then.
    """
    from studio.cli.output import print_json, print_text
    from studio.cli.several import each, recordings_in

    paths = recordings_in(files)
    all_done = []
    for done in each(paths, str, _verified):
        all_done.append(done)
        if not json:
            _show(done)
    sound = sum(done.result is not None and done.result.is_sound for done in all_done)
    if json:
        documents = [_document(done) for done in all_done]
        single = len(files) == 1 and not files[0].is_dir()
        print_json(documents[0] if single else documents)
    elif len(all_done) > 1:
        print_text(f"{sound} of {len(all_done)} recordings are sound.")
    if sound < len(all_done):
        raise typer.Exit(1)


def _verified(path: Path) -> "VerifyReport":
    from studio.cli.output import progress_bar
    from studio.store.verification import verify as verify_recording

    with progress_bar(f"Reading {path.name}") as progress:
        return verify_recording(path, progress)


def _document(done: "Done[VerifyReport]") -> dict[str, Any]:
    from studio.cli.output import values

    if done.result is None:
        return {"path": done.name, "is_sound": False, "problem": done.problem}
    return {**values(done.result), "is_sound": done.result.is_sound}


def _show(done: "Done[VerifyReport]") -> None:
    from studio.app.value_text import bytes_text
    from studio.cli.clock_text import print_clock
    from studio.cli.output import print_text

    report = done.result
    if report is None:
        print_text(f"{done.name} cannot be verified: {done.problem}")
        return
    for finding in report.findings:
        print_text(f"{finding.where}: {finding.what}")
    verdict = "is sound" if report.is_sound else f"has {len(report.findings)} faults"
    read = f"{report.message_count} messages, {bytes_text(report.byte_count)} read"
    print_text(f"{done.name} {verdict} ({read}).")
    print_clock(report.clock)
