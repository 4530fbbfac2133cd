"""Looks at folders tell what has changed, a piece at a time, whatever is in them."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.app.catalog import MOST_AT_ONCE, Catalog, together
from studio.app.folder_walk import DEEPEST, FolderWalk, FoundFolder
from studio.app.session_description import SESSION_FILE, SessionDescription, change_session, write_session
from studio.app.session_entries import FolderChanges, SessionChange, SessionEntry
from studio.app.version_book import VersionBook
from tests.store.recordings import small_recording


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_recording(tmp_path_factory.mktemp("recorded") / "lab.h5")


def make_sessions(folder: Path, recording: Path, count: int) -> None:
    for number in range(count):
        place = folder / f"P{number:04}"
        place.mkdir(parents=True)
        os.link(recording, place / "lab.h5")


class List:
    """What somebody knows who looks again and again."""

    def __init__(self, catalog: Catalog, folder: Path, budget: int = 10**12) -> None:
        self.catalog, self.folder, self.budget = catalog, folder, budget
        self.last = FolderChanges(str(folder), "", 0)
        self.sessions: dict[str, SessionEntry] = {}
        self.looks = 0

    def look(self) -> FolderChanges:
        """Until it is complete; returns all that was told, in one."""
        changed: dict[str, SessionEntry] = {}
        removed: list[str] = []
        while True:
            last = self.last
            self.last = self.catalog.look(str(self.folder), last.epoch, last.version, budget=self.budget)
            self.looks += 1
            assert len(self.last.changed) + len(self.last.removed) <= MOST_AT_ONCE
            changed.update({session.path: session for session in self.last.changed})
            removed += self.last.removed
            if self.last.complete:
                break
        self.sessions.update(changed)
        for path in removed:
            self.sessions.pop(path, None)
        return FolderChanges(str(self.folder), "", 0, tuple(changed.values()), tuple(removed))


def found_in(folder: Path) -> list[FoundFolder]:
    walk = FolderWalk(folder)
    assert walk.check()
    found = []
    while (each := walk.next_folder()) is not None:
        found.append(each)
    return found


def test_only_what_has_changed_is_told(tmp_path: Path, recording: Path) -> None:
    make_sessions(tmp_path, recording, 3)
    known = List(Catalog(), tmp_path)
    assert len(known.look().changed) == 3
    assert known.look() == FolderChanges(str(tmp_path), "", 0)
    change_session(tmp_path / "P0001", SessionChange(notes="new"), created=0)
    shutil.rmtree(tmp_path / "P0002")
    told = known.look()
    assert [session.notes for session in told.changed] == ["new"]
    assert told.removed == (str(tmp_path / "P0002"),)


def test_thousands_are_told_piece_by_piece_and_none_twice(tmp_path: Path, recording: Path) -> None:
    make_sessions(tmp_path, recording, 310)
    catalog = Catalog()
    known = List(catalog, tmp_path, budget=10_000_000)
    assert len(known.look().changed) == 310
    assert known.looks > 2
    assert len(known.sessions) == 310
    assert known.look().changed == ()


def test_a_catalogue_that_begins_anew_says_so(tmp_path: Path, recording: Path) -> None:
    make_sessions(tmp_path, recording, 2)
    known = List(Catalog(), tmp_path)
    known.look()
    again = Catalog().look(str(tmp_path), known.last.epoch, known.last.version)
    assert again.anew
    assert len(again.changed) == 2


def test_a_folder_that_vanishes_and_comes_back(tmp_path: Path, recording: Path) -> None:
    folder = tmp_path / "disk"
    make_sessions(folder, recording, 2)
    known = List(Catalog(), folder)
    known.look()
    folder.rename(tmp_path / "unplugged")
    assert len(known.look().removed) == 2
    assert known.last.problem == f"The folder {folder} is not there."
    (tmp_path / "unplugged").rename(folder)
    assert len(known.look().changed) == 2
    assert known.last.problem == ""


def test_a_folder_that_vanishes_between_two_looks_of_a_pass(tmp_path: Path, recording: Path) -> None:
    folder = tmp_path / "disk"
    make_sessions(folder, recording, 5)
    catalog = Catalog()
    first = catalog.look(str(folder), budget=0)
    assert not first.complete
    shutil.rmtree(folder)
    known = List(catalog, folder)
    known.look()
    known.look()
    assert known.sessions == {}


def test_links_that_go_round_in_circles_end(tmp_path: Path, recording: Path) -> None:
    make_sessions(tmp_path, recording, 1)
    (tmp_path / "P0000" / "up").symlink_to(tmp_path)
    (tmp_path / "A twin").symlink_to(tmp_path / "P0000")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    (tmp_path / "self").symlink_to(tmp_path / "self")
    known = List(Catalog(), tmp_path)
    known.look()
    assert set(known.sessions) == {str(tmp_path / "P0000")}


def test_a_linked_folder_of_elsewhere_is_listed(tmp_path: Path, recording: Path) -> None:
    make_sessions(tmp_path / "elsewhere", recording, 1)
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "linked").symlink_to(tmp_path / "elsewhere")
    known = List(Catalog(), tmp_path / "here")
    known.look()
    assert set(known.sessions) == {str(tmp_path / "here" / "linked" / "P0000")}


def test_a_recording_that_is_a_link_to_nothing_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.h5").symlink_to(tmp_path / "gone.h5")
    known = List(Catalog(), tmp_path)
    known.look()
    assert "not there" in known.sessions[str(tmp_path / "a.h5")].problem


@pytest.mark.parametrize("name", ["two\nlines", "\udcff", "ü " * 30, "'; drop", "%2F"])
def test_folders_of_any_name_are_listed(tmp_path: Path, recording: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    shutil.copy(recording, tmp_path / name / "lab.h5")
    known = List(Catalog(), tmp_path)
    known.look()
    (session,) = known.sessions.values()
    assert (session.name, session.stream_count) == (name, 3)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"id": 3}', b"\xff\xfe", b"null", b"[" * 50_000])
def test_a_damaged_description_hides_nothing(tmp_path: Path, recording: Path, content: bytes) -> None:
    make_sessions(tmp_path, recording, 1)
    (tmp_path / "P0000" / SESSION_FILE).write_bytes(content)
    known = List(Catalog(), tmp_path)
    known.look()
    (session,) = known.sessions.values()
    assert "does not describe a session" in session.description_problem
    assert (session.name, session.stream_count) == ("P0000", 3)


def test_a_session_without_a_name_is_called_as_its_folder(tmp_path: Path, recording: Path) -> None:
    make_sessions(tmp_path, recording, 1)
    write_session(tmp_path / "P0000", SessionDescription(id="1", name=" ", created=5))
    known = List(Catalog(), tmp_path)
    known.look()
    assert [session.name for session in known.sessions.values()] == ["P0000"]


def test_a_description_that_is_a_folder_hides_nothing(tmp_path: Path, recording: Path) -> None:
    make_sessions(tmp_path, recording, 1)
    (tmp_path / "P0000" / SESSION_FILE).mkdir()
    known = List(Catalog(), tmp_path)
    known.look()
    assert known.sessions[str(tmp_path / "P0000")].stream_count == 3


def test_what_is_derived_stands_with_what_it_was_made_from(tmp_path: Path, recording: Path) -> None:
    for name in ("lab.h5", "lab.level.h5", "lab.level.peaks.h5", "lab2.h5"):
        shutil.copy(recording, tmp_path / name)
    known = List(Catalog(), tmp_path)
    known.look()
    lab, lab2 = sorted(known.sessions.values(), key=lambda session: session.name)
    assert [(part.name, part.derived) for part in lab.partitions] == [
        ("lab", False),
        ("lab.level", True),
        ("lab.level.peaks", True),
    ]
    assert len(lab2.partitions) == 1


def test_a_session_knows_its_devices_without_being_opened_again(tmp_path: Path, recording: Path) -> None:
    make_sessions(tmp_path, recording, 2)
    opened: list[Path] = []
    known = List(Catalog(on_opening=opened.append), tmp_path)
    known.look()
    known.look()
    assert len(opened) == 2


def test_folders_deeper_than_that_are_not_looked_into(tmp_path: Path, recording: Path) -> None:
    deep = tmp_path.joinpath(*"abcdef"[: DEEPEST + 1])
    make_sessions(deep, recording, 1)
    assert all(not each.recordings for each in found_in(tmp_path))


def test_a_folder_that_may_not_be_read_hides_no_other(tmp_path: Path, recording: Path) -> None:
    make_sessions(tmp_path, recording, 2)
    (tmp_path / "P0000").chmod(0)
    try:
        known = List(Catalog(), tmp_path)
        known.look()
        assert str(tmp_path / "P0001") in known.sessions
    finally:
        (tmp_path / "P0000").chmod(0o755)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.booleans()), max_size=60), st.integers(1, 7)
)
def test_whoever_takes_the_changes_knows_what_the_book_knows(
    deeds: list[tuple[int, int, bool]], most: int
) -> None:
    """Sessions appear, change and go; somebody asks now and then."""
    book, version = VersionBook(), 0
    there: dict[str, SessionEntry] = {}
    known: dict[str, SessionEntry] = {}

    def take() -> bool:
        nonlocal version
        changed, removed, version = book.changes(version, most)
        known.update({session.path: session for session in changed})
        for path in removed:
            known.pop(path, None)
        return bool(changed or removed)

    for number, size, asks in deeds:
        path = str(number)
        if size:
            there[path] = SessionEntry(path, f"{size}")
            book.put(there[path])
        else:
            there.pop(path, None)
            book.keep_only(there.keys())
        if asks:
            take()
    while take():
        pass
    assert known == there
    assert version == book.version


@given(st.lists(st.from_regex(r"[a-c](\.[a-c]){0,3}", fullmatch=True), max_size=12, unique=True))
def test_every_recording_stands_in_one_group_behind_one_that_begins_its_name(stems: list[str]) -> None:
    groups = together(tuple(f"{stem}.h5" for stem in stems))
    assert sorted(name for group in groups for name in group) == sorted(f"{stem}.h5" for stem in stems)
    for first, *others in groups:
        assert all(other.startswith(first.removesuffix("h5")) for other in others)
