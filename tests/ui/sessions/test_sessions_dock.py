"""The dock lists real files, opens up to their streams, and tells which one was chosen."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.host.protocol import ListSessions
from studio.ui.sessions.row_painter import DETAIL_ROLE, MARK_ROLE
from studio.ui.sessions.session_rows import RowMark
from studio.ui.sessions.sessions_dock import SessionsDock
from studio.ui.theme import Theme
from tests.store.recordings import small_recording
from tests.ui.real_reader import RealReader

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "recordings"
    made.mkdir()
    small_recording(made / "first.h5")
    shutil.copy(made / "first.h5", made / "second.h5")
    return made


@pytest.fixture
def reader() -> Iterator[RealReader]:
    made = RealReader()
    yield made
    made.close()


@pytest.fixture
def dock(qtbot: QtBot, reader: RealReader) -> SessionsDock:
    made = SessionsDock(Theme("dark"), reader)
    qtbot.addWidget(made)
    made.resize(300, 500)
    made.show()
    return made


def open_folder(dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot) -> None:
    dock.set_folder(str(folder))
    qtbot.waitUntil(lambda: reader.is_idle)


def names(dock: SessionsDock) -> list[str]:
    items = [dock.list.topLevelItem(n) for n in range(dock.list.topLevelItemCount())]
    return sorted(item.text(0) for item in items if item is not None)


def test_recordings_of_the_folder_are_listed(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    assert names(dock) == ["first", "second"]
    assert dock.list.isVisible()


def test_an_empty_folder_says_what_to_do(
    dock: SessionsDock, reader: RealReader, tmp_path: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, tmp_path / "not there yet", qtbot)
    assert "No recordings yet" in dock._empty.text()
    assert dock._empty.isVisible()


def test_a_folder_that_cannot_be_listed_says_why(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder / "first.h5", qtbot)
    assert "is a file" in dock._empty.text()
    open_folder(dock, reader, folder, qtbot)
    assert names(dock) == ["first", "second"]


@pytest.mark.parametrize("how", ["double click", "enter"])
def test_the_chosen_one_is_told(
    how: str, dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    dock.select(str(folder / "second.h5"))
    with qtbot.waitSignal(dock.recording_chosen) as chosen:
        if how == "enter":
            qtbot.keyClick(dock.list, Qt.Key.Key_Return)
        else:
            place = dock.list.visualItemRect(dock.list.currentItem()).center()
            qtbot.mouseClick(dock.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
            qtbot.mouseDClick(dock.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [str(folder / "second.h5")]


def test_a_new_recording_is_selected_as_soon_as_it_is_listed(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    reader.held = True
    dock.refresh()
    small_recording(folder / "third.h5")
    dock.refresh()
    dock.select(str(folder / "third.h5"))
    assert reader.outstanding(ListSessions) == 1
    reader.held = False
    reader.release()
    qtbot.waitUntil(lambda: reader.is_idle)
    assert names(dock) == ["first", "second", "third"]
    assert dock.list.selected_path == str(folder / "third.h5")


def test_f5_looks_again_and_keeps_what_was_selected_and_opened_up(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    dock.select(str(folder / "first.h5"))
    dock.list.currentItem().setExpanded(True)
    qtbot.waitUntil(lambda: reader.is_idle)
    (folder / "second.h5").unlink()
    dock.activateWindow()
    dock.list.setFocus()
    qtbot.keyClick(dock.list, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: names(dock) == ["first"])
    assert dock.list.selected_path == str(folder / "first.h5")
    assert dock.list.currentItem().isExpanded()


def test_a_recording_opens_up_to_its_streams(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    dock.select(str(folder / "first.h5"))
    item = dock.list.currentItem()
    item.setExpanded(True)
    qtbot.waitUntil(lambda: item.childCount() == 3)
    told = {item.child(n).text(0): item.child(n).data(0, DETAIL_ROLE) for n in range(3)}
    assert set(told) == {"sound", "numbers", "words"}
    assert told["sound"].replace("\u00a0", " ").startswith("48 kHz")


def test_what_is_no_recording_is_marked_and_says_why(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    (folder / "foreign.h5").write_text("no recording at all")
    open_folder(dock, reader, folder, qtbot)
    dock.select(str(folder / "foreign.h5"))
    item = dock.list.currentItem()
    assert RowMark(item.data(0, MARK_ROLE)) is RowMark.PROBLEM
    assert "foreign.h5" in item.toolTip(0)
    assert item.childCount() == 0
    assert not dock.grab().isNull()


def test_one_that_vanished_says_so_when_opened_up(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    dock.select(str(folder / "first.h5"))
    (folder / "first.h5").unlink()
    item = dock.list.currentItem()
    item.setExpanded(True)
    qtbot.waitUntil(lambda: item.child(0).text(0) == "cannot be opened")
    assert "first.h5" in item.child(0).data(0, DETAIL_ROLE)
