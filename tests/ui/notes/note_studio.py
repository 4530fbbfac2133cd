"""A window without a screen, with a real reader process and a recorder that the test plays."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.app.settings import Settings
from studio.formats.notes import Note, NoteBook
from studio.host.reader_client import ReaderClient
from studio.store.notes_journal import read_notes
from studio.timing import SystemClock, TimeInterval, Timestamp
from studio.ui.application import make_window
from studio.ui.notes.wiring import NotesWiring
from tests.store.recordings import small_recording
from tests.ui.far_end import FarEnd

LONG = 30_000


class NoteStudio:
    """A recording is on screen."""

    def __init__(self, qtbot: QtBot, application: QApplication, folder: Path) -> None:
        self.qtbot, self.far_end, self.path = qtbot, FarEnd(), folder / "r.h5"
        self.reader = ReaderClient()
        links = replace(self.far_end.links(), reader=self.reader)
        settings = Settings(recordings_folder=str(folder))
        self.window = make_window(application, links, settings, SystemClock())
        qtbot.addWidget(self.window)
        self.window.resize(1200, 700)
        self.window.show()
        found = self.window.findChild(NotesWiring)
        assert found is not None
        self.wiring = found
        small_recording(self.path)

    @property
    def notes(self) -> list[Note]:
        """On the screen, by time."""
        return sorted(self.wiring.notes.all(), key=lambda note: (note.time, note.end_time))

    @property
    def stored(self) -> NoteBook:
        """In the file."""
        return read_notes(self.path)

    def show(self) -> None:
        self.window.stage.show_recording(str(self.path))
        self.qtbot.waitUntil(lambda: bool(self.window.timeline.recordings), timeout=LONG)
        self.qtbot.waitUntil(lambda: self.wiring.strip.plot._frame is not None, timeout=LONG)

    def settled(self) -> None:
        """Wait until the file says what the screen shows."""
        self.qtbot.waitUntil(lambda: list(self.stored.notes) == self.notes, timeout=LONG)

    def select(self, left: Timestamp, right: Timestamp) -> None:
        self.window.timeline.navigator.set_selection(TimeInterval(left, right))

    def press(self, action: str) -> None:
        self.window.actions_by_name[action].trigger()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Into whatever has the focus, or would have it in an active window."""
        self.qtbot.keyClick(self.window.timeline, key, modifier)

    def type(self, text: str) -> None:
        """Words for the note that is being edited."""
        line = self.wiring.deeds.editor.line
        self.qtbot.keyClicks(line, text)
        self.qtbot.keyClick(line, Qt.Key.Key_Return)

    def place(self, time: Timestamp, row: int = 0) -> QPoint:
        """Where a time lies in a row of the panel."""
        plot = self.wiring.strip.plot
        assert plot._frame is not None
        return QPoint(round(plot._frame.axis.x_of(time)), round((row + 0.5) * plot.row_height))

    def drag(self, start: QPoint, end: QPoint) -> None:
        plot, left = self.wiring.strip.plot, Qt.MouseButton.LeftButton
        self.qtbot.mousePress(plot, left, pos=start)
        for share in (0.5, 1.0):
            self.qtbot.mouseMove(plot, start + (end - start) * share)
        self.qtbot.mouseRelease(plot, left, pos=end)

    def close(self) -> None:
        self.window.leave()
