"""File > Open recent: what was on screen comes back with a click, what is gone leaves the list."""

import shutil

import pytest
from pytestqt.qtbot import QtBot

from studio.app.settings import Settings
from tests.store.recordings import small_recording
from tests.ui.sessions.test_sessions_window import Scene, folder, lines_of, scene, wiring_of

__all__ = ["folder", "scene"]  # fixtures

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "raise", "grabbing")


def names(scene: Scene) -> list[str]:
    menu = wiring_of(scene).recent.menu
    menu.aboutToShow.emit()
    return [name for name in lines_of(menu) if name != "Forget these"]


def choose(scene: Scene, name: str) -> None:
    menu = wiring_of(scene).recent.menu
    menu.aboutToShow.emit()
    lines_of(menu)[name].trigger()


def test_what_was_opened_is_listed_newest_first_follows_its_session_and_is_kept(
    scene: Scene, qtbot: QtBot
) -> None:
    window = scene.window
    assert not wiring_of(scene).recent.menu.isEnabled()
    for name in ("P01", "P02"):
        window.stage.show_recording(str(scene.folder / name / "lab.h5"))
        qtbot.waitUntil(lambda name=name: names(scene)[:1] == [name])
    choose(scene, "P01")
    qtbot.waitUntil(lambda: names(scene) == ["P01", "P02"])
    assert window.timeline.recordings[0].path == str(scene.folder / "P01" / "lab.h5")
    second = scene.dock.session_at(str(scene.folder / "P02" / "lab.h5"))
    assert second is not None
    wiring_of(scene).deeds.edits.rename(second, "P09")
    scene.wait_for("P09")
    assert names(scene) == ["P01", "P09"]
    window.choices.save()
    kept = Settings.load()
    assert kept.recent == tuple((str(scene.folder / name / "lab.h5"),) for name in ("P01", "P09"))
    choose(scene, "Forget these")
    assert names(scene) == []


def test_what_is_gone_is_told_once_and_leaves_the_list(scene: Scene, qtbot: QtBot) -> None:
    window = scene.window
    path = scene.folder / "P01" / "lab.h5"
    window.stage.show_recording(str(path))
    qtbot.waitUntil(lambda: names(scene) == ["P01"])
    window.stage.show_live()
    shutil.rmtree(path.parent)
    with qtbot.waitSignal(window.stage.failed) as failed:
        choose(scene, "P01")
    assert str(path) in failed.args[0]
    assert names(scene) == []


def test_several_recordings_of_a_session_are_called_as_the_session(scene: Scene, qtbot: QtBot) -> None:
    first = scene.folder / "P01" / "lab.h5"
    second = small_recording(first.with_name("wrist.h5"))
    scene.dock.refresh()
    qtbot.waitUntil(lambda: scene.dock.session_at(str(second)) is not None)
    for paths, name in (((first, second), "P01"), ((first,), "P01 \u00b7 lab")):
        scene.window.stage.show_session(tuple(map(str, paths)))
        qtbot.waitUntil(lambda name=name: scene.window.windowTitle() == f"{name} \u2013 Studio")
        assert names(scene) == [name]
