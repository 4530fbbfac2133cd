"""Several sessions processed with one chain: asked for once, each with streams of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from studio.ui.jobs.batch import State
from studio.ui.jobs.batch_panel import BatchPanel
from tests.store.recordings import STRING, T0, small_recording, write_recording
from tests.ui.processing.test_processing import LONG, Studio, part

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "raise")


@pytest.fixture
def studio(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Studio]:
    small_recording(tmp_path / "a.h5")
    for copy in ("b.h5", "b.audio_level.h5"):
        shutil.copy(tmp_path / "a.h5", tmp_path / copy)
    write_recording(tmp_path / "silent.h5", {"words": (STRING, [(T0, "hello")])})
    made = Studio(qtbot, qapp, tmp_path)
    yield made
    made.close()


def test_one_chain_is_run_over_all_sessions_that_have_no_result_of_it_yet(
    studio: Studio, tmp_path: Path
) -> None:
    dock, qtbot = studio.window.sessions_dock, studio.qtbot
    qtbot.waitUntil(lambda: len(dock.shown_below(str(tmp_path)).picks) == 3, timeout=LONG)
    chosen = dock.shown_below(str(tmp_path))
    chosen = type(chosen)(tuple(sorted(chosen.picks, key=lambda pick: pick.name)))
    studio.processing.many.ask(chosen)
    dialog = studio.opened()
    studio.wait_for_chain(dialog)
    assert "in each of 3 sessions" in part(dialog, QLabel, "process_target").text()
    assert "(in 1 of 3)" in part(dialog, QCheckBox, "process_again").text()
    part(dialog, QPushButton, "process_run").click()
    batch = studio.window.findChildren(BatchPanel)[-1].batch
    qtbot.waitUntil(lambda: batch.is_over, timeout=2 * LONG)
    assert [(step.name, step.state) for step in batch.steps] == [("a", State.DONE), ("silent", State.FAILED)]
    assert "There is no stream for" in batch.steps[1].text
    assert (tmp_path / "a.audio_level.h5").exists()
    assert (tmp_path / "b.audio_level.h5").read_bytes() == (tmp_path / "b.h5").read_bytes()
