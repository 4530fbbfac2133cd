"""Exports a recording or a part of it for other programs. Each format's writer is in a module of its own.

What cannot be exported so is left out and named. Beside what is made, or in its folder, lies a note (JSON)
that says which recording it came from, where each file begins in time, and what was missing.
"""

import importlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from studio.app.free_names import numbered_names, safe_name
from studio.app.operations.carried_notes import notes_within
from studio.app.operations.export_formats import TRAITS, expected_bytes
from studio.app.operations.joining import Part
from studio.app.operations.making import Making, making
from studio.app.operations.progress import Outcome, Progress
from studio.app.operations.requests import ExportFormat, ExportRequest
from studio.app.operations.room import require_room
from studio.app.value_text import bytes_text
from studio.errors import StreamError
from studio.formats.payload import PayloadKind
from studio.formats.recording import LossEntry
from studio.interop.csv_table import iso_texts
from studio.interop.extras import required
from studio.store.cutting import Cut, cut
from studio.store.reader import StoreReader
from studio.timing import Timestamp

NOTE = "about.json"
NOTE_SUFFIX = ".json"
OVERHEAD = 1 << 20

_WRITERS = {
    ExportFormat.CSV: "studio.app.operations.export_tables:write_csv",
    ExportFormat.PARQUET: "studio.app.operations.export_tables:write_parquet",
    ExportFormat.WAV: "studio.app.operations.export_sound:write_sound",
    ExportFormat.FLAC: "studio.app.operations.export_sound:write_sound",
    ExportFormat.MP4: "studio.app.operations.export_film:write_films",
    ExportFormat.MKV: "studio.app.operations.export_film:write_films",
    ExportFormat.PNG: "studio.app.operations.export_pictures:write_pictures",
    ExportFormat.HDF5: "studio.app.operations.export_plain:write_plain_file",
}


@dataclass
class Export:
    """One export under way: what its writer reads from and writes to."""

    request: ExportRequest
    part: Part
    cuts: tuple[Cut, ...]
    place: Path
    """Where to write: a folder that is there, or the file to be made."""
    told: Callable[[int, str], None]
    """To be called with the bytes of the recording that were read, and what is being done."""
    remarks: list[str] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    """What the note says of each file."""
    _names: set[str] = field(default_factory=set)

    def file(self, name: str, suffix: str = "") -> Path:
        """A file of the folder, called like a stream as far as file systems allow."""
        wanted = safe_name(name, instead="stream")
        for numbered in numbered_names(wanted, suffix):
            if numbered.casefold() not in self._names:
                self._names.add(numbered.casefold())
                return self.place / numbered
        raise AssertionError("names never end")

    def note(self, path: Path, stream: str, begin: Timestamp | None = None, **more: Any) -> None:
        """Let the note say of a file which stream it holds and when it begins."""
        name = path.relative_to(self.place).as_posix() if path != self.place else ""
        times = {} if begin is None else {"begin_ns": begin, "begin": iso_of(begin)}
        self.files.append({"file": name, "stream": stream, **times, **more})


def export(request: ExportRequest, progress: Progress) -> Outcome:
    """Make it. Raises StudioErrors in people's words, MissingExtraError naming what to install."""
    traits = TRAITS[request.format]
    if traits.package:
        required(traits.package, traits.label)
    with StoreReader(request.selection.path) as reader:
        part = Part.of(reader, request.selection)
        cuts, remarks = _suitable(part, request)
        need = sum(expected_bytes(request.format, c.byte_count, c.stream.description.format) for c in cuts)
        target = _target(request, cuts)
        require_room(target, need + OVERHEAD * (1 + len(cuts)))
        makes_folder = _makes_folder(request, cuts)
        with making(target, progress) as made:
            if makes_folder:
                made.place.mkdir()
            work = Export(request, part, cuts, made.place, _meter(progress, cuts), remarks)
            _writer(request.format)(work)
            progress.report(1.0, "Bringing it to the disk")
            _write_note(made.place / NOTE if makes_folder else made.beside(NOTE_SUFFIX), work)
            size = _size_of(made)
            final = made.finish()
    text = f"Exported {part.info.name} to {final.name} ({bytes_text(size)})."
    return Outcome((str(final),), text, remarks=tuple(work.remarks))


def _writer(name: ExportFormat) -> Callable[[Export], None]:
    module, _, function = _WRITERS[name].partition(":")
    found: Callable[[Export], None] = getattr(importlib.import_module(module), function)
    return found


def _suitable(part: Part, request: ExportRequest) -> tuple[tuple[Cut, ...], list[str]]:
    """The streams that the format can take and that hold something, and what is to be said of others."""
    traits = TRAITS[request.format]
    taken: list[Cut] = []
    remarks = list(part.remarks)
    for stream in part.streams:
        name, found = stream.description.name, cut(stream, part.interval)
        if not traits.takes(stream.description.format):
            if request.selection.streams is not None:
                kind = stream.description.format.kind.value
                remarks.append(f"{name} was left out: {kind} does not fit into {traits.label}.")
        elif not found.message_count:
            remarks.append(f"{name} was left out: it holds nothing there.")
        else:
            taken.append(found)
    if not taken or (_is_film(request) and not _pictures(taken)):
        wanted = "pictures" if _is_film(request) else " or ".join(sorted(kind.value for kind in traits.kinds))
        raise StreamError(
            f"Nothing of what is chosen of {part.info.name} can become {traits.label}: it needs {wanted}."
        )
    return tuple(taken), remarks


def _is_film(request: ExportRequest) -> bool:
    return request.format in (ExportFormat.MP4, ExportFormat.MKV)


def _pictures(cuts: Sequence[Cut]) -> list[Cut]:
    return [each for each in cuts if each.stream.description.format.kind is not PayloadKind.AUDIO]


def _makes_folder(request: ExportRequest, cuts: Sequence[Cut]) -> bool:
    if _is_film(request):
        return len(_pictures(cuts)) > 1
    return TRAITS[request.format].makes_folder


def _target(request: ExportRequest, cuts: Sequence[Cut]) -> Path:
    """As asked for; of several films a folder."""
    target, suffix = Path(request.target), TRAITS[request.format].suffix
    if _makes_folder(request, cuts):
        return target.with_name(target.name.removesuffix(suffix)) if _is_film(request) else target
    return target if target.suffix == suffix else target.with_name(target.name + suffix)


def _meter(progress: Progress, cuts: Sequence[Cut]) -> Callable[[int, str], None]:
    total = max(1, sum(each.byte_count - 48 * each.message_count for each in cuts))
    done = 0

    def told(count: int, text: str) -> None:
        nonlocal done
        progress.report(min(1.0, done / total), text)
        done += count

    return told


def iso_of(time: Timestamp) -> str:
    """A time as ISO 8601 in UTC, to the nanosecond."""
    return iso_texts(np.array([time], np.int64))[0]


def _write_note(path: Path, work: Export) -> None:
    info, interval = work.part.info, work.part.interval
    left = interval.left if interval.is_left_bounded else info.first_time
    right = interval.right if interval.is_right_bounded else info.last_time
    missing = [loss for each in work.cuts for loss in each.stream.losses()]
    note = {
        "recording": info.name,
        "file": Path(info.path).name,
        "session_id": info.session_id,
        "machine": info.machine,
        "created": iso_of(info.created),
        "from_ns": left,
        "from": iso_of(left),
        "to_ns": right,
        "to": iso_of(right),
        "format": work.request.format.value,
        "files": work.files,
        "missing": [_loss(loss) for loss in missing if loss.from_time <= right and loss.to_time >= left],
        "derivation": info.derivation,
        "notes": notes_within(work.part),
        "remarks": work.remarks,
    }
    path.write_text(json.dumps(note, indent=2, ensure_ascii=False), "utf-8", errors="replace")


def _loss(loss: LossEntry) -> dict[str, Any]:
    return {
        "stream": loss.stream,
        "reason": loss.reason,
        "count": loss.count,
        "from_ns": loss.from_time,
        "to_ns": loss.to_time,
    }


def _size_of(made: Making) -> int:
    place = made.place
    return sum(p.stat().st_size for p in place.rglob("*")) if place.is_dir() else place.stat().st_size
