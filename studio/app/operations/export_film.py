"""Exports pictures as a film with the sound in step: a film for each stream of pictures, with all sound."""

import heapq
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from studio.app.operations.export_formats import TRAITS
from studio.app.operations.export_sound import first_time
from studio.app.operations.exporting import Export
from studio.app.operations.sound_timeline import Array, full_scale, in_step, stretches
from studio.errors import ImageFormatError
from studio.formats.opencv import decode_jpeg, resize
from studio.formats.payload import EncodedImage, PayloadKind
from studio.interop.film import Film, Track
from studio.store.cutting import Cut
from studio.timing import Timestamp

Shown: TypeAlias = tuple[Timestamp, int, Array]
"""When, which track (-1: the picture), and the picture or the sound."""
PICTURE = -1
MOST_CHANNELS = 2


def write_films(work: Export) -> None:
    """One film for each stream of pictures."""
    pictures = [cut for cut in work.cuts if cut.stream.description.format.kind is not PayloadKind.AUDIO]
    sounds = [cut for cut in work.cuts if cut.stream.description.format.kind is PayloadKind.AUDIO]
    for cut in sounds:
        if cut.stream.description.format.channels > MOST_CHANNELS:
            work.remarks.append(
                f"{cut.stream.description.name}: only its first two channels are in the film."
            )
    for cut in pictures:
        name = cut.stream.description.name
        is_folder = work.place.is_dir()
        path = work.file(name, TRAITS[work.request.format].suffix) if is_folder else work.place
        _write_film(work, path, cut, [s for s in sounds if s.stream.description.format.rate > 0])


def _write_film(work: Export, path: Path, pictures: Cut, sounds: list[Cut]) -> None:
    described = pictures.stream.description
    begin = min([int(next(pictures.pieces()).times[0]), *(first_time(cut) for cut in sounds)])
    first = _decoded(next(pictures.messages()).data)
    height, width = first.shape[:2]
    tracks = [_track(cut) for cut in sounds]
    shown = count = 0
    with Film(
        path,
        work.request.format.value,
        width=width,
        height=height,
        rate=described.format.rate,
        tracks=tracks,
        quality=work.request.quality,
    ) as film:
        parts = [_sound(work, cut, number, begin) for number, cut in enumerate(sounds)]
        for time, track, content in heapq.merge(_pictures(work, pictures), *parts, key=lambda each: each[0]):
            count += 1
            if track != PICTURE:
                film.sound(track, content)
                continue
            if content.shape[:2] != (height, width):
                content = resize(content, width, height)
            film.picture(content, time - begin)
            shown += 1
    names = [cut.stream.description.name for cut in sounds]
    work.note(path, described.name, begin, pictures=shown, sound=names)


def _track(cut: Cut) -> Track:
    described = cut.stream.description
    channels = min(MOST_CHANNELS, described.format.channels)
    return Track(round(described.format.rate), channels, described.name)


def _decoded(data: EncodedImage | Array) -> Array:
    return decode_jpeg(data) if isinstance(data, EncodedImage) else data


def _pictures(work: Export, cut: Cut) -> Iterator[Shown]:
    name, bad = cut.stream.description.name, 0
    for message in cut.messages():
        data: Any = message.data
        work.told(len(data.data) if isinstance(data, EncodedImage) else data.nbytes, name)
        try:
            yield message.envelope.originating_time, PICTURE, _decoded(data)
        except ImageFormatError:
            bad += 1  # the picture before it stays a little longer
    if bad:
        work.remarks.append(f"{name}: {bad} pictures cannot be decoded and were left out.")


def _sound(work: Export, cut: Cut, number: int, begin: Timestamp) -> Iterator[Shown]:
    described = cut.stream.description
    rate = round(described.format.rate)
    channels = min(MOST_CHANNELS, described.format.channels)
    laid = stretches(cut.samples(), described.format.rate, begin, cut.stream.losses())
    for stretch in in_step(laid, rate, begin):
        work.told(stretch.rows.nbytes, described.name)
        missing, time = stretch.silence, max(begin, stretch.gap_from)
        while missing > 0:
            count = min(missing, rate)
            yield time, number, np.zeros((count, channels), np.float32)
            time, missing = time + 1_000_000_000, missing - count
        yield int(stretch.times[0]), number, full_scale(stretch.rows)[:, :channels]
