"""The list of sessions in the whole window: menus, dialogs, what is kept; folders that grow, hang and die."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from studio.app.session_description import SessionDescription, read_session, write_session
from studio.app.settings import Settings
from studio.errors import StudioError
from studio.host.protocol import Query
from studio.host.queries import Queries
from studio.host.reader_client import ReaderClient
from studio.store.sidecar import sidecar_path
from studio.timing import NS_PER_S, SystemClock, monotonic_ns
from studio.ui.application import make_window
from studio.ui.bridge import Links, ReaderLink
from studio.ui.panels.panel_plan import PanelKind
from studio.ui.sessions.session_book import Order
from studio.ui.sessions.session_deeds import PUT_IN_ORDER
from studio.ui.sessions.session_model import ROW_ROLE
from studio.ui.sessions.session_rows import Row, RowMark
from studio.ui.sessions.tree_columns import Column
from studio.ui.sessions.tree_nodes import NodeKind
from studio.ui.sessions.wiring import SessionsWiring
from tests.app.trash_can import own_trash
from tests.host.test_reader_process import held_shut
from tests.lab.places import Places
from tests.store.recordings import small_recording
from tests.ui.far_end import FarEnd

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "raise", "grabbing")
"""What the screenless platform says of dialogs and menus."""


class AtOnce:
    """The reader's answers without its process."""

    def __init__(self) -> None:
        self._queries = Queries()

    def request(self, query: Query) -> Future[object]:
        future: Future[object] = Future()
        try:
            future.set_result(self._queries.answer(query))
        except StudioError as error:
            future.set_exception(error)
        return future

    def close(self) -> None:
        self._queries.close()


class Scene:
    """A window on an offscreen display."""

    def __init__(self, qtbot: QtBot, application: QApplication, folder: Path, catalog: ReaderLink) -> None:
        self.qtbot = qtbot
        far_end = FarEnd().links()
        links = Links(recorder=far_end.recorder, reader=AtOnce(), devices=far_end.devices, catalog=catalog)
        settings = Settings(recordings_folder=str(folder), first_start=False)
        self.window = make_window(application, links, settings, SystemClock())
        qtbot.addWidget(self.window)
        self.window.resize(1280, 800)
        self.window.show()
        self.dock = self.window.sessions_dock
        self.folder = folder

    def row(self, name: str) -> Row:
        index = self.dock.model.find_recording(str(self.folder / name))
        row = index.data(ROW_ROLE)
        return row if isinstance(row, Row) else Row("")

    def wait_for(self, name: str, mark: RowMark = RowMark.NONE, timeout: int = 20_000) -> None:
        self.qtbot.waitUntil(
            lambda: (self.row(name).title, self.row(name).mark) == (name, mark), timeout=timeout
        )

    def choose(self, name: str, text: str) -> None:
        """Choose a line of the menu of a session."""
        self.dock.select(str(self.folder / name))
        self.dock.menu_wanted.emit(self.dock.list.current_node, QPoint(10, 10))
        menu = self.dock.findChild(QMenu, "session_menu")
        assert menu is not None
        action = next(each for each in menu.actions() if each.text().replace("&", "") == text)
        assert action.isEnabled(), action.toolTip()
        menu.close()
        action.trigger()

    def press(self, dialog: str, text: str) -> None:
        """Press a button of a message box."""
        box = self.window.findChild(QMessageBox, dialog)
        assert box is not None
        next(button for button in box.buttons() if button.text() == text).click()
        self.qtbot.waitUntil(lambda: not box.isVisible())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "recordings"
    for name in ("P01", "P02"):
        (made / name).mkdir(parents=True)
        small_recording(made / name / "lab.h5")
        write_session(made / name, SessionDescription(id=name, name=name, created=5))
    return made


@contextmanager
def opened(qtbot: QtBot, qapp: QApplication, folder: Path, catalog: ReaderLink) -> Iterator[Scene]:
    made = Scene(qtbot, qapp, folder, catalog)
    try:
        made.wait_for("P02")
        yield made
    finally:
        made.window.leave()


@pytest.fixture
def scene(qtbot: QtBot, qapp: QApplication, folder: Path) -> Iterator[Scene]:
    with opened(qtbot, qapp, folder, AtOnce()) as made:
        yield made


@pytest.fixture
def catalog() -> ReaderClient:
    return ReaderClient()


@pytest.fixture
def far_scene(qtbot: QtBot, qapp: QApplication, folder: Path, catalog: ReaderClient) -> Iterator[Scene]:
    """Folders are read by a process of their own."""
    with opened(qtbot, qapp, folder, catalog) as made:
        yield made


def wiring_of(scene: Scene) -> SessionsWiring:
    found = scene.window.findChild(SessionsWiring)
    assert found is not None
    return found


def test_a_session_is_renamed_from_its_menu_while_it_is_on_screen(scene: Scene, qtbot: QtBot) -> None:
    window = scene.window
    scene.choose("P01", "Open")
    qtbot.waitUntil(lambda: window.stage.shows_recording)
    scene.choose("P01", "Rename…")
    dialog = window.findChild(QInputDialog, "rename_dialog")
    assert dialog is not None
    dialog.setTextValue("P01 again")
    dialog.accept()
    moved = str(scene.folder / "P01 again" / "lab.h5")
    qtbot.waitUntil(lambda: [info.path for info in window.timeline.recordings] == [moved])
    scene.wait_for("P01 again")
    undo = window.actions_by_name["undo"]
    assert undo.text() == "&Undo rename of P01"
    undo.trigger()
    scene.wait_for("P01")
    qtbot.waitUntil(lambda: [info.name for info in window.timeline.recordings] == ["lab"])


def test_the_trash_is_asked_for_once_and_cancel_changes_nothing(
    scene: Scene, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trash = own_trash(monkeypatch, tmp_path)
    scene.choose("P01", "Move to trash…")
    scene.press("trash_dialog", "Cancel")
    assert (scene.folder / "P01").exists()
    scene.choose("P01", "Move to trash…")
    scene.press("trash_dialog", "Move to trash")
    qtbot.waitUntil(lambda: (trash / "P01" / "lab.h5").exists())
    qtbot.waitUntil(lambda: scene.row("P01").title == "")
    assert scene.row("P02").title == "P02"


def test_what_is_described_in_the_inspector_is_in_the_list_and_is_found(scene: Scene, qtbot: QtBot) -> None:
    panel = scene.window.session_panel
    scene.choose("P02", "Describe…")
    assert panel.isVisible()
    qtbot.keyClicks(panel.tags, "pilot")
    panel.tags.editingFinished.emit()
    qtbot.waitUntil(lambda: "#pilot" in scene.row("P02").detail)
    scene.window.actions_by_name["find_session"].trigger()
    qtbot.keyClicks(scene.dock.search.line, "tag:pilot")
    qtbot.waitUntil(lambda: scene.row("P01").title == "")
    assert scene.row("P02").title == "P02"
    found = read_session(scene.folder / "P02")
    assert found is not None
    assert found.tags == ("pilot",)


def test_typing_goes_on_while_the_session_is_renamed(scene: Scene, qtbot: QtBot) -> None:
    window, panel = scene.window, scene.window.session_panel
    scene.dock.select(str(scene.folder / "P02"))
    window.actions_by_name["describe_session"].trigger()
    panel.notes.setFocus()
    qtbot.keyClicks(panel.notes, "before ")
    session = panel.session
    assert session is not None
    wiring_of(scene).deeds.edits.rename(session, "P02 again")
    scene.wait_for("P02 again")
    assert panel.notes.hasFocus()
    qtbot.keyClicks(panel.notes, "and after")
    qtbot.waitUntil(lambda: "before and after" in _notes(scene.folder / "P02 again"))
    assert scene.dock.list.current_node is not None
    assert scene.dock.list.current_node.value.name == "P02 again"
    window.undo.undo()
    window.undo.undo()
    scene.wait_for("P02")
    assert scene.row("P02 again").title == ""


def test_undo_in_a_field_with_nothing_of_its_own_is_that_of_the_window(scene: Scene, qtbot: QtBot) -> None:
    window, panel, folder = scene.window, scene.window.session_panel, scene.folder / "P02"
    scene.dock.select(str(folder))
    window.actions_by_name["describe_session"].trigger()
    window.activateWindow()
    qtbot.keyClicks(panel.notes, "late")
    qtbot.waitUntil(lambda: _notes(folder) == "late", timeout=20_000)
    control = Qt.KeyboardModifier.ControlModifier
    panel.participant.setFocus()
    qtbot.keyClicks(panel.participant, "Ada")
    qtbot.keyClick(panel.participant, Qt.Key.Key_Z, control)  # the field's own
    assert panel.participant.text() == ""
    assert _notes(folder) == "late"
    qtbot.keyClick(panel.participant, Qt.Key.Key_Z, control)  # the field has none any more
    qtbot.waitUntil(lambda: _notes(folder) == "" and panel.notes.toPlainText() == "", timeout=20_000)
    panel.participant.clear()
    panel.notes.setFocus()
    qtbot.keyClick(panel.notes, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: _notes(folder) == "late" and panel.notes.toPlainText() == "late", timeout=20_000)
    qtbot.keyClick(panel.notes, Qt.Key.Key_Z, control)
    qtbot.waitUntil(lambda: _notes(folder) == "" and panel.notes.toPlainText() == "")


def test_what_is_opened_from_elsewhere_is_picked_and_called_as_its_session(
    scene: Scene, qtbot: QtBot
) -> None:
    window, dock, path = scene.window, scene.dock, str(scene.folder / "P01" / "lab.h5")
    described = SessionDescription(id="P01", name="Pilot / one", created=5)
    write_session(scene.folder / "P01", described)
    dock.refresh()
    scene.wait_for("P02")
    window.stage.show_recording(path)
    qtbot.waitUntil(lambda: window.windowTitle() == "Pilot / one \u2013 Studio", timeout=20_000)
    node = dock.list.current_node
    assert node is not None
    session = dock.session_of(node)
    assert session is not None
    assert session.path == str(scene.folder / "P01")
    assert dock.name_of(path, "lab") == "Pilot / one"
    assert dock.name_of("/elsewhere/P09/lab.h5", "lab") == "P09 \u00b7 lab"


def _notes(folder: Path) -> str:
    found = read_session(folder)
    return found.notes if found is not None else ""


def test_columns_order_and_folders_are_kept(scene: Scene, tmp_path: Path, qtbot: QtBot) -> None:
    other = tmp_path / "other"
    other.mkdir()
    wiring = wiring_of(scene)
    wiring.choose_columns((Column.DURATION, Column.STATE))
    scene.dock.set_order(Order(Column.NAME, False))
    wiring.set_folders((str(scene.folder), str(other), str(other)))
    settings = scene.window.choices.settings
    assert settings.session_columns == ("duration", "state")
    assert settings.session_order == "name"
    assert settings.session_folders == (str(other),)
    assert scene.dock.folders == (str(scene.folder), str(other))
    assert not scene.dock.list.isColumnHidden(2)
    assert scene.dock.list.isColumnHidden(1)


def stream_menu(scene: Scene, recording: str, stream: str) -> QMenu:
    """The menu of a stream of a recording, which is opened up for it."""
    model, tree = scene.dock.model, scene.dock.list
    session = model.find_recording(str(scene.folder / recording))
    tree.setExpanded(session, True)  # its only recording opens with it
    part = model.node(session).children[0]
    scene.qtbot.waitUntil(lambda: any(each.kind is NodeKind.STREAM for each in part.children))
    node = next(each for each in part.children if each.value.ref.name == stream)
    tree.pick(model.index_of(node))
    scene.dock.menu_wanted.emit(node, QPoint(10, 10))
    menu = scene.dock.findChild(QMenu, "session_menu")
    assert menu is not None
    return menu


def lines_of(menu: QMenu) -> dict[str, QAction]:
    return {action.text().replace("&", ""): action for action in menu.actions() if action.text()}


def test_the_menu_of_a_stream_offers_every_panel_that_can_show_it(scene: Scene, qtbot: QtBot) -> None:
    timeline = scene.window.timeline
    menu = stream_menu(scene, "P01", "numbers")
    lines = lines_of(menu)
    assert "Show all of the stream" not in lines  # nothing is on screen yet
    kinds = lines["Add panel"].menu()
    assert isinstance(kinds, QMenu)
    assert list(lines_of(kinds)) == ["Curves", "XY plot", "Messages", "Latency", "Rate and gaps"]
    lines_of(kinds)["Latency"].trigger()
    menu.close()
    qtbot.waitUntil(lambda: bool(timeline.plans) and timeline.plans[-1].kind is PanelKind.LATENCY)
    assert [ref.name for ref in timeline.plans[-1].streams] == ["numbers"]
    count = len(timeline.plans)
    menu = stream_menu(scene, "P01", "numbers")
    lines_of(menu)["Copy name"].trigger()
    assert QGuiApplication.clipboard().text() == "numbers"
    lines_of(menu)["Show all of the stream"].trigger()
    kinds = lines_of(menu)["Add panel"].menu()
    assert isinstance(kinds, QMenu)
    lines_of(kinds)["Messages"].trigger()
    menu.close()
    assert len(timeline.plans) == count + 1
    scene.window.undo.undo()
    assert len(timeline.plans) == count


def test_all_rows_are_closed_up_and_stay_so(scene: Scene) -> None:
    stream_menu(scene, "P01", "numbers").close()
    tree, model = scene.dock.list, scene.dock.model
    session = model.find_recording(str(scene.folder / "P01"))
    assert tree.isExpanded(session)
    tree.close_up()
    scene.dock.set_order(Order(Column.NAME, greatest_first=True))
    session = model.find_recording(str(scene.folder / "P01"))
    assert session.isValid()
    assert not tree.isExpanded(session)
    assert tree.isExpanded(session.parent())


def test_other_parts_add_to_the_menu(scene: Scene) -> None:
    asked: list[tuple[str, ...]] = []

    def offer(paths: tuple[str, ...]) -> list[QAction]:
        action = QAction("Measure…")
        action.triggered.connect(lambda: asked.append(paths))
        return [action]

    scene.dock.context_actions.append(offer)
    scene.choose("P01", "Measure…")
    assert asked == [(str(scene.folder / "P01" / "lab.h5"),)]
    scene.choose("P01", "Copy path")
    assert QGuiApplication.clipboard().text() == str(scene.folder / "P01")


@contextmanager
def growing(path: Path, seconds: float, ending: str) -> "Iterator[subprocess.Popen[bytes]]":
    """A recorder at work; killed at the end of the block."""
    path.parent.mkdir()
    command = [sys.executable, "-m", "tests.store.grower", str(path), "1", str(seconds), ending]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def test_what_another_machine_left_open_is_put_in_order_when_the_user_says_so(
    scene: Scene, qtbot: QtBot
) -> None:
    window, path = scene.window, scene.folder / "P03" / "far.h5"
    with growing(path, 0.5, "die") as recorder:
        assert recorder.wait(20) == 9
    lock = sidecar_path(path)
    lock.write_bytes(lock.read_bytes()[:21] + b"LAB-B")
    window.stage.show_recording(str(path))
    qtbot.waitUntil(lambda: any(m.action == PUT_IN_ORDER for m in window.messages.log.history))
    scene.dock.refresh()
    scene.wait_for("P03", RowMark.WARNING)
    window.strip.target_requested.emit(PUT_IN_ORDER, str(path))
    scene.press("repair_dialog", "Put in order")
    scene.wait_for("P03", RowMark.RECOVERED)
    qtbot.waitUntil(lambda: [info.recovered for info in window.timeline.recordings] == [True])


def test_a_recording_is_marked_while_it_is_written_and_when_its_recorder_has_died(
    far_scene: Scene, qtbot: QtBot
) -> None:
    """It opens all the same, and then it is in order."""
    with growing(far_scene.folder / "P03" / "lab.h5", 300.0, "close"):
        far_scene.wait_for("P03", RowMark.LIVE)
        far_scene.dock.select(str(far_scene.folder / "P03"))
        far_scene.dock.menu_wanted.emit(far_scene.dock.list.current_node, QPoint(0, 0))
        menu = far_scene.dock.findChild(QMenu, "session_menu")
        assert menu is not None
        enabled = {action.text().replace("&", ""): action.isEnabled() for action in menu.actions()}
        assert (enabled["Rename…"], enabled["Move to trash…"], enabled["Open"]) == (False, False, True)
        menu.close()
        qtbot.waitUntil(lambda: "4" in far_scene.row("P03").detail, timeout=10_000)
    far_scene.wait_for("P03", RowMark.WARNING)
    far_scene.choose("P03", "Open")
    far_scene.wait_for("P03", RowMark.RECOVERED)


def test_a_folder_that_hangs_costs_the_window_nothing(
    far_scene: Scene, catalog: ReaderClient, qtbot: QtBot
) -> None:
    catalog._limit = 2 * NS_PER_S  # it has begun by now, which may take longer
    window, marked = far_scene.window, far_scene.folder / "P00" / "lab.h5"
    gaps: list[int] = []
    last = [monotonic_ns()]

    def tick() -> None:
        now = monotonic_ns()
        gaps.append(now - last[0])
        last[0] = now

    timer = QTimer(interval=10)
    timer.timeout.connect(tick)
    marked.parent.mkdir()
    small_recording(marked)
    with held_shut(marked):
        far_scene.dock.refresh()
        timer.start()
        last[0] = monotonic_ns()
        window.stage.show_recording(str(far_scene.folder / "P01" / "lab.h5"))
        qtbot.waitUntil(lambda: window.stage.shows_recording)
        page = far_scene.dock.watch.pages[0]
        qtbot.waitUntil(lambda: "longer than" in page.problem, timeout=20_000)
        assert far_scene.row("P02").title == "P02"
        timer.stop()
        catalog._limit = 30 * NS_PER_S
        far_scene.dock.refresh()
        far_scene.wait_for("P00", RowMark.PROBLEM)
    assert max(gaps) < NS_PER_S, f"{max(gaps) / 1e6:.0f} ms"


@pytest.mark.kill
def test_a_killed_reader_of_folders_comes_back(far_scene: Scene, places: Places) -> None:
    name, value = places.mark
    (reader,) = (
        child
        for child in psutil.Process().children()
        if "reader" in child.cmdline() and child.environ().get(name) == value
    )
    reader.send_signal(signal.SIGKILL)
    reader.wait(10)
    (far_scene.folder / "P02").rename(far_scene.folder / "P07")
    write_session(far_scene.folder / "P07", SessionDescription(id="7", name="P07", created=5))
    far_scene.dock.refresh()
    far_scene.wait_for("P07")
    assert far_scene.row("P02").title == ""


def test_properties_of_what_is_selected_are_read_and_summed_up(scene: Scene, folder: Path) -> None:
    scene.window.session_panel.show()
    dock, box = scene.dock, scene.window.session_panel.streams
    session = dock.model.find_recording(str(folder / "P01"))
    dock.list.setExpanded(session, True)
    recording = dock.model.index(0, 0, session)
    scene.qtbot.waitUntil(lambda: dock.model.rowCount(recording) == 3)
    dock.list.pick(dock.model.index(1, 0, recording))
    scene.qtbot.waitUntil(lambda: dict(box.lines).get("Average latency") == "1.000\u00a0ms")
    assert dict(box.lines)["Messages"] == "1\u202f000"
    dock.list.pick(recording)
    scene.qtbot.waitUntil(lambda: dict(box.lines).get("Messages") == "1\u202f110")
    dock.list.pick(session)
    scene.qtbot.waitUntil(box.isHidden)
