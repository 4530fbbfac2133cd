"""One window of `screenshots`: the panel of the clock in every state, in one theme, saved as pictures.

Arguments: folder, theme, scale in per cent (for the names only).
"""

import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QToolButton, QWidget

from studio.app.clock_sync import ClockSettings, PairedView, PairingStep, PairingView
from studio.app.settings import Settings
from studio.app.status import RecorderState
from studio.devices.simulated_devices import simulated_devices
from studio.timing import SystemClock, monotonic_ns
from studio.ui.application import make_window
from studio.ui.start import make_application
from studio.ui.sync.clock_dock import ClockDock
from studio.ui.sync.clock_view import clock_view
from studio.ui.sync.gate_dialog import GateDialog
from studio.ui.sync.pairing_dialog import PairingDialog
from studio.ui.theme import Theme
from tests.lab.clock_scenes import GATE, NOW, SCENES, ClockScene, history_of
from tests.ui.far_end import FarEnd

WIDTHS = (336, 620)
"""As a dock at the side, and drawn wide."""
WINDOW = QSize(1280, 720)


def take_states(theme: Theme, save: "Save") -> None:
    """The panel alone, as high as it needs to be."""
    for name, scene in SCENES.items():
        for width in WIDTHS if name in ("synchronised", "reference") else WIDTHS[:1]:
            dock = _dock(theme, scene)
            dock.resize(width, 400)
            dock.show()
            QTest.qWait(30)
            area = dock.widget()
            page = area.widget() if isinstance(area, QScrollArea) else None
            assert page is not None
            dock.resize(width, page.heightForWidth(width) + 60)
            QTest.qWait(30)
            save(dock, f"clock-{name}" if width == WIDTHS[0] else f"clock-{name}-wide")
            dock.close()


def _dock(theme: Theme, scene: ClockScene) -> ClockDock:
    dock = ClockDock(theme)
    settings = scene.clock.settings if scene.clock is not None else ClockSettings()
    dock.findChild(QToolButton, "clock_advanced").setChecked(scene.unfolded)  # type: ignore[union-attr]
    dock.show_view(clock_view(scene.clock, settings, NOW))
    dock.card.show_history(history_of(scene).curve(), NOW)
    return dock


def take_gate(theme: Theme, save: "Save") -> None:
    """The question before a recording, and while it waits."""
    dialog = GateDialog(theme, GATE)
    dialog.show()
    QTest.qWait(30)
    save(dialog, "clock-gate")
    dialog.wait.click()
    QTest.qWait(30)
    save(dialog, "clock-gate-waiting")
    dialog.close()


def take_pairing(theme: Theme, save: "Save") -> None:
    """Each step of pairing."""
    waiting = PairingView(PairingStep.WAITING, is_caller=False, host="10.0.0.5", port=11513)
    comparing = replace(
        waiting, step=PairingStep.COMPARING, code="123 456", machine="CAM-PC", address="10.0.0.7"
    )
    refused = replace(waiting, step=PairingStep.REFUSED, text="The codes differ. Nothing was kept.")
    steps = {"begin": None, "waiting": waiting, "comparing": comparing, "refused": refused}
    for name, view in steps.items():
        dialog = PairingDialog(theme)
        dialog.show_pairing(view, (PairedView("LAB-MASTER", "10.0.0.2", "ab" * 32),))
        dialog.show()
        QTest.qWait(30)
        save(dialog, f"clock-pairing-{name}")
        dialog.close()


def take_window(application: QApplication, theme: str, save: "Save") -> None:
    """The whole window with panel and chip."""
    far_end = FarEnd(simulated_devices())
    window = make_window(application, far_end.links(), Settings(theme=theme), SystemClock())  # type: ignore[arg-type]
    window.resize(WINDOW)
    window.show()
    scene = SCENES["synchronised"]
    assert scene.clock is not None
    window.clock_dock.show()
    window.resizeDocks([window.clock_dock], [WIDTHS[0]], Qt.Orientation.Horizontal)
    for _ in range(3):
        sync = replace(scene.clock.sync, last_reply=monotonic_ns())
        far_end.tell(RecorderState.IDLE, clock=replace(scene.clock, sync=sync), disk_free=148_000_000_000)
        QTest.qWait(400)
    window.clock_dock.card.show_history(history_of(scene).curve(), NOW)
    save(window, "clock-window")
    window.leave()


class Save:
    """Saves a widget under a name."""

    def __init__(self, folder: Path, theme: str, scale: str) -> None:
        self._folder, self._suffix = folder, f"{theme}-{scale}"

    def __call__(self, widget: QWidget, name: str) -> None:
        path = self._folder / f"{name}-{self._suffix}.png"
        if not widget.grab().save(str(path)):
            raise AssertionError(f"{path} could not be written")


def main(arguments: list[str]) -> None:
    """See the module."""
    folder, theme_name, scale = arguments
    application = make_application()
    theme = Theme(theme_name)
    theme.apply(application)
    save = Save(Path(folder), theme_name, scale)
    take_states(theme, save)
    take_gate(theme, save)
    take_pairing(theme, save)
    take_window(application, theme_name, save)


if __name__ == "__main__":
    main(sys.argv[1:])
