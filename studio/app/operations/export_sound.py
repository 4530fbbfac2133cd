"""Exports sound as WAV or FLAC: gaps as silence, so that time stays true, or a file from gap to gap."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from studio.app.operations.export_formats import TRAITS
from studio.app.operations.exporting import Export
from studio.app.operations.sound_timeline import Array, Stretch, full_scale, stretches
from studio.interop.sound_file import DTYPES, SoundFile
from studio.store.cutting import Cut
from studio.timing import NS_PER_S, Timestamp


def write_sound(work: Export) -> None:
    """A file for each stream of sound, or one for each stretch without a gap."""
    for cut in work.cuts:
        if cut.stream.description.format.rate <= 0:
            work.remarks.append(f"{cut.stream.description.name} was left out: its rate is not known.")
        elif work.request.split_gaps:
            _write_split(work, cut)
        else:
            _write_whole(work, cut)


def _write_whole(work: Export, cut: Cut) -> None:
    name = cut.stream.description.name
    path = work.file(name, TRAITS[work.request.format].suffix)
    begin = first_time(cut)
    silences: list[dict[str, Any]] = []
    position, last = 0, begin
    with _sound_file(work, cut, path) as file:
        for stretch in _stretches(work, cut, begin):
            if stretch.silence:
                silences.append(_silence(stretch, position))
                file.silence(stretch.silence)
            file.write(_taken(stretch.rows))
            position += stretch.silence + len(stretch.rows)
            last = int(stretch.times[-1])
    work.note(path, name, begin, **_clock(cut, begin, last, position), silences=silences)
    if silences:
        work.remarks.append(f"{name}: {len(silences)} gaps were filled with silence; {_note_hint()}.")


def _write_split(work: Export, cut: Cut) -> None:
    name, suffix = cut.stream.description.name, TRAITS[work.request.format].suffix
    begin = first_time(cut)
    with ExitStack() as stack:
        number, file, start, rows, last = 0, None, begin, 0, begin
        path = Path()
        for stretch in _stretches(work, cut, begin):
            if file is None or stretch.silence:
                if file is not None:
                    work.note(path, name, start, **_clock(cut, start, last, rows))
                stack.close()
                number, start, rows = number + 1, int(stretch.times[0]), 0
                path = work.file(f"{name} {number:03}", suffix)
                file = stack.enter_context(_sound_file(work, cut, path))
            file.write(_taken(stretch.rows))
            rows, last = rows + len(stretch.rows), int(stretch.times[-1])
        work.note(path, name, start, **_clock(cut, start, last, rows))


def _stretches(work: Export, cut: Cut, begin: Timestamp) -> Iterator[Stretch]:
    described = cut.stream.description
    for stretch in stretches(cut.samples(), described.format.rate, begin, cut.stream.losses()):
        work.told(stretch.rows.nbytes, described.name)
        yield stretch


def first_time(cut: Cut) -> Timestamp:
    """When the first sample was taken."""
    times, _ = next(cut.samples())
    return int(times[0])


def _sound_file(work: Export, cut: Cut, path: Path) -> SoundFile:
    described = cut.stream.description.format
    return SoundFile(
        path,
        work.request.format.value,
        rate=round(described.rate),
        channels=described.channels,
        dtype=described.dtype if described.dtype in DTYPES else "float32",
        expected_bytes=cut.byte_count,
    )


def _taken(rows: Array) -> Array:
    """Rows of a type that sound files know."""
    return rows if rows.dtype.name in DTYPES else full_scale(rows)


def _silence(stretch: Stretch, position: int) -> dict[str, Any]:
    return {
        "sample": position,
        "samples": stretch.silence,
        "from_ns": stretch.gap_from,
        "to_ns": int(stretch.times[0]),
    }


def _clock(cut: Cut, begin: Timestamp, last: Timestamp, rows: int) -> dict[str, Any]:
    """What the note says of rates: how far the file's last sample is from where its time says."""
    rate = round(cut.stream.description.format.rate)
    drift = (rows - 1) * NS_PER_S / rate - (last - begin)
    return {"rate": rate, "samples": rows, "end_ns": last, "last_sample_late_ms": round(drift / 1e6, 3)}


def _note_hint() -> str:
    return "the note beside says where"
