"""Edits can be taken back and done again; the menu says which."""

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from studio.ui.undo import MOST_EDITS, UndoStack


@pytest.fixture
def undo(qapp: object) -> QAction:
    return QAction()


@pytest.fixture
def redo(qapp: object) -> QAction:
    return QAction()


@pytest.fixture
def stack(undo: QAction, redo: QAction) -> UndoStack:
    made = UndoStack()
    made.attach(undo, redo)
    return made


def change(stack: UndoStack, values: list[str], old: str, new: str) -> None:
    stack.change(f"rename of {old}", do=lambda: values.append(new), undo=lambda: values.append(old))


def test_nothing_can_be_taken_back_at_first(stack: UndoStack, undo: QAction, redo: QAction) -> None:
    assert (undo.isEnabled(), redo.isEnabled()) == (False, False)
    assert (undo.text(), redo.text()) == ("&Undo", "&Redo")


def test_an_edit_is_done_taken_back_and_done_again(stack: UndoStack, undo: QAction, redo: QAction) -> None:
    values = ["A"]
    change(stack, values, "A", "B")
    assert values[-1] == "B"
    assert (undo.text(), undo.isEnabled()) == ("&Undo rename of A", True)
    undo.trigger()
    assert values[-1] == "A"
    assert (redo.text(), undo.isEnabled()) == ("&Redo rename of A", False)
    redo.trigger()
    assert values == ["A", "B", "A", "B"]


def test_what_has_happened_already_is_not_done_twice(stack: UndoStack, undo: QAction, redo: QAction) -> None:
    values: list[str] = []
    stack.change("move", do=lambda: values.append("do"), undo=lambda: values.append("undo"), done=True)
    assert values == []
    undo.trigger()
    redo.trigger()
    assert values == ["undo", "do"]


def test_an_edit_that_failed_is_not_offered(stack: UndoStack, undo: QAction) -> None:
    values: list[str] = []
    change(stack, values, "A", "B")
    edit = stack.change("move", do=lambda: None, undo=lambda: values.append("wrong"))
    stack.drop(edit)
    assert undo.text() == "&Undo rename of A"
    undo.trigger()
    assert values[-1] == "A"
    assert not stack.canUndo()


def test_an_edit_that_failed_below_another_is_passed_over(stack: UndoStack, undo: QAction) -> None:
    values: list[str] = []
    failed = stack.change("move", do=lambda: None, undo=lambda: values.append("wrong"))
    change(stack, values, "A", "B")
    stack.drop(failed)
    undo.trigger()
    undo.trigger()
    assert values == ["B", "A"]
    assert not stack.canUndo()


def test_one_that_could_not_be_taken_back_is_not_offered_to_be_done_again(
    stack: UndoStack, undo: QAction, redo: QAction
) -> None:
    edit = stack.change("move", do=lambda: None, undo=lambda: None)
    undo.trigger()
    stack.drop(edit)
    assert (undo.isEnabled(), redo.isEnabled()) == (False, False)


def test_names_with_an_ampersand_are_shown_as_they_are(stack: UndoStack, undo: QAction) -> None:
    change(stack, [], "R&D", "x")
    assert undo.text() == "&Undo rename of R&&D"


def test_only_so_many_are_remembered(stack: UndoStack, qtbot: QtBot) -> None:
    values: list[str] = []
    for number in range(MOST_EDITS + 5):
        change(stack, values, str(number), str(number + 1))
    while stack.canUndo():
        stack.undo()
    assert values[-1] == "5"
