"""The side-car `NAME.notes.jsonl`: what people noted of a recording, one line of JSON an entry (decision 24).

Lines are only ever added, each by one write that is made durable at once, so that neither a crash nor two
programs writing at the same time can lose what was noted before. The recording itself is never touched.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from studio.errors import StoreEnvironmentError
from studio.formats.notes import NoteBook, NoteEntry, NoteTail
from studio.store import layout

SUFFIX = ".notes.jsonl"
LONGEST_LINE = 1 << 20
"""Bytes; an entry is never as long, so what is longer is no entry."""
TAIL_BYTES = 1 << 20
"""So much is read at a time at most, and a line more."""

_ENTRY: TypeAdapter[NoteEntry] = TypeAdapter(NoteEntry)


def notes_path(recording: Path) -> Path:
    """Where the notes of a recording stand."""
    stem = recording.name.removesuffix(layout.SUFFIX)
    return recording.with_name(stem + SUFFIX)


def append_entries(recording: Path, entries: Sequence[NoteEntry]) -> None:
    """Add entries to the notes of a recording; they are on the disk when this returns.

    Raises StoreEnvironmentError if they cannot be written; none of them counts then, or all of those before
    the first that could not.
    """
    lines = [_ENTRY.dump_json(entry) + b"\n" for entry in entries]
    longest = max(map(len, lines), default=0)
    if longest > LONGEST_LINE:
        raise StoreEnvironmentError(
            f"A note of {longest} bytes is too long; the longest is {LONGEST_LINE}. Shorten its text."
        )
    path = notes_path(recording)
    try:
        _append(path, b"".join(lines))
    except OSError as error:
        raise StoreEnvironmentError(
            f"The notes of {recording.name} cannot be written to {path}: {error.strerror or error}."
        ) from error


def read_notes(recording: Path) -> NoteBook:
    """What was noted of a recording; an empty book where nothing was.

    Entries that cannot be read are counted, never a reason to lose the others. Raises StoreEnvironmentError
    where there is a file that cannot be read at all.
    """
    path = notes_path(recording)
    entries: list[NoteEntry] = []
    unreadable = 0
    try:
        for line in _lines(path):
            try:
                entries.append(_ENTRY.validate_json(line))
            except ValidationError:
                unreadable += 1
    except FileNotFoundError:
        return NoteBook()
    except OSError as error:
        raise StoreEnvironmentError(
            f"The notes in {path} cannot be read: {error.strerror or error}."
        ) from error
    return NoteBook(unreadable=unreadable).with_entries(entries)


def read_tail(recording: Path, offset: int = 0, file: int = 0, limit: int = TAIL_BYTES) -> NoteTail:
    """What was noted of a recording behind `offset` of that `file`, at most about `limit` bytes of it.

    A line whose end is not written yet is left for the next time. Raises as `read_notes`.
    """
    path = notes_path(recording)
    try:
        with path.open("rb") as source:
            state = os.fstat(source.fileno())
            anew = bool(offset) and (state.st_ino != file or state.st_size < offset)
            return _tail(source, 0 if anew else offset, state, anew=anew, limit=limit)
    except FileNotFoundError:
        return NoteTail(anew=bool(offset))
    except OSError as error:
        raise StoreEnvironmentError(
            f"The notes in {path} cannot be read: {error.strerror or error}."
        ) from error


def _tail(source: BinaryIO, offset: int, state: os.stat_result, *, anew: bool, limit: int) -> NoteTail:
    entries: list[NoteEntry] = []
    unreadable, begun = 0, offset
    source.seek(offset)
    while offset - begun < limit and (line := source.readline()):
        try:
            if line.strip():
                entries.append(_ENTRY.validate_json(line[: LONGEST_LINE + 1]))
        except ValidationError:
            if not line.endswith(b"\n"):
                break  # somebody is writing it, or did not come to its end
            unreadable += 1
        offset += len(line)
    return NoteTail(
        entries=tuple(entries),
        unreadable=unreadable,
        offset=offset,
        file=state.st_ino,
        anew=anew,
        has_more=offset - begun >= limit and offset < state.st_size,
    )


def _append(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        # The end of a line that a crash cut off must not swallow the first of ours.
        data = (b"\n" if _is_cut_off(descriptor) else b"") + data
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_cut_off(descriptor: int) -> bool:
    end = os.lseek(descriptor, 0, os.SEEK_END)
    if not end:
        return False
    os.lseek(descriptor, end - 1, os.SEEK_SET)
    return os.read(descriptor, 1) != b"\n"


def _lines(path: Path) -> Iterator[bytes]:
    """All lines that say something; of a line that is too long, a beginning that is no entry."""
    with path.open("rb") as file:
        while line := file.readline(LONGEST_LINE + 1):
            if line.strip():
                yield line
            while line and not line.endswith(b"\n"):
                line = file.readline(LONGEST_LINE + 1)
