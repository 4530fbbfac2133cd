"""Writes a recording like another one, with all its times corrected. Reads the original only."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from studio.app.operations.carried_notes import entries_of
from studio.app.operations.copying import FILE_OVERHEAD, STREAM_OVERHEAD, provenance_of
from studio.app.operations.joining import Part, StreamPlan, log_lines, plans_of
from studio.app.operations.making import Making, making
from studio.app.operations.progress import Progress
from studio.app.operations.room import require_room
from studio.formats.notes import NoteEntry, PutNote
from studio.store.batch import EncodedMessage, Rows
from studio.store.clock_reader import joined
from studio.store.clock_rows import tables_of
from studio.store.composing import ComposedStream, Loss, composing
from studio.store.notes_journal import SUFFIX, append_entries, notes_path
from studio.timing.clock_map import ClockMap, Int64s
from studio.timing.sync_status import ClockLog

VERB = "Corrected the clock of"


def write_corrected(
    part: Part, clock_map: ClockMap, logs: Sequence[ClockLog], target: Path, progress: Progress
) -> Path:
    """The copy; `logs` are what it shall say of its clock. Raises StoreEnvironmentError, StoreFormatError."""
    plans = plans_of([part])
    total = sum(plan.byte_count for plan in plans)
    require_room(target, total + FILE_OVERHEAD + STREAM_OVERHEAD * len(plans))
    done = 0
    with making(target, progress) as made:
        with composing(made.place) as composer:
            origin = provenance_of([part], "clock corrected")
            created = clock_map.correct_time(origin.created)
            composer.begin(replace(origin, created=created), joined([tables_of(log) for log in logs]))
            for plan in plans:
                opened = clock_map.correct_time(plan.description.opened_time)
                stream = composer.add_stream(replace(plan.description, opened_time=opened), plan.size)
                times = StreamTimes(clock_map)
                for rows in plan.pieces():
                    progress.report(done / max(1, total), plan.description.name)
                    stream.write(times.corrected(rows))
                    done += rows.data.nbytes + 48 * len(rows.times)
                _finish(stream, plan, clock_map)
                plan.rest()
            composer.log(_log_lines(part, clock_map))
            progress.report(1.0, "Bringing it to the disk")
        _carry_notes(part, clock_map, made)
        return made.finish()


class StreamTimes:
    """The times of one stream, in order: two that were a nanosecond apart may not become one."""

    def __init__(self, clock_map: ClockMap) -> None:
        self._clock_map = clock_map
        self._last: int | None = None

    def corrected(self, rows: Rows) -> Rows:
        """The same rows at their corrected times."""
        times = increasing(self._clock_map.correct(rows.times), self._last)
        created = np.maximum(self._clock_map.correct(rows.creation_times), times)
        if len(times):
            self._last = int(times[-1])
        return replace(rows, times=times, creation_times=np.maximum.accumulate(created))


def increasing(times: Int64s, last: int | None) -> Int64s:
    """Each at least a nanosecond after the one before, the first after `last`."""
    steps = np.arange(len(times), dtype=np.int64)
    least = times if last is None else np.maximum(times, last + 1 + steps)
    return np.asarray(np.maximum.accumulate(least - steps) + steps, np.int64)


def _finish(stream: ComposedStream, plan: StreamPlan, clock_map: ClockMap) -> None:
    stream.account([_corrected_loss(loss, clock_map) for loss in plan.losses])
    stream.close(clock_map.correct_time(plan.closed_time) if plan.closed_time else 0)


def _corrected_loss(loss: Loss, clock_map: ClockMap) -> Loss:
    return replace(
        loss,
        time=clock_map.correct_time(loss.time),
        from_time=clock_map.correct_time(loss.from_time),
        to_time=clock_map.correct_time(loss.to_time),
    )


def _log_lines(part: Part, clock_map: ClockMap) -> list[EncodedMessage]:
    """All lines of the log at their corrected times; the last one says what was done here, and when."""
    lines = log_lines([part], f"{VERB} {part.info.name}")
    corrected: list[EncodedMessage] = []
    time = created = 0
    for number, line in enumerate(lines):
        is_own = number == len(lines) - 1
        originating, creation = (
            (line.time, line.creation_time)
            if is_own
            else (clock_map.correct_time(line.time), clock_map.correct_time(line.creation_time))
        )
        time = max(time + 1, originating)
        created = max(created, creation, time)
        corrected.append(line._replace(time=time, creation_time=created))
    return corrected


def _carry_notes(part: Part, clock_map: ClockMap, made: Making) -> None:
    if not notes_path(Path(part.info.path)).is_file():
        return
    made.beside(SUFFIX).touch()
    append_entries(made.place, [_corrected_note(entry, clock_map) for entry in entries_of([part])])


def _corrected_note(entry: NoteEntry, clock_map: ClockMap) -> NoteEntry:
    if not isinstance(entry, PutNote):
        return entry
    note = entry.note
    begin, end = clock_map.correct_time(note.time), clock_map.correct_time(note.end_time)
    return replace(entry, note=replace(note, time=begin, end_time=end))
