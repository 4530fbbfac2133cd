"""Exports pictures as a film with the sound in step: a film for each stream of pictures, with all sound."""

import heapq
import math
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from studio.app.operations.export_formats import TRAITS
from studio.app.operations.export_sound import first_time
from studio.app.operations.exporting import Export
from studio.app.operations.requests import ValueColours
from studio.app.operations.sound_timeline import Array, full_scale, in_step, stretches
from studio.errors import ImageFormatError, SettingsError
from studio.formats.false_colours import ColourMap, Range, Table, automatic_range, coloured, colours_of
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
    look = _Look(pictures, work.request.colours_of(described.name))
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

    def __init__(self, cut: Cut, chosen: ValueColours) -> None:
        """Raises SettingsError for a range or colours that cannot be."""
        described = cut.stream.description.format
        table, asked = _table_of(chosen), _asked(chosen)
        self._table = table if described.has_values else None
        self.range = (asked or _completed(chosen, _range_of(cut))) if described.has_values else None

    def picture(self, data: EncodedImage | Array) -> Array:
        """A frame for the film."""
        image = decode_jpeg(data) if isinstance(data, EncodedImage) else data
        return image if self._table is None else coloured(image, self.range, self._table)


def _table_of(chosen: ValueColours) -> Table:
    if chosen.colour_map not in tuple(ColourMap):
        known = ", ".join(ColourMap)
        raise SettingsError(f"There are no colours called {chosen.colour_map!r}; choose one of {known}.")
    return colours_of(ColourMap(chosen.colour_map))


def _asked(chosen: ValueColours) -> Range | None:
    """A range of which both ends are said."""
    if chosen.low is None or chosen.high is None:
        return None
    if not (math.isfinite(chosen.low) and math.isfinite(chosen.high) and chosen.low < chosen.high):
        raise SettingsError(
            f"Colours cannot go from {chosen.low:g} to {chosen.high:g}: the first must be smaller."
        )
    return chosen.low, chosen.high


def _completed(chosen: ValueColours, found: Range | None) -> Range | None:
    """What was found, but for an end that is said; the other end stays beyond it."""
    if found is None:
        return None
    low = found[0] if chosen.low is None else chosen.low
    high = found[1] if chosen.high is None else chosen.high
    if low < high:
        return low, high
    return (low, low + 1) if chosen.high is None else (high - 1, high)


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
