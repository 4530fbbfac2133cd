"""Work on several sessions at once, from the list in the window: chosen, asked about once, done to each."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from studio.app.chains.preparing import read_info
from studio.app.session_entries import PartitionEntry, SessionEntry
from studio.ui.jobs.batch import Batch, State
from studio.ui.jobs.batch_panel import BatchPanel
from studio.ui.jobs.export_dialog import ExportDialog
from studio.ui.jobs.stream_choice import StreamChoice
from studio.ui.readable import SPACE
from studio.ui.sessions.chosen import computed_name, whole
from tests.app.trash_can import own_trash
from tests.store.recordings import STRING, T0, small_recording, write_recording
from tests.ui.sessions.test_sessions_window import AtOnce, Scene, lines_of, opened

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "raise", "grabbing")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three sessions; of two of them something was computed."""
    made = tmp_path / "recordings"
    (made / "P01").mkdir(parents=True)
    small_recording(made / "P01" / "lab.h5")
    for name in ("P02", "P03"):
        shutil.copytree(made / "P01", made / name)
    for name in ("P01", "P02"):
        shutil.copy(made / name / "lab.h5", made / name / "lab.loud.h5")
    return made


@pytest.fixture
def scene(qtbot: QtBot, qapp: QApplication, folder: Path) -> object:
    with opened(qtbot, qapp, folder, AtOnce()) as made:
        yield made


def select(scene: Scene, *names: str) -> None:
    """These rows, as Ctrl and a click do."""
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    scene.dock.list.selectionModel().clearSelection()
    for name in names:
        scene.dock.list.selectionModel().select(
            scene.dock.model.find_recording(str(scene.folder / name)), flags
        )


def menu_of(scene: Scene, name: str) -> dict[str, QAction]:
    """The lines of the menu of this row."""
    model = scene.dock.model
    index = model.find_recording(str(scene.folder / name)) if name else model.index(0, 0)
    scene.dock.menu_wanted.emit(model.node(index), QPoint(10, 10))
    menus = scene.dock.findChildren(QMenu, "session_menu")
    menus[-1].close()
    return lines_of(menus[-1])


def answer(scene: Scene, button: str) -> str:
    """Press a button of the question; returns what it said."""
    box = scene.window.findChild(QMessageBox, "many_dialog")
    assert box is not None
    said = f"{box.text()} {box.informativeText()}"
    next(each for each in box.buttons() if each.text() == button).click()
    scene.qtbot.waitUntil(lambda: scene.window.findChild(QMessageBox, "many_dialog") is None)
    return said


def last_batch(scene: Scene) -> Batch:
    panel = scene.window.findChildren(BatchPanel)[-1]
    batch = panel.batch
    scene.qtbot.waitUntil(lambda: batch.is_over, timeout=60_000)
    return batch


def removal_of(scene: Scene) -> QAction:
    """The one line that removes something computed, in the menu of the folder."""
    scene.dock.list.clearSelection()
    lines = menu_of(scene, "")
    every = next(action for text, action in lines.items() if text.startswith("All that are")).menu()
    assert isinstance(every, QMenu)
    removals = lines_of(every)["Remove what was computed"].menu()
    assert isinstance(removals, QMenu)
    (line,) = removals.actions()
    return line


def test_several_sessions_are_verified_computed_results_removed_and_sessions_thrown_away(
    scene: Scene, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trash = own_trash(monkeypatch, tmp_path)
    scene.wait_for("P03")
    qtbot.keyClick(scene.dock.list, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert scene.dock.chosen.words == f"3{SPACE}sessions"
    line = removal_of(scene)
    assert line.text().startswith(f"loud  (2{SPACE}sessions, ")
    line.trigger()
    assert f"Remove \u201cloud\u201d from 2{SPACE}sessions?" in answer(scene, "Cancel")
    assert (scene.folder / "P01" / "lab.loud.h5").exists()
    removal_of(scene).trigger()
    answer(scene, "Remove")
    qtbot.waitUntil(lambda: not list(scene.folder.glob("*/lab.loud.h5")), timeout=20_000)
    assert len(list(scene.folder.glob("*/lab.h5"))) == 3

    scene.dock.refresh()
    qtbot.waitUntil(
        lambda: all(len(pick.parts) == 1 for pick in scene.dock.shown_below(str(scene.folder)).picks)
    )
    select(scene, "P01", "P03")
    lines = menu_of(scene, "P01")
    assert next(iter(lines)).startswith(f"2{SPACE}sessions \u00b7 ")
    lines["Verify"].trigger()
    batch = last_batch(scene)
    assert sorted((step.name, step.state) for step in batch.steps) == [
        ("P01", State.DONE),
        ("P03", State.DONE),
    ]

    select(scene, "P01", "P02")
    qtbot.keyClick(scene.dock.list, Qt.Key.Key_Delete)
    said = answer(scene, "Move to trash")
    assert [name for name in ("P01", "P02", "P03") if name in said] == ["P01", "P02"]
    qtbot.waitUntil(lambda: scene.row("P01").title == scene.row("P02").title == "", timeout=20_000)
    assert (trash / "P01" / "lab.h5").exists()
    assert (trash / "P02" / "lab.h5").exists()
    assert scene.row("P03").title == "P03"


def part(name: str, *, derived: bool = False, live: bool = False) -> PartitionEntry:
    return PartitionEntry(f"/s/{name}.h5", name, derived=derived, live=live, byte_size=10)


def test_what_was_computed_is_called_by_what_it_adds_to_the_name_of_its_source() -> None:
    lab, loud, of_loud = part("lab"), part("lab.loud", derived=True), part("lab.loud.peaks", derived=True)
    session = SessionEntry("/s", "s", (lab, loud, of_loud))
    assert [computed_name(session, each) for each in (loud, of_loud)] == ["loud", "peaks"]
    chosen = whole((session, session))
    assert list(chosen.computed) == ["loud", "peaks"]
    assert chosen.words == f"1{SPACE}session"
    assert not chosen.is_many


def test_what_is_being_recorded_is_left_alone() -> None:
    grows = SessionEntry("/g", "g", (part("now", live=True), part("now.loud", derived=True)))
    rests = SessionEntry("/r", "r", (part("then"),))
    chosen = whole((grows, rests))
    assert [pick.name for pick in chosen.at_rest.picks] == ["r"]
    assert [each.name for _, each in chosen.recordings] == ["now.loud", "then"]


def test_the_same_streams_of_several_sessions_are_copied(scene: Scene, qtbot: QtBot) -> None:
    only_here = write_again(scene.folder / "P03" / "lab.h5", {"words": (STRING, [(T0, "hello")])})
    scene.wait_for("P03")
    scene.dock.refresh()
    select(scene, "P02", "P03")
    qtbot.waitUntil(lambda: scene.dock.chosen.picks[0].parts[0].stream_count == 1, timeout=20_000)
    menu_of(scene, "P02")["Export or copy\u2026"].trigger()
    dialog = next(each for each in scene.window.findChildren(ExportDialog) if each.isVisible())
    ticks = dialog.findChild(StreamChoice).ticks  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: ticks.rowCount() == 3)
    choice, name = dialog.findChild(QComboBox, "export_choice"), dialog.findChild(QLineEdit, "export_name")
    assert choice is not None
    assert name is not None
    assert not name.isVisible()
    choice.setCurrentIndex(choice.findData("recording"))
    assert dialog.windowTitle() == f"Copy 2{SPACE}recordings"
    row = next(row for row in range(3) if ticks.index(row).data().startswith("sound"))
    ticks.setData(ticks.index(row), Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)
    dialog._start.click()
    assert {step.state for step in last_batch(scene).steps} == {State.DONE}
    found = {path.parent.name: [s.name for s in read_info(str(path)).streams] for path in copies(scene)}
    assert found == {"P02": ["numbers", "words"], "P03": ["words"]}
    assert only_here.exists()


def write_again(path: Path, streams: dict[str, Any]) -> Path:
    """Another recording in place of one."""
    path.unlink()
    return write_recording(path, streams)


def copies(scene: Scene) -> list[Path]:
    return sorted(scene.folder.glob("*/* copy.h5"))
