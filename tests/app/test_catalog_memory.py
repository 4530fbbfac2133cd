"""What was read of recordings is known at the next start, as far as it is still true."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from studio.app.catalog import WORTH_SAVING, Catalog
from studio.app.catalog_memory import CatalogMemory
from studio.app.file_identity import Identity
from studio.app.session_entries import PartitionEntry
from tests.store.recordings import small_recording

ENTRY = PartitionEntry("/r/a\udcff.h5", "a", 5, 6, 7, 8, 9, devices=("Camera", "ü"), clock_bound_ns=10)
IDENTITY = Identity(1, 2, 3)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "recordings.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    made.mkdir()
    small_recording(made / "a.h5")
    shutil.copy(made / "a.h5", made / "b.h5")
    return made


def opened_by(catalog: Catalog, folder: Path) -> int:
    """How many sessions were told after how many recordings had been opened."""
    changes = catalog.look(str(folder), budget=10**12)
    catalog.close()
    return len(changes.changed)


def test_what_is_kept_comes_back(place: Path) -> None:
    memory = CatalogMemory(place)
    assert memory.load() == {}
    broken = replace(ENTRY, problem="damaged")
    live = replace(ENTRY, live=True)
    memory.save({"/r/a": (IDENTITY, ENTRY), "/r/b": (IDENTITY, broken), "/r/c": (IDENTITY, live)})
    assert memory.load() == {"/r/a": (IDENTITY, ENTRY)}
    assert [path.name for path in place.parent.iterdir()] == [place.name]


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"[]", b"null", b'{"version": 99}', b'{"version": 1}', b"\xff", b"[" * 100_000),
        b'{"version": 1, "recordings": {"a": [1]}}',
        b'{"version": 1, "recordings": {"a": [{"size": 1}, {}]}}',
        b'{"version": 1, "recordings": {"a": [{}, {"path": 3}]}}',
    ],
)
def test_a_damaged_memory_is_no_memory(place: Path, content: bytes) -> None:
    place.parent.mkdir()
    place.write_bytes(content)
    assert CatalogMemory(place).load() == {}


def test_a_disk_that_refuses_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    memory = CatalogMemory(tmp_path / "file" / "recordings.json")
    memory.save({"/r/a": (IDENTITY, ENTRY)})
    assert memory.load() == {}


def test_the_next_start_opens_only_what_has_changed(place: Path, folder: Path) -> None:
    opened: list[Path] = []

    def start() -> int:
        opened.clear()
        return opened_by(Catalog(on_opening=opened.append, memory=CatalogMemory(place)), folder)

    assert (start(), len(opened)) == (2, 2)
    assert (start(), len(opened)) == (2, 0)
    os.utime(folder / "b.h5")
    (folder / "a.h5").unlink()
    assert (start(), opened) == (1, [folder / "b.h5"])
    assert list(json.loads(place.read_text())["recordings"]) == [str(folder / "b.h5")]


def test_what_is_on_an_unplugged_disk_is_remembered(place: Path, folder: Path) -> None:
    opened: list[Path] = []
    opened_by(Catalog(memory=CatalogMemory(place)), folder)
    away = folder.with_name("away")
    folder.rename(away)
    assert opened_by(Catalog(memory=CatalogMemory(place)), folder) == 0
    away.rename(folder)
    assert opened_by(Catalog(on_opening=opened.append, memory=CatalogMemory(place)), folder) == 2
    assert opened == []


def test_many_are_kept_at_once_even_if_the_process_dies(place: Path, folder: Path) -> None:
    for number in range(WORTH_SAVING):
        os.link(folder / "a.h5", folder / f"{number}.h5")
    Catalog(memory=CatalogMemory(place)).look(str(folder), budget=10**12)
    assert len(CatalogMemory(place).load()) == WORTH_SAVING + 2
