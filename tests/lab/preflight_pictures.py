"""One window of `screenshots`: the card of a pre-flight in every state, in one theme, saved as pictures.

Arguments: folder, theme, scale in per cent (for the names only).
"""

import sys
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.app.settings import Settings
from studio.app.status import RecorderState
from studio.devices.simulated_devices import simulated_devices
from studio.timing import SystemClock
from studio.ui.application import make_window
from studio.ui.preflight.preflight_card import PreflightDialog
from studio.ui.preflight.preflight_view import preflight_view
from studio.ui.start import make_application
from studio.ui.theme import Theme
from tests.lab.clock_pictures import WINDOW, Save
from tests.lab.preflight_scenes import SCENES
from tests.ui.far_end import FarEnd

SETTLE_MS = 50


def take_cards(theme: Theme, save: Save) -> None:
    """The card alone."""
    for name, scene in SCENES.items():
        dialog = PreflightDialog(theme)
        dialog.show_view(preflight_view(scene))
        dialog.show()
        QTest.qWait(SETTLE_MS)
        save(dialog, f"preflight-{name}")
        dialog.close()


def take_window(application: QApplication, theme: str, save: Save) -> None:
    """The whole window, with the button in its toolbar."""
    far_end = FarEnd(simulated_devices())
    window = make_window(application, far_end.links(), Settings(theme=theme), SystemClock())  # type: ignore[arg-type]
    window.resize(WINDOW)
    window.show()
    for _ in range(2):
        far_end.tell(RecorderState.IDLE, disk_free=148_000_000_000)
        QTest.qWait(400)
    save(window, "preflight-window")
    window.leave()


def main(arguments: list[str]) -> None:
    """See the module."""
    folder, theme_name, scale = arguments
    application = make_application()
    theme = Theme(theme_name)
    theme.apply(application)
    save = Save(Path(folder), theme_name, scale)
    take_cards(theme, save)
    take_window(application, theme_name, save)


if __name__ == "__main__":
    main(sys.argv[1:])
