"""Writes down which picture was painted when, for those who measure: a line of JSON for each."""

import json
from pathlib import Path

from PySide6.QtCore import QObject

from studio.timing import Timestamp, monotonic_ns
from studio.ui.panels.picture_plot import PicturePlot


class PaintedLog(QObject):
    """Listens to plots; the file is complete whenever a line is."""

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = path.open("a", encoding="utf-8", buffering=1)
        self._known: set[PicturePlot] = set()
        self.destroyed.connect(self._file.close)

    def watch(self, plot: PicturePlot, stream: str) -> None:
        """Write down what this plot paints from now on."""
        if plot not in self._known:
            self._known.add(plot)
            plot.destroyed.connect(lambda: self._known.discard(plot))
            plot.painted.connect(lambda time: self._write(stream, time))

    def close(self) -> None:
        """No more. Idempotent."""
        self._file.close()

    def _write(self, stream: str, time: Timestamp) -> None:
        if not self._file.closed:
            line = {"monotonic": monotonic_ns(), "stream": stream, "time": time}
            self._file.write(json.dumps(line) + "\n")
