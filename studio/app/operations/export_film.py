"""Exports pictures as a film with the sound in step: a film for each stream of pictures, with all sound."""

import heapq
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from studio.app.operations.export_formats import TRAITS
from studio.app.operations.export_sound import first_time
from studio.app.operations.exporting import Export
from studio.app.operations.sound_timeline import Array, full_scale, in_step, stretches
from studio.errors import ImageFormatError
from studio.formats.false_colours import ColourMap, Range, automatic_range, coloured, colours_of
from studio.formats.opencv import decode_jpeg, resize
from studio.formats.payload import EncodedImage, PayloadKind
from studio.interop.film import Film, Track
from studio.store.cutting import Cut
from studio.timing import Timestamp

Shown: TypeAlias = tuple[Timestamp, int, Array]
"""When, which track (-1: the picture), and the picture or the sound."""
PICTURE = -1
LOOKED_THROUGH = 50
"""Pictures that a range of colours is taken from."""
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
    look = _Look(pictures)
    first = look.picture(next(pictures.messages()).data)
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
        for time, track, content in heapq.merge(
            _pictures(work, pictures, look), *parts, key=lambda each: each[0]
        ):
            count += 1
            if track != PICTURE:
                film.sound(track, content)
                continue
            if content.shape[:2] != (height, width):
                content = resize(content, width, height)
            film.picture(content, time - begin)
            shown += 1
    if look.range is not None:
        low, high = look.range
        unit = described.format.units
        work.remarks.append(
            f"{described.name}: its colours go from {low:g} to {high:g} {unit}".rstrip() + "."
        )
    names = [cut.stream.description.name for cut in sounds]
    work.note(path, described.name, begin, pictures=shown, sound=names)


def _track(cut: Cut) -> Track:
    described = cut.stream.description
    channels = min(MOST_CHANNELS, described.format.channels)
    return Track(round(described.format.rate), channels, described.name)


class _Look:
    """How the pictures of one stream look in a film: measured values in colours, the same ones all along."""

    def __init__(self, cut: Cut) -> None:
        described = cut.stream.description.format
        self._table = colours_of(ColourMap.TURBO) if described.has_values else None
        self.range = _range_of(cut) if described.has_values else None

    def picture(self, data: EncodedImage | Array) -> Array:
        """A frame for the film."""
        image = decode_jpeg(data) if isinstance(data, EncodedImage) else data
        return image if self._table is None else coloured(image, self.range, self._table)


def _range_of(cut: Cut) -> Range | None:
    """Of some of the pictures, evenly chosen."""
    step = max(1, cut.message_count // LOOKED_THROUGH)
    some = [automatic_range(message.data) for message in islice(cut.messages(), 0, None, step)]
    found = [each for each in some if each is not None]
    return (min(low for low, _ in found), max(high for _, high in found)) if found else None


def _pictures(work: Export, cut: Cut, look: _Look) -> Iterator[Shown]:
    name, bad = cut.stream.description.name, 0
    for message in cut.messages():
        data: Any = message.data
        work.told(len(data.data) if isinstance(data, EncodedImage) else data.nbytes, name)
        try:
            yield message.envelope.originating_time, PICTURE, look.picture(data)
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
