"""Says how far the reader is with a recording of very many streams, and calls it off. Never in the way.

Each of them is looked into once, when there is no table of contents, or the recording is put in order. Also
says which recording the reader waits for in vain.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QProgressDialog, QPushButton, QWidget

from studio.host.reader_signs import Listing
from studio.ui.bridge import Bridge
from studio.ui.named import named

PARTS = 1000


class ListingProgress(QObject):
    """A small dialog while it lasts; the window stays as usable as ever."""

    def __init__(self, bridge: Bridge, window: QWidget, warn: Callable[[str], None]) -> None:
        """`warn`: how a user is told of a file that does not answer."""
        super().__init__(window)
        self._warn = warn
        self._bridge, self._window = bridge, window
        self.dialog: QProgressDialog | None = None
        self._is_told = False
        """Whether there was a sign already: with the second one it is clear that it takes a while."""
        bridge.listing.connect(self._on_listing)
        bridge.reading_hangs.connect(self._on_reading_hangs)

    @Slot(object)
    def _on_listing(self, listing: Listing) -> None:
        if listing.done >= 1.0:
            self._end()
            return
        was_told, self._is_told = self._is_told, True
        if not was_told:
            return
        dialog = self.dialog or self._begin(listing)
        name = Path(listing.path).name
        dialog.setLabelText(f"{name} has very many streams: each is looked into, once.")
        dialog.setValue(round(listing.done * PARTS))

    @Slot(str)
    def _on_reading_hangs(self, path: str) -> None:
        self._warn(
            f"{path} does not answer: its disk is very slow, or its network hangs. What is on screen stays, "
            "recording and all else goes on."
        )

    def _begin(self, listing: Listing) -> QProgressDialog:
        dialog = named(QProgressDialog(self._window), "listing_progress")
        dialog.setWindowTitle("Opening")
        dialog.setWindowModality(Qt.WindowModality.NonModal)
        dialog.setRange(0, PARTS)
        dialog.setAutoClose(False)
        dialog.setAutoReset(False)
        dialog.setMinimumDuration(0)
        button = named(QPushButton("Cancel"), "listing_cancel") if listing.can_be_called_off else None
        dialog.setCancelButton(button)
        dialog.canceled.connect(self._bridge.call_off_listing)
        dialog.show()
        self.dialog = dialog
        return dialog

    def _end(self) -> None:
        self._is_told = False
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.hide()
            dialog.deleteLater()
