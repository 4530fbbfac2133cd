"""Corrects the times of a recording afterwards: a map beside it, and a corrected copy where one is wanted.

The recording itself is only read. In the copy all times of messages, losses, log and notes are corrected;
its own clock tables map the monotonic clock to the corrected times: it says of itself how exact it is.
"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio.app.clock_certificate import margin, signed
from studio.app.clock_maps import document_of, joined_map, write_clock_map
from studio.app.operations.corrected_copy import write_corrected
from studio.app.operations.joining import Part
from studio.app.operations.progress import Outcome, Progress, Share
from studio.app.operations.requests import CorrectClockRequest, Selection
from studio.errors import StreamError
from studio.net.coarse_clock import tick_of
from studio.store.reader import StoreReader
from studio.timing.clock import Duration
from studio.timing.clock_algorithm import ALGORITHM, ALGORITHM_VERSION
from studio.timing.clock_correction import CorrectedPiece, Correction, correct_log
from studio.timing.clock_summary import summary_of
from studio.timing.sync_status import ClockLog, ClockTerms, ProbeOutcome, SyncState

if TYPE_CHECKING:
    from studio.formats.recording import RecordingInfo

FINEST: Duration = 100
"""Stamps come in steps of 100 ns."""
FIRST = 64
"""So many answers tell whether the reference only counts in steps."""


def correct_clock(request: CorrectClockRequest, progress: Progress) -> Outcome:
    """Raises StudioErrors in people's words: nothing to correct with, or no place to write to."""
    path = Path(request.path)
    with StoreReader(path) as reader:
        part = Part.of(reader, Selection(str(path)))
        if part.info.live:
            raise StreamError(f"{part.info.name} is still being recorded; correct its clock when it is done.")
        logs = tuple(log for log in reader.clock_logs() if _is_followed(log))
        if not logs:
            raise StreamError(
                f"{part.info.name} did not follow another clock, or got no answer from it: there is nothing "
                "to correct its times with."
            )
        corrections = _corrections(part.info, logs, request, Share(progress, 0.0, 0.5, "Fitting the clock"))
        clock_map = joined_map(corrections)
        document = document_of(part.info, corrections)
        if request.copy:
            share = Share(progress, 0.5, 1.0)
            told = [_corrected(log, each, request) for log, each in zip(logs, corrections, strict=True)]
            made = write_corrected(part, clock_map, told, Path(request.copy), share)
        else:
            made = write_clock_map(path.absolute(), document)
    return Outcome(
        (str(made),),
        _sentence(part.info.name, corrections, made, is_copy=bool(request.copy)),
        remarks=tuple(
            line for each in corrections for piece in each.pieces[1:] for line in [_piece_text(piece)]
        ),
    )


def _is_followed(log: ClockLog) -> bool:
    if any(change.state is SyncState.SELF for change in log.changes):
        return False  # the one clock there was is right by definition
    return bool(log.segments) and any(each.outcome is ProbeOutcome.ANSWERED for each in log.probes)


def _corrections(
    info: "RecordingInfo", logs: tuple[ClockLog, ...], request: CorrectClockRequest, progress: Progress
) -> tuple[Correction, ...]:
    found = []
    for number, log in enumerate(logs):
        share = Share(progress, number / len(logs), (number + 1) / len(logs))
        begin, end = min(info.created, info.first_time or info.created), info.last_time or info.created
        if len(logs) > 1:
            whole = summary_of(log)
            begin, end = max(begin, whole.begin_time), min(end, whole.end_time)
        tick, steps = _tick(log), not request.keep_steps
        end = max(begin, end)
        found.append(correct_log(log, begin, end, tick=tick, follow_steps=steps, told=share.report))
    return tuple(found)


def _tick(log: ClockLog) -> int:
    answered = [each for each in log.probes if each.outcome is ProbeOutcome.ANSWERED][:FIRST]
    return max(FINEST, tick_of([each.stamp for each in answered], [each.sent for each in answered]))


def _sentence(name: str, corrections: tuple[Correction, ...], made: Path, *, is_copy: bool) -> str:
    change = max(each.clock_map.largest_change for each in corrections)
    p50 = max(each.bound_figures[0] for each in corrections)
    largest = max(each.bound_figures[2] for each in corrections)
    where = f"{made.name} is a corrected copy" if is_copy else f"{made.name} says how; it stays as it is"
    return (
        f"The times of {name} are corrected by at most {signed(change).lstrip('+')}; they are then within "
        f"{margin(largest)} of the reference, half of the time {margin(p50)}. {where}."
    )


def _piece_text(piece: CorrectedPiece) -> str:
    what = "the reference was set" if piece.is_step else "another reference was followed"
    if piece.held > 1:
        how = f"corrected times stay {signed(piece.held).lstrip('+')} ahead of it, since times never go back"
    elif piece.held < -1:
        how = f"corrected times go on without the step of {signed(-piece.held)}, as was asked for"
    else:
        how = f"corrected times jump ahead by {signed(piece.jump).lstrip('+')}"
    return f"At {piece.begin_time} ns {what}: {how}."


def _corrected(log: ClockLog, correction: Correction, request: CorrectClockRequest) -> ClockLog:
    """What the copy says of its clock."""
    terms = replace(
        log.terms or ClockTerms(),
        algorithm=f"{ALGORITHM}, corrected afterwards",
        algorithm_version=ALGORITHM_VERSION,
    )
    changes = tuple(
        replace(each, uncertain_since=0, held_step=each.held_step if request.keep_steps else 0)
        for each in log.changes
    )
    segments, bounds = correction.line.segments, correction.bounds
    return replace(log, segments=segments, bounds=bounds, terms=terms, changes=changes)
