"""Verify and repair as operations."""

from pathlib import Path

from studio.app.clock_certificate import guarantee_text
from studio.app.operations.progress import Outcome, Progress
from studio.app.operations.requests import RepairRequest, VerifyRequest
from studio.app.value_text import bytes_text
from studio.store.clock_summaries import guaranteed
from studio.store.verification import repair as repair_recording
from studio.store.verification import verify as verify_recording


def verify(request: VerifyRequest, progress: Progress) -> Outcome:
    """Read the whole of a recording. Raises what `store.verify` does."""
    path = Path(request.path)
    text = f"Reading {path.name}"
    report = verify_recording(path, lambda done: progress.report(done, text))
    read = f"{report.message_count} messages, {bytes_text(report.byte_count)} read"
    faults = tuple(f"{finding.where}: {finding.what}" for finding in report.findings)
    count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
    verdict = "is sound" if report.is_sound else f"has {count}, the first: {faults[0]}"
    clock = f" Its clock: {guarantee_text(guaranteed(report.clock))}." if report.clock else ""
    return Outcome((), f"{path.name} {verdict} ({read}).{clock}", remarks=faults, is_good=report.is_sound)


def repair(request: RepairRequest, progress: Progress) -> Outcome:
    """Put a recording in order. Raises what `store.repair` does."""
    path = Path(request.path)
    progress.report(0.0, f"Putting {path.name} in order")
    done = repair_recording(path)
    return Outcome((), f"{path.name} was put in order." if done else f"{path.name} needs no repair.")
