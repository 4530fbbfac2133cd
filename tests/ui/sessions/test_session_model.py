"""The model tells Qt every step truly, whatever changes, and stays quick with very much in it."""

import random
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from studio.app.session_entries import FolderChanges, PartitionEntry, SessionEntry
from studio.app.session_search import SessionSearch
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import StreamInfo
from studio.timing import NS_PER_S, monotonic_ns
from studio.ui.sessions.session_book import FolderPage, Order
from studio.ui.sessions.session_model import SessionModel
from studio.ui.sessions.session_rows import Row
from studio.ui.sessions.session_tree import SessionTree
from studio.ui.sessions.tree_columns import COLUMNS, Column, natural
from studio.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it

FOLDER = "/r"
NUMBERS = StreamFormat(PayloadKind.SCALAR)


def session(number: int, parts: int = 1, notes: str = "") -> SessionEntry:
    path = f"/r/P{number}"
    partitions = tuple(
        PartitionEntry(f"{path}/{part}.h5", f"{part}", number * NS_PER_S, stream_count=3)
        for part in range(parts)
    )
    return SessionEntry(path, f"P{number}", partitions, notes=notes)


def streams(count: int, first: int = 0) -> tuple[StreamInfo, ...]:
    return tuple(StreamInfo(f"s{n // 10}.c{n}", NUMBERS) for n in range(first, first + count))


@pytest.fixture
def model(qapp: object) -> SessionModel:
    made = SessionModel()
    made.show_folders([(FOLDER, Row("r"))])
    return made


@pytest.fixture
def tree(model: SessionModel, qtbot: QtBot) -> SessionTree:
    made = SessionTree(model, Theme("dark"))
    qtbot.addWidget(made)
    made.resize(320, 600)
    made.show()
    made.open_up(FOLDER)
    return made


def folder_index(model: SessionModel) -> QModelIndex:
    return model.index(0, 0)


def names(model: SessionModel, parent: QModelIndex) -> list[str]:
    return [str(model.index(row, 0, parent).data()) for row in range(model.rowCount(parent))]


@pytest.mark.parametrize("seed", range(3))
def test_every_step_is_told_truly_and_rows_stay_what_they_are(model: SessionModel, seed: int) -> None:
    """Sessions come, go, change places and contents; Qt's own tester watches, indexes held go along."""
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    chance = random.Random(seed)
    parent = folder_index(model)
    held: dict[str, QPersistentModelIndex] = {}
    for _ in range(40):
        numbers = chance.sample(range(60), chance.choice((0, 3, 10, 59)))
        wanted = [session(n, chance.choice((1, 2, 3)), chance.choice("ab")) for n in numbers]
        model.show_sessions(FOLDER, wanted)
        assert names(model, parent) == [each.name for each in wanted]
        for row, each in enumerate(wanted):
            index = model.index(row, 0, parent)
            assert names(model, index) == [part.name for part in each.partitions]
            if each.name in held and held[each.name].isValid():
                assert held[each.name].data() == each.name
            held[each.name] = QPersistentModelIndex(index)


def test_what_is_opened_up_and_picked_stays_so_when_everything_changes(
    model: SessionModel, tree: SessionTree
) -> None:
    everything = [session(n, 2) for n in range(200)]
    model.show_sessions(FOLDER, everything)
    tree.pick(model.find_recording("/r/P100"))
    tree.setExpanded(tree.currentIndex(), True)
    for shown in (everything[::2], everything[::-1], everything[::4]):
        model.show_sessions(FOLDER, shown)
        assert tree.currentIndex().data() == "P100"
        assert tree.isExpanded(tree.currentIndex())
        assert len(tree.selected_nodes) == 1


def test_streams_stand_in_groups_by_what_stands_before_the_point(model: SessionModel) -> None:
    model.show_sessions(FOLDER, [session(1)])
    part = model.index(0, 0, model.index(0, 0, folder_index(model)))
    with_groups = [StreamInfo(name, NUMBERS) for name in ("imu.x", "sound", "imu.y", "a.alone", ".b", "c.")]
    model.fetchMore(part)
    model.show_streams("/r/P1/0.h5", 0, with_groups, len(with_groups))
    assert names(model, part) == ["imu", "sound", "a.alone", ".b", "c."]
    assert names(model, model.index(0, 0, part)) == ["x", "y"]


def test_a_recording_without_streams_says_so(model: SessionModel) -> None:
    model.show_sessions(FOLDER, [session(1)])
    part = model.index(0, 0, model.index(0, 0, folder_index(model)))
    model.fetchMore(part)
    model.show_streams("/r/P1/0.h5", 0, (), 0)
    assert names(model, part) == ["no streams"]


def test_a_hundred_thousand_streams_come_page_by_page(
    model: SessionModel, tree: SessionTree, qtbot: QtBot
) -> None:
    model.show_sessions(FOLDER, [session(1)])
    part = model.index(0, 0, model.index(0, 0, folder_index(model)))
    asked: list[int] = []
    model.streams_wanted.connect(lambda _path, first: asked.append(first))
    tree.open_up(model.node(part.parent()).key)
    tree.grab()
    tree.setExpanded(part, True)
    begun = monotonic_ns()
    model.show_streams("/r/P1/0.h5", 0, streams(2000), 100_000)
    tree.grab()
    first_page = monotonic_ns() - begun
    assert model.rowCount(part) == 2001
    last = model.index(2000, 0, part)
    assert str(last.data()).replace("\u202f", "") == "98000 more streams"
    tree.pick(last)
    qtbot.keyClick(tree, "\r")
    assert asked == [0, 2000]
    model.show_streams("/r/P1/0.h5", 2000, streams(2000, 2000), 100_000)
    assert model.rowCount(part) == 4001
    assert first_page < NS_PER_S, f"{first_page / 1e6:.0f} ms"


def test_thousands_of_sessions_are_shown_and_one_that_changes_is_quick(
    model: SessionModel, tree: SessionTree
) -> None:
    page, order = FolderPage(FOLDER), Order()
    page.take(FolderChanges(FOLDER, "a", 1, tuple(session(n) for n in range(5000))))
    model.show_sessions(FOLDER, page.shown(SessionSearch(), order))
    tree.grab()
    took = []
    for number in range(5):
        changed = replace(session(4000), notes=str(number))
        begun = monotonic_ns()
        page.take(FolderChanges(FOLDER, "a", 2, (changed,)))
        model.show_sessions(FOLDER, page.shown(SessionSearch(), order))
        took.append(monotonic_ns() - begun)
    assert min(took) < NS_PER_S // 10, f"{min(took) / 1e6:.0f} ms"
    assert model.rowCount(folder_index(model)) == 5000


def test_sessions_stand_in_the_order_that_is_wanted() -> None:
    page = FolderPage(FOLDER)
    big = replace(session(2), partitions=(replace(session(2).partitions[0], byte_size=10),))
    page.take(FolderChanges(FOLDER, "a", 1, (session(10), big, session(1))))

    def order(text: str) -> list[str]:
        return [each.name for each in page.shown(SessionSearch(), Order.from_text(text))]

    assert order("name") == ["P1", "P2", "P10"]
    assert order("start") == ["P1", "P2", "P10"]
    assert order("") == order("nonsense") == ["P10", "P2", "P1"]
    assert order("-size") == ["P2", "P10", "P1"]
    assert Order.from_text(Order(Column.SIZE, True).to_text()) == Order(Column.SIZE, True)


def test_a_page_that_is_told_anew_forgets_what_is_not_told_again() -> None:
    page = FolderPage(FOLDER)
    page.take(FolderChanges(FOLDER, "a", 3, (session(1), session(2))))
    page.take(FolderChanges(FOLDER, "b", 1, (session(2),), complete=False, anew=True))
    assert set(page.sessions) == {"/r/P1", "/r/P2"}
    page.take(FolderChanges(FOLDER, "b", 2, (session(3),)))
    assert set(page.sessions) == {"/r/P2", "/r/P3"}
    assert page.byte_size == 0


def test_names_are_sorted_as_people_count() -> None:
    assert sorted(["P10", "p2", "P1", "P 1", ""], key=natural) == ["", "P1", "p2", "P10", "P 1"]
    assert natural("9" * 5000)


def test_every_cell_of_every_row_says_something_or_nothing(model: SessionModel) -> None:
    model.show_sessions(FOLDER, [session(1), SessionEntry("/r/empty", "empty")])
    part = model.index(0, 0, model.index(0, 0, folder_index(model)))
    model.fetchMore(part)
    model.show_streams("/r/P1/0.h5", 0, streams(3), 3)
    model.show_words("/r/P1/0.h5", "cannot be opened", "why")
    for parent in (QModelIndex(), folder_index(model), part.parent(), part):
        for row in range(model.rowCount(parent)):
            cells = [model.index(row, column, parent).data() for column in range(len(COLUMNS))]
            assert all(isinstance(cell, str) for cell in cells)
