"""The dock lists real files, opens up to their streams, and tells which one was chosen."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from studio.formats.recording import StreamRef
from studio.host.protocol import LookIntoFolder
from studio.ui.sessions.session_model import ROW_ROLE
from studio.ui.sessions.session_rows import Row, RowMark
from studio.ui.sessions.sessions_dock import SessionsDock
from studio.ui.sessions.tree_columns import Column
from studio.ui.sessions.tree_nodes import NodeKind
from studio.ui.stream_drag import refs_in
from studio.ui.theme import Theme
from tests.store.recordings import SCALAR, T0, small_recording, write_recording
from tests.ui.real_reader import RealReader

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two loose recordings, and a session of two."""
    made = tmp_path / "recordings"
    (made / "P01").mkdir(parents=True)
    small_recording(made / "first.h5")
    for copy in ("second.h5", "P01/lab.h5", "P01/other.h5"):
        shutil.copy(made / "first.h5", made / copy)
    return made


@pytest.fixture
def reader() -> Iterator[RealReader]:
    made = RealReader()
    yield made
    made.close()


@pytest.fixture
def dock(qtbot: QtBot, reader: RealReader) -> Iterator[SessionsDock]:
    made = SessionsDock(Theme("dark"), reader)
    qtbot.addWidget(made)
    made.resize(300, 500)
    made.show()
    yield made
    made.close_watch()


def open_folder(dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot) -> None:
    dock.set_folder(str(folder))
    page = dock.watch.page(str(folder))
    qtbot.waitUntil(lambda: reader.is_idle and page is not None and page.complete)


def refresh(dock: SessionsDock, reader: RealReader, qtbot: QtBot) -> None:
    dock.refresh()
    qtbot.waitUntil(lambda: reader.is_idle)


def names(dock: SessionsDock) -> list[str]:
    """Of the sessions, sorted."""
    return sorted(node.value.name for folder in dock.model.root.children for node in folder.children)


def below(dock: SessionsDock, index: QModelIndex) -> list[str]:
    model = dock.model
    return [str(model.index(row, 0, index).data()) for row in range(model.rowCount(index))]


def current_row(dock: SessionsDock) -> Row:
    row = dock.list.currentIndex().data(ROW_ROLE)
    assert isinstance(row, Row)
    return row


def test_sessions_of_the_folder_are_listed_below_it(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    assert names(dock) == ["P01", "first", "second"]
    assert below(dock, QModelIndex()) == ["recordings"]
    assert dock.list.isVisible()
    assert dock.list.isExpanded(dock.model.index(0, 0))
    assert "3" in dock.model.index(0, 0).data(ROW_ROLE).detail


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
    assert names(dock) == ["P01", "first", "second"]


def test_a_second_folder_stands_below_the_first_and_says_when_it_vanishes(
    dock: SessionsDock, reader: RealReader, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    open_folder(dock, reader, folder, qtbot)
    dock.set_folders((str(folder), str(other)))
    qtbot.waitUntil(lambda: len(names(dock)) == 6)
    assert below(dock, QModelIndex()) == ["recordings", "other"]
    shutil.rmtree(other)
    refresh(dock, reader, qtbot)
    qtbot.waitUntil(lambda: len(names(dock)) == 3)
    row = dock.model.index(1, 0).data(ROW_ROLE)
    assert (row.mark, row.detail) == (RowMark.PROBLEM, f"The folder {other} is not there.")
    dock.set_folders((str(folder),))
    assert below(dock, QModelIndex()) == ["recordings"]


@pytest.mark.parametrize("how", ["double click", "enter"])
def test_the_chosen_one_is_told(
    how: str, dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    dock.select(str(folder / "second.h5"))
    with qtbot.waitSignal(dock.session_chosen) as chosen:
        if how == "enter":
            qtbot.keyClick(dock.list, Qt.Key.Key_Return)
        else:
            place = dock.list.visualRect(dock.list.currentIndex()).center()
            qtbot.mouseClick(dock.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
            qtbot.mouseDClick(dock.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [(str(folder / "second.h5"),)]


def test_a_session_opens_as_a_whole_and_a_partition_by_itself(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    dock.select(str(folder / "P01"))
    with qtbot.waitSignal(dock.session_chosen) as session:
        qtbot.keyClick(dock.list, Qt.Key.Key_Return)
    assert session.args == [(str(folder / "P01" / "lab.h5"), str(folder / "P01" / "other.h5"))]
    dock.select(str(folder / "P01" / "other.h5"))
    with qtbot.waitSignal(dock.recording_chosen) as recording:
        qtbot.keyClick(dock.list, Qt.Key.Key_Return)
    assert recording.args == [str(folder / "P01" / "other.h5")]


def test_a_stream_is_told_with_its_recording(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    dock.select(str(folder / "first.h5"))
    session = dock.list.currentIndex()
    dock.list.setExpanded(session, True)
    qtbot.waitUntil(lambda: dock.model.rowCount(session) == 3)
    dock.list.pick(dock.model.index(1, 0, session))
    with qtbot.waitSignal(dock.stream_chosen) as chosen:
        qtbot.keyClick(dock.list, Qt.Key.Key_Return)
    assert chosen.args == [StreamRef(str(folder / "first.h5"), "numbers")]


def test_a_new_recording_is_selected_as_soon_as_it_is_listed(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    reader.held = True
    dock.refresh()
    small_recording(folder / "third.h5")
    dock.refresh()
    dock.select(str(folder / "third.h5"))
    assert reader.outstanding(LookIntoFolder) == 1
    reader.held = False
    reader.release()
    qtbot.waitUntil(lambda: names(dock) == ["P01", "first", "second", "third"])
    assert current_row(dock).title == "third"


def test_f5_looks_again_and_keeps_what_was_selected_and_opened_up(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    dock.select(str(folder / "first.h5"))
    dock.list.setExpanded(dock.list.currentIndex(), True)
    qtbot.waitUntil(lambda: reader.is_idle)
    (folder / "second.h5").unlink()
    dock.activateWindow()
    dock.list.setFocus()
    qtbot.keyClick(dock.list, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: names(dock) == ["P01", "first"])
    assert current_row(dock).title == "first"
    assert dock.list.isExpanded(dock.list.currentIndex())


def test_what_changes_in_the_folder_appears_by_itself(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    shutil.move(folder / "second.h5", folder / "moved.h5")
    qtbot.waitUntil(lambda: names(dock) == ["P01", "first", "moved"], timeout=10_000)


def test_nobody_is_asked_while_the_dock_is_hidden(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    dock.hide()
    asked = len(reader.asked)
    dock.refresh()
    assert len(reader.asked) == asked
    dock.show()
    qtbot.waitUntil(lambda: len(reader.asked) > asked)


def test_a_session_opens_up_to_its_recordings_and_their_streams(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    dock.select(str(folder / "P01"))
    session = dock.list.currentIndex()
    dock.list.setExpanded(session, True)
    assert below(dock, session) == ["lab", "other"]
    part = dock.model.index(0, 0, session)
    dock.list.setExpanded(part, True)
    qtbot.waitUntil(lambda: dock.model.rowCount(part) == 3)
    told = {name: dock.model.index(row, 0, part) for row, name in enumerate(below(dock, part))}
    assert set(told) == {"sound", "numbers", "words"}
    assert told["sound"].data(ROW_ROLE).detail.replace("\u00a0", " ").startswith("48 kHz")


def test_a_session_with_one_recording_opens_up_to_its_streams_at_once(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    (folder / "P01" / "other.h5").unlink()
    open_folder(dock, reader, folder, qtbot)
    dock.select(str(folder / "P01"))
    session = dock.list.currentIndex()
    dock.list.setExpanded(session, True)
    part = dock.model.index(0, 0, session)
    qtbot.waitUntil(lambda: dock.model.rowCount(part) == 3)
    assert dock.list.isExpanded(part)


def test_what_is_no_recording_is_marked_and_says_why(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    (folder / "foreign.h5").write_text("no recording at all")
    open_folder(dock, reader, folder, qtbot)
    dock.select(str(folder / "foreign.h5"))
    assert current_row(dock).mark is RowMark.PROBLEM
    assert "foreign.h5" in current_row(dock).tooltip
    assert not dock.model.hasChildren(dock.list.currentIndex())
    assert not dock.grab().isNull()


def test_one_that_vanished_says_so_when_opened_up(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    dock.select(str(folder / "first.h5"))
    dock.watch.close()
    (folder / "first.h5").unlink()
    index = dock.list.currentIndex()
    dock.list.setExpanded(index, True)
    qtbot.waitUntil(lambda: below(dock, index) == ["cannot be opened"])
    assert "first.h5" in dock.model.index(0, 0, index).data(ROW_ROLE).detail


def test_what_is_typed_is_searched_for_and_escape_shows_all(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    dock.search.begin()
    qtbot.keyClicks(dock.search.line, "fir")
    qtbot.waitUntil(lambda: names(dock) == ["first"])
    assert "1 of 3" in dock.model.index(0, 0).data(ROW_ROLE).detail.replace("\u00a0", " ")
    qtbot.keyClick(dock.search.line, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(names(dock)) == 3)


def test_a_search_that_is_not_understood_says_so_and_hides_nothing(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    qtbot.keyClicks(dock.search.line, "after:soon")
    qtbot.waitUntil(lambda: dock.search.words.isVisible())
    assert "is not a date" in dock.search.words.text()
    assert len(names(dock)) == 3


def test_a_click_on_a_heading_sorts(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    dock.list.show_columns((Column.DURATION,))
    header = dock.list.header()
    place = header.viewport().rect().center() * 0.4  # over the names
    with qtbot.waitSignal(dock.order_changed):
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    ascending = below(dock, dock.model.index(0, 0))
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert ascending == ["first", "P01", "second"]
    assert below(dock, dock.model.index(0, 0)) == ascending[::-1]


def test_rows_are_dragged_as_streams(
    dock: SessionsDock, reader: RealReader, folder: Path, qtbot: QtBot
) -> None:
    open_folder(dock, reader, folder, qtbot)
    dock.select(str(folder / "P01"))
    session = dock.list.currentIndex()
    part = dock.model.index(0, 0, session)
    dock.list.setExpanded(session, True)
    dock.list.setExpanded(part, True)
    qtbot.waitUntil(lambda: dock.model.rowCount(part) == 3)
    paths = [str(folder / "P01" / name) for name in ("lab.h5", "other.h5")]
    stream = dock.model.index(0, 0, part)
    assert refs_in(dock.model.mimeData([stream])) == (StreamRef(paths[0], "sound"),)
    assert refs_in(dock.model.mimeData([part])) == (StreamRef(paths[0], ""),)
    assert refs_in(dock.model.mimeData([session])) == tuple(StreamRef(path, "") for path in paths)
    assert dock.model.node(dock.model.index(0, 0)).kind is NodeKind.FOLDER
    assert not dock.model.flags(dock.model.index(0, 0)) & Qt.ItemFlag.ItemIsDragEnabled


def stream_rows(dock: SessionsDock) -> list[str]:
    """What stands below the first group or recording, opened or not."""
    found: list[str] = []

    def walk(index: QModelIndex) -> None:
        for row in range(dock.model.rowCount(index)):
            child = dock.model.index(row, 0, index)
            node = dock.model.node(child)
            if node.kind in (NodeKind.STREAM, NodeKind.WORDS):
                found.append(f"{node.value.ref.name}" if node.kind is NodeKind.STREAM else child.data())
            if node.kind is NodeKind.GROUP:
                assert dock.list.isExpanded(child)
            walk(child)

    walk(QModelIndex())
    return found


def test_streams_are_filtered_beyond_the_page_and_all_rows_opened_up(
    dock: SessionsDock, reader: RealReader, tmp_path: Path, qtbot: QtBot
) -> None:
    many = {f"unit{n // 10}.channel {n}": (SCALAR, [(T0, 1.0)]) for n in range(40)}
    write_recording(tmp_path / "many.h5", many)
    open_folder(dock, reader, tmp_path, qtbot)
    qtbot.mouseClick(dock.filter._open, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(stream_rows(dock)) == 40)
    dock.filter.line.setText("UNIT3 9")
    qtbot.waitUntil(lambda: stream_rows(dock) == ["unit3.channel 39"])
    dock.filter.line.setText("nothing of this")
    qtbot.waitUntil(lambda: stream_rows(dock) == ["no stream is called so"])
    qtbot.keyClick(dock.filter.line, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(stream_rows(dock)) == 40)
    qtbot.mouseClick(dock.filter._close, Qt.MouseButton.LeftButton)
    assert dock.list.isExpanded(dock.model.index(0, 0))
    assert not dock.list.isExpanded(dock.model.index(0, 0, dock.model.index(0, 0)))
