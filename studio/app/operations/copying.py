"""Crop, copy with chosen streams, compact and concatenate: recordings made of recordings.

Everything that belongs to a recording is carried along: envelopes, loss account, log, clock tables, notes
beside it. What is copied while it grows is copied as of one commit.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from studio.app.operations.carried_notes import carry_notes
from studio.app.operations.joining import Part, log_lines, plans_of
from studio.app.operations.kept import KEPT, Kept
from studio.app.operations.making import making
from studio.app.operations.progress import Outcome, Progress
from studio.app.operations.requests import CompactRequest, ConcatenateRequest, CopyRequest, Selection
from studio.app.operations.room import require_room
from studio.app.value_text import bytes_text, duration_text
from studio.errors import StreamError
from studio.store.clock_reader import joined
from studio.store.clock_rows import ClockTables
from studio.store.composing import Provenance, composing
from studio.store.reader import StoreReader
from studio.timing import NS_PER_S, TimeInterval

FILE_OVERHEAD = 1 << 20
"""Metadata and chunks that are not full, besides the payload."""
STREAM_OVERHEAD = 1 << 20


def copy(request: CopyRequest, progress: Progress) -> Outcome:
    """A part of a recording as one of its own. Raises StudioErrors in people's words."""
    selection = request.selection
    with StoreReader(selection.path) as reader:
        parts = [Part.of(reader, selection)]
        verb = "Copied" if selection.interval == TimeInterval.INFINITE else "Cut out"
        return _compose(parts, Path(request.target), progress, verb)


def compact(request: CompactRequest, progress: Progress) -> Outcome:
    """The same in less room. Raises StudioErrors in people's words."""
    with StoreReader(request.selection.path) as reader:
        parts = [Part.of(reader, request.selection)]
        return _compose(parts, Path(request.target), progress, "Compacted", compression=request.level)


def concatenate(request: ConcatenateRequest, progress: Progress) -> Outcome:
    """Recordings one behind the other. Raises StreamError for an overlap or streams that do not fit."""
    if len(request.paths) < 2:
        raise StreamError("Choose at least two recordings to be joined.")
    with ExitStack() as stack:
        readers = [stack.enter_context(StoreReader(path)) for path in request.paths]
        parts = [Part.of(reader, Selection(str(reader.path))) for reader in readers]
        parts.sort(key=lambda part: (part.info.first_time, part.info.created))
        return _compose(parts, Path(request.target), progress, "Joined", keep_first=request.keep_first)


def _compose(
    parts: Sequence[Part],
    target: Path,
    progress: Progress,
    verb: str,
    *,
    compression: int | None = None,
    keep_first: bool = False,
) -> Outcome:
    plans = plans_of(parts, keep_first=keep_first)
    total = sum(plan.byte_count for plan in plans)
    require_room(target, total + FILE_OVERHEAD + STREAM_OVERHEAD * len(plans))
    done = 0
    with making(target, progress) as made:
        with composing(made.place, compression=compression) as composer:
            composer.begin(provenance_of(parts, verb), _clock_tables(parts))
            for plan in plans:
                stream = composer.add_stream(plan.description, plan.size)
                for rows in plan.pieces():
                    progress.report(done / max(1, total), plan.description.name)
                    stream.write(rows)
                    done += rows.data.nbytes + 48 * len(rows.times)
                stream.account(plan.losses)
                stream.close(plan.closed_time)
                plan.rest()
            composer.log(log_lines(parts, _sentence(parts, verb)))
            progress.report(1.0, "Bringing it to the disk")
        carry_notes(parts, made)
        size = made.place.stat().st_size
        final = made.finish()
    before = sum(part.info.byte_size for part in parts)
    text = f"{_sentence(parts, verb)} into {final.name}: {_sizes(before, size)}."
    return Outcome((str(final),), text, remarks=tuple(line for part in parts for line in part.remarks))


def provenance_of(parts: Sequence[Part], verb: str) -> Provenance:
    """What a recording made of others says of them."""
    first = parts[0].info
    return Provenance(
        created=first.created,
        machine=first.machine,
        session_id=first.session_id,
        recovered=any(part.info.recovered for part in parts),
        origin=tuple(_origin(part, verb) for part in parts),
        derivation=_derivation(parts),
    )


def _derivation(parts: Sequence[Part]) -> dict[str, Any]:
    """How all of it was computed; where parts were computed in several ways, all of them; what was recorded
    only in part was not computed. The origin says it of each part."""
    found = [_kept(part) for part in parts]
    if not all(found):
        return {}
    return found[0] if all(each == found[0] for each in found) else {"parts": found}


def _kept(part: Part) -> dict[str, Any]:
    """How a part was computed, and which part of that was kept."""
    derivation = part.info.derivation
    streams = tuple(stream.description.name for stream in part.streams)
    chosen = None if len(streams) == len(part.info.streams) else streams
    kept = Kept(part.interval, chosen)
    if not derivation or kept.is_everything or "parts" in derivation:
        return derivation
    return {**derivation, KEPT: kept.of(Kept.in_derivation(derivation)).to_attribute()}


def _origin(part: Part, verb: str) -> dict[str, Any]:
    interval = part.interval
    return {
        "operation": verb.lower(),
        "name": part.info.name,
        "session_id": part.info.session_id,
        "created": part.info.created,
        "first_time": interval.left if interval.is_left_bounded else part.info.first_time,
        "last_time": interval.right if interval.is_right_bounded else part.info.last_time,
        **({"derivation": part.info.derivation} if part.info.derivation else {}),
    }


def _clock_tables(parts: Sequence[Part]) -> ClockTables:
    return joined([tables for part in parts for tables in part.reader.clock_tables()])


def _sentence(parts: Sequence[Part], verb: str) -> str:
    names = " and ".join(part.info.name for part in parts)
    interval = parts[0].interval
    if not (interval.is_left_bounded and interval.is_right_bounded):
        return f"{verb} {names}"
    return f"{verb} {duration_text(interval.span / NS_PER_S)} of {names}"


def _sizes(before: int, after: int) -> str:
    return f"{bytes_text(after)} of {bytes_text(before)}"
