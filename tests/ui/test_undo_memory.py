"""What was done in a window that was killed can be taken back in the next one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from studio.ui.undo import Edit, Told, UndoStack
from studio.ui.undo_memory import MOST_CHARACTERS, MOST_KEPT, UndoMemory


class Desk:
    """A word that is changed by edits, in one window after the other."""

    def __init__(self, place: Path, word: str) -> None:
        self.word, self.undo = word, UndoStack()
        self.memory = UndoMemory(self.undo, lambda: place)
        self.memory.teach("word", self.edit)

    def edit(self, text: str, data: Any, *, done: bool = True) -> Edit:
        before, now = str(data[0]), str(data[1])
        return Edit(
            text, do=self.says(now), undo=self.says(before), done=done, tell=lambda: Told("word", data)
        )

    def says(self, word: str) -> Callable[[], None]:
        return lambda: setattr(self, "word", word)

    def change(self, word: str) -> None:
        self.undo.push_edit(self.edit(f"change to {word}", [self.word, word], done=False))


@pytest.fixture
def place(tmp_path: Path, qapp: QCoreApplication) -> Path:
    return tmp_path / "settings" / "undo.json"


def first_window(place: Path, *words: str) -> Desk:
    desk = Desk(place, words[0])
    assert desk.memory.begin() == 0
    for word in words[1:]:
        desk.change(word)
    return desk


def test_the_next_window_goes_back_and_forth_where_the_killed_one_stood(place: Path, qtbot: QtBot) -> None:
    killed = first_window(place, "A", "B", "C", "D")
    killed.undo.undo()
    qtbot.waitUntil(lambda: place.exists() and json.loads(place.read_text())["index"] == 2, timeout=20_000)

    again = Desk(place, "C")
    assert again.memory.begin() == 3
    assert again.word == "C"  # nothing is done by putting it back
    assert (again.undo.undoText(), again.undo.redoText()) == ("change to C", "change to D")
    again.undo.redo()
    assert again.word == "D"
    for _ in range(3):
        again.undo.undo()
    assert (again.word, again.undo.canUndo()) == ("A", False)
    again.undo.redo()
    assert again.word == "B"


def test_each_step_is_kept_at_once_and_what_is_typed_on_too(place: Path, qtbot: QtBot) -> None:
    killed = first_window(place, "A")
    data = ["A", "B"]
    edit = killed.edit("change", data, done=False)
    killed.undo.push_edit(edit)
    qtbot.waitUntil(lambda: place.exists() and '["A", "B"]' in place.read_text(), timeout=20_000)
    data[1] = "Bear"
    killed.undo.retell(edit)
    qtbot.waitUntil(lambda: '["A", "Bear"]' in place.read_text())


def test_an_edit_is_kept_before_it_is_done_so_that_no_kill_comes_in_between(place: Path) -> None:
    desk, seen = first_window(place, "A", "B"), list[int]()

    def look() -> None:
        seen.append(json.loads(place.read_text())["index"])

    desk.undo.push_edit(Edit("look", do=look, undo=look, tell=lambda: Told("word", ["B", "B"])))
    desk.undo.undo()
    desk.undo.redo()
    assert seen == [2, 1, 2]


def test_what_was_under_way_at_the_kill_is_done_once_more_in_the_same_order(place: Path) -> None:
    words: list[str] = []

    def edit(_: str, data: Any, *, done: bool = True) -> Edit:
        return Edit(
            "change",
            do=lambda: words.append(f"do {data}"),
            undo=lambda: words.append(f"undo {data}"),
            done=done,
            tell=lambda: Told("asking", data),
            asks=True,
        )

    def window() -> Desk:
        desk = Desk(place, "")
        desk.memory.teach("asking", edit)
        return desk

    killed = window()
    killed.memory.begin()
    made = [edit("", data, done=False) for data in "ABCD"]
    for one in made:
        killed.undo.push_edit(one)
    made[0].is_under_way = False  # answered
    killed.undo.retell(made[0])
    killed.undo.undo()
    killed.undo.undo()
    words.clear()
    assert window().memory.begin() == 4
    assert words == ["do B", "undo D", "undo C"]


def test_an_edit_that_cannot_be_said_parts_those_behind_it(place: Path) -> None:
    killed = first_window(place, "A", "B")
    killed.undo.change("something large", do=lambda: None, undo=lambda: None)
    killed.change("C")
    killed.memory.save()
    again = Desk(place, "C")
    assert again.memory.begin() == 1
    again.undo.undo()
    assert (again.word, again.undo.canUndo()) == ("B", False)


def test_an_edit_that_nobody_understands_parts_those_behind_it(place: Path) -> None:
    killed = first_window(place, *"ABCDE")
    killed.undo.undo()
    killed.memory.save()
    found = json.loads(place.read_text())
    found["edits"][1]["kind"] = "of a newer studio"
    place.write_text(json.dumps(found))
    again = Desk(place, "D")
    assert again.memory.begin() == 2
    again.undo.undo()
    assert (again.word, again.undo.canUndo()) == ("C", False)
    again.undo.redo()
    again.undo.redo()
    assert again.word == "E"


def test_a_window_that_is_closed_leaves_nothing(place: Path) -> None:
    desk = first_window(place, "A", "B")
    desk.memory.save()
    desk.memory.forget()
    desk.change("C")
    QCoreApplication.processEvents()
    assert not place.exists()
    assert Desk(place, "C").memory.begin() == 0


def test_so_many_and_so_long_ones_are_kept_that_writing_takes_no_time(place: Path) -> None:
    desk = first_window(place, *map(str, range(MOST_KEPT + 50)))
    desk.memory.save()
    assert len(json.loads(place.read_text())["edits"]) == MOST_KEPT
    for letter in "abc":
        desk.change(letter * (MOST_CHARACTERS // 7))
    desk.memory.save()
    assert len(place.read_text()) <= MOST_CHARACTERS + 100
    assert Desk(place, "c").memory.begin() == 2


def test_a_place_that_cannot_be_written_is_told_once(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "settings").write_text("a file where a folder should be")
    desk = first_window(tmp_path / "settings" / "undo.json", "A")
    told: list[str] = []
    desk.memory.failed.connect(told.append)
    desk.change("B")
    desk.change("C")
    assert len(told) == 1
    assert "cannot be kept" in told[0]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["index", "edits", "kind", "text", "data", "x"]), inner, max_size=5)
    ),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=JSON.map(json.dumps) | st.text(max_size=30))
def test_whatever_stands_in_the_file_the_window_opens(place: Path, found: str) -> None:
    place.parent.mkdir(exist_ok=True)
    place.write_text(found, encoding="utf-8", errors="surrogatepass")
    desk = Desk(place, "A")
    assert desk.memory.begin() == desk.undo.count()
    while desk.undo.canUndo():
        desk.undo.undo()
