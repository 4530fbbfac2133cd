"""Rings of played pictures: they fit, keep over seeks, change with the size, and do without memory."""

import os
from pathlib import Path

import numpy as np
import pytest

from studio.formats.opencv import encode_jpeg
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import StreamRef
from studio.host.frame_ring import FrameRingReader
from studio.host.player_rings import PictureRing, PlayerRings

FORMAT = StreamFormat(PayloadKind.JPEG)


@pytest.fixture
def rings(tmp_path: Path) -> PlayerRings:
    return PlayerRings(tmp_path)


def ring_of(rings: PlayerRings) -> PictureRing:
    return rings.open(StreamRef("a.h5", "camera"), FORMAT)


def show(ring: PictureRing, height: int, width: int, time: int, *, level: int = 7) -> None:
    ring.show(ring.prepared(encode_jpeg(np.full((height, width, 3), level, np.uint8))), time)


def newest(ring: PictureRing) -> tuple[tuple[int, ...], int]:
    reader = FrameRingReader(ring.view.path)
    frame = reader.newest()
    reader.close()
    assert frame is not None
    return frame.image.shape, frame.originating_time


def test_pictures_are_shrunk_to_fit_and_never_enlarged(rings: PlayerRings) -> None:
    ring = ring_of(rings)
    show(ring, 1080, 1920, 1)
    assert newest(ring) == ((540, 960, 3), 1)
    show(ring, 30, 40, 2)
    assert newest(ring) == ((30, 40, 3), 2)
    rings.max_width, rings.max_height = 1920, 1080
    larger = ring_of(rings)
    show(larger, 1080, 1920, 3)
    assert newest(larger) == ((1080, 1920, 3), 3)
    ring.close()
    larger.close()


def test_measured_values_are_played_as_they_are(rings: PlayerRings) -> None:
    ring = rings.open(StreamRef("a.h5", "depth"), StreamFormat(PayloadKind.IMAGE, "uint16"))
    values = np.arange(48 * 64, dtype=np.uint16).reshape(48, 64)
    ring.show(ring.prepared(values), 1)
    reader = FrameRingReader(ring.view.path)
    frame = reader.newest()
    reader.close()
    assert frame is not None
    assert frame.image.dtype == np.uint16
    assert np.array_equal(frame.image, values)
    ring.close()


def test_a_ring_is_kept_until_the_size_changes_and_removed_in_the_end(
    rings: PlayerRings, tmp_path: Path
) -> None:
    ring = ring_of(rings)
    assert ring.view.path == ""
    show(ring, 30, 40, 1)
    path = ring.view.path
    show(ring, 30, 40, 2)
    assert ring.view.path == path
    show(ring, 20, 40, 3)
    assert ring.view.path != path
    assert not Path(path).exists()
    ring.close()
    ring.close()
    assert list(tmp_path.iterdir()) == []


def test_raw_and_grey_pictures_are_shown_too(rings: PlayerRings) -> None:
    ring = ring_of(rings)
    ring.show(ring.prepared(np.zeros((2000, 1000), np.uint8)), 1)
    assert newest(ring) == ((540, 270, 3), 1)
    ring.close()


def test_without_memory_pictures_come_smaller(rings: PlayerRings, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.posix_fallocate

    def full(descriptor: int, offset: int, size: int) -> None:
        if size > 2_000_000:
            raise OSError(28, "No space left on device")
        real(descriptor, offset, size)

    monkeypatch.setattr(os, "posix_fallocate", full)
    ring = ring_of(rings)
    for time in range(1, 5):
        show(ring, 540, 960, time)
    shape, time = newest(ring)
    assert (shape, time) == ((270, 480, 3), 4)
    ring.close()
