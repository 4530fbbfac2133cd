"""Reads a whole recording and says what is wrong, and where. Changes nothing; `repair` is apart from it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from studio.errors import Cancelled, StoreFormatError, StudioError
from studio.formats.payload import PayloadKind
from studio.store import layout
from studio.store.account_check import check_account
from studio.store.clock_check import check_clock
from studio.store.finding import Finding as Finding
from studio.store.pyramid import Points, extent_of, merge, unknown_in
from studio.store.reader import StoreReader, check_is_file
from studio.store.recovery import STILL_FOR, is_broken_off, recover
from studio.store.row_times import Int64s, row_steps, times_of_rows
from studio.store.sidecar import is_being_written
from studio.store.stream_reader import StreamReader
from studio.timing import Duration
from studio.timing.clock_summary import ClockSummary

Progress = Callable[[float], None]

CHUNK = 1 << 16
PAYLOADS_TOLD = 64
"""Progress is told after so many payloads."""
MOST_FINDINGS = 100


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The result of reading everything."""

    path: str
    message_count: int
    byte_count: int
    """Bytes of payload read."""
    findings: tuple[Finding, ...] = ()
    clock: tuple[ClockSummary, ...] = ()
    """What is to be said of its clock; nothing if it neither followed nor was followed."""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


def verify(
    path: Path | str, progress: Progress | None = None, *, still_for: Duration = STILL_FOR
) -> VerifyReport:
    """Check order, counts, commits, offsets, payloads, pyramid against data, and the loss account.

    Raises StoreEnvironmentError or StoreFormatError when the recording cannot even be opened. `progress` is
    told how much is done, from 0 to 1.
    """
    told = progress if progress is not None else _nobody
    with StoreReader(path, still_for=still_for) as reader:
        findings = [Finding("recording", text) for text in reader.damaged]
        findings.extend(_checked(partial(_check_commits, reader)))
        findings.extend(_checked(partial(check_clock, reader)))
        findings.extend(_checked(reader.check_contents))
        messages = byte_count = 0
        commits = _commit_counts(reader)
        streams = [reader.log_stream(), *reader.streams()]
        counter = _Counter(told, sum(_work(stream) for stream in streams))
        for stream in streams:
            findings.extend(_checked(partial(_check_stream, stream, counter)))
            findings.extend(_checked(partial(_check_account, reader, stream, commits)))
            messages += stream.counts.messages
            byte_count += stream.counts.extent
            stream.rest()
        told(1.0)
        found = tuple(findings[:MOST_FINDINGS])
        return VerifyReport(str(reader.path), messages, byte_count, found, _clock_of(reader))


def repair(
    path: Path | str, *, still_for: Duration = STILL_FOR, tell: Callable[[int, int], None] | None = None
) -> bool:
    """Put a recording in order whose recorder died, from whatever machine.

    False if there was nothing to do, or if it is being written. Sets flags and lengths only. `tell` hears how
    many of its streams are done. Raises StoreFormatError when it is no recording or too damaged.
    """
    path = Path(path).absolute()
    check_is_file(path)
    if is_being_written(path):
        return False
    StoreReader(path, repair=False).close()  # says what is no recording, or beyond repair
    return is_broken_off(path) and recover(path, still_for=still_for, tell=tell)


def _clock_of(reader: StoreReader) -> tuple[ClockSummary, ...]:
    try:
        return reader.clock_summaries()
    except StoreFormatError:
        return ()  # that it cannot be read is a finding


def _nobody(_: float) -> None:
    """Nobody asked for progress."""


def _checked(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """What `check` finds; what it cannot read is a finding, too."""
    try:
        yield from check()
    except Cancelled:
        raise
    except StudioError as error:
        yield Finding("recording", str(error))


class _Counter:
    """How much of all work is done."""

    def __init__(self, told: Progress, total: int) -> None:
        self._told = told
        self._total = max(1, total)
        self._done = 0

    def add(self, count: int) -> None:
        """So many more messages or rows have been read."""
        self._done += count
        self._told(min(1.0, self._done / self._total))


def _work(stream: StreamReader) -> int:
    """What `_check_stream` will count: messages for order and offsets, rows or messages for the content."""
    counts = stream.counts
    sampled = stream.description.format.kind.is_sampled
    return 4 * counts.messages + (counts.extent if sampled else 4 * counts.messages)


def _check_commits(reader: StoreReader) -> Iterator[Finding]:
    times, counts = reader.commits()
    if len(times) != len(counts):
        yield Finding("commits", f"{len(times)} times but {len(counts)} rows of counts")
    if (np.diff(times) < 0).any():
        yield Finding("commits", "their times go back")
    # Not what was produced: a device takes back what came after the click on Stop.
    stored = [number for number, name in enumerate(layout.COUNT_COLUMNS) if name != layout.PRODUCED]
    if len(counts) > 1 and (np.diff(counts[..., stored], axis=0) < 0).any():
        yield Finding("commits", "a count goes back")


def _commit_counts(reader: StoreReader) -> Int64s:
    """Of all commits and streams; none where they cannot be read, which is a finding."""
    try:
        return reader.commits()[1]
    except StoreFormatError:
        return np.zeros((0, 1, len(layout.COUNT_COLUMNS)), np.int64)


def _check_stream(stream: StreamReader, counter: _Counter) -> Iterator[Finding]:
    where = f"stream {stream.description.name!r}"
    yield from _check_lengths(stream, where)
    yield from _check_order(stream, where, counter)
    yield from _check_offsets(stream, where, counter)
    if stream.description.format.kind.is_sampled:
        yield from _check_pyramid(stream, where, counter)
        yield from _check_unknown(stream, where)
    else:
        yield from _check_payloads(stream, where, counter)


def _check_lengths(stream: StreamReader, where: str) -> Iterator[Finding]:
    expected = {
        layout.TIME: stream.counts.messages,
        layout.CREATION_TIME: stream.counts.messages,
        layout.SEQUENCE_ID: stream.counts.messages,
        layout.INDEX: stream.counts.messages,
        layout.DATA: stream.counts.extent,
        layout.LOSS: stream.counts.loss_rows,
    }
    for table, count in expected.items():
        if (length := stream.length_of(table)) < count:
            yield Finding(where, f"{table} has {length} rows, {count} were committed")


def _ranges(count: int) -> Iterator[tuple[int, int]]:
    for start in range(0, count, CHUNK):
        yield start, min(start + CHUNK, count)


def _check_order(stream: StreamReader, where: str, counter: _Counter) -> Iterator[Finding]:
    for table, least in ((layout.TIME, 1), (layout.SEQUENCE_ID, 1), (layout.CREATION_TIME, 0)):
        for start, stop in _ranges(stream.counts.messages):
            counter.add(stop - start)
            begin = max(0, start - 1)
            steps = np.diff(stream.rows(table, begin, stop))
            for place in np.flatnonzero(steps < least)[:3]:
                yield Finding(where, f"{table} goes back at message {begin + int(place) + 1}")


def _check_offsets(stream: StreamReader, where: str, counter: _Counter) -> Iterator[Finding]:
    end = 0
    for start, stop in _ranges(stream.counts.messages):
        counter.add(stop - start)
        index = stream.rows(layout.INDEX, start, stop)
        expected = np.concatenate([[end], (index[:, 0] + index[:, 1])[:-1]])
        for place in np.flatnonzero((index[:, 0] != expected) | (index[:, 1] < 0))[:3]:
            yield Finding(where, f"message {start + int(place)} does not begin where the one before it ends")
        end = int(index[-1, 0] + index[-1, 1])
    if end != stream.counts.extent:
        yield Finding(where, f"its messages end at {end}, but {stream.counts.extent} of data were committed")


def _check_account(reader: StoreReader, stream: StreamReader, commits: Int64s) -> Iterator[Finding]:
    number = stream.description.id
    own = commits[:, number] if number < commits.shape[1] else commits[:0, 0]
    yield from check_account(stream, own, is_settled=reader.is_settled, is_composed=reader.is_composed)


def _check_payloads(stream: StreamReader, where: str, counter: _Counter) -> Iterator[Finding]:
    count = 0
    try:
        for count, message in enumerate(stream.messages(0, stream.counts.messages), start=1):
            if count % PAYLOADS_TOLD == 0:
                counter.add(4 * PAYLOADS_TOLD)
            if problem := _problem_of(stream.description.format.kind, message.data):
                yield Finding(where, f"message {count - 1}: {problem}")
    except StoreFormatError as error:
        yield Finding(where, f"message {count}: {error}")


def _problem_of(kind: PayloadKind, data: object) -> str:
    raw = getattr(data, "data", b"")
    if kind is PayloadKind.JPEG and not (
        raw.startswith(b"\xff\xd8") and raw.rstrip(b"\0").endswith(b"\xff\xd9")
    ):
        return "is not a whole JPEG picture"
    return ""


def _check_pyramid(stream: StreamReader, where: str, counter: _Counter) -> Iterator[Finding]:
    """The finest level against the samples, every other against the one below it."""
    below = layout.PYRAMID_BASE
    for samples in layout.PYRAMID_LEVELS:
        count = stream.counts.extent // samples
        for table in (layout.TIME, layout.EXTENT):
            if (length := stream.length_of(f"{layout.level_path(samples)}/{table}")) < count:
                yield Finding(where, f"pyramid {samples} has {length} points, expected {count}")
                return
        for start in range(0, count, 1024):
            stop = min(start + 1024, count)
            stored = _level(stream, samples, start, stop)
            if samples == layout.PYRAMID_BASE:
                counter.add((stop - start) * samples)
                made = _finest(stream, start, stop)
            else:
                step = samples // below
                made = merge(_level(stream, below, start * step, stop * step), step)
            if not _agree(stored, made):
                yield Finding(where, f"pyramid {samples}, points {start} to {stop}: not what the samples say")
        below = samples


def _check_unknown(stream: StreamReader, where: str) -> Iterator[Finding]:
    """Points are told to hold a NaN which do, and no others."""
    if not stream.has(layout.UNKNOWN):
        return
    count = stream.counts.extent // layout.PYRAMID_BASE
    told = stream.rows(layout.UNKNOWN, 0, stream.length_of(layout.UNKNOWN))
    for start in range(0, count, 1024):
        stop = min(start + 1024, count)
        data = stream.rows(layout.DATA, start * layout.PYRAMID_BASE, stop * layout.PYRAMID_BASE)
        found = start + unknown_in(data.reshape(stop - start, layout.PYRAMID_BASE, data.shape[1]))
        if not np.array_equal(told[(told >= start) & (told < stop)], found):
            yield Finding(where, f"{layout.UNKNOWN}, points {start} to {stop}: not what the samples say")


def _level(stream: StreamReader, samples: int, start: int, stop: int) -> Points:
    path = layout.level_path(samples)
    return Points(
        stream.rows(f"{path}/{layout.TIME}", start, stop), stream.rows(f"{path}/{layout.EXTENT}", start, stop)
    )


def _finest(stream: StreamReader, start: int, stop: int) -> Points:
    base = layout.PYRAMID_BASE
    data = stream.rows(layout.DATA, start * base, stop * base)
    extents = extent_of(data.reshape(stop - start, base, data.shape[1]))
    return Points(_times_of_points(stream, start * base, stop * base, base), extents)


def _times_of_points(stream: StreamReader, first_row: int, last_row: int, step: int) -> Int64s:
    first, last = stream.message_of_row(first_row), stream.message_of_row(last_row - 1) + 1
    index = stream.rows(layout.INDEX, first, last)
    known = stream.rows(layout.TIME, max(0, first - 1), last)
    previous, times = (int(known[0]), known[1:]) if first else (None, known)
    offsets, lengths = index[:, 0], index[:, 1]
    steps = row_steps(times, lengths, previous, stream.description.format.rate)
    return times_of_rows(np.arange(first_row, last_row, step, dtype=np.int64), offsets, lengths, times, steps)


def _agree(left: Points, right: Points) -> bool:
    same_extents = np.array_equal(left.extents, right.extents, equal_nan=left.extents.dtype.kind == "f")
    return same_extents and np.array_equal(left.times, right.times)
