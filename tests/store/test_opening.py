"""What an open recording may keep in memory is bounded on purpose, however it was opened."""

from collections.abc import Callable
from pathlib import Path

import h5py
import pytest

from studio.store.opening import (
    CHUNK_CACHE,
    SCREEN_BYTES,
    open_at_rest,
    open_for_a_look,
    open_for_appending,
    open_of_a_screen,
)
from studio.store.opening import open_for_following as followed
from tests.store.recordings import AUDIO, blocks, write_recording

WAYS = [open_at_rest, open_for_a_look, open_for_appending, followed]


@pytest.mark.parametrize("opened", WAYS, ids=lambda way: way.__name__)
def test_an_open_dataset_keeps_little_in_memory(opened: Callable[[Path], h5py.File], tmp_path: Path) -> None:
    path = write_recording(tmp_path / "r.h5", {"sound": (AUDIO, blocks(3))})
    with opened(path) as file:
        slots, size, _ = file["streams/sound/data"].id.get_access_plist().get_chunk_cache()
    assert (slots, size) == (CHUNK_CACHE["rdcc_nslots"], CHUNK_CACHE["rdcc_nbytes"])
    assert size <= 1 << 20
    assert 8 * slots <= 8192  # bytes of a table that is made for each of them


def test_a_level_of_the_pyramid_keeps_what_a_screen_shows_and_no_more(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "r.h5", {"sound": (AUDIO, blocks(3))})
    with open_at_rest(path) as file:
        level = open_of_a_screen(file["streams/sound"], "pyramid/64/extent")
        slots, size, _ = level.id.get_access_plist().get_chunk_cache()
        assert (slots, size) == (CHUNK_CACHE["rdcc_nslots"], SCREEN_BYTES)
        assert (level[:] == file["streams/sound/pyramid/64/extent"][:]).all()
    assert size <= 2 << 20
