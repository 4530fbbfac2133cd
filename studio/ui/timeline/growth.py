"""Watches the files of the session on screen: those that grow are asked anew, those that change are told.

While a partition is being recorded its description is asked for about once a second; of the others only the
file system is asked, now and then. Nothing waits, and nothing is asked while nothing is shown.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio.app.answers import FileStamp
from studio.formats.recording import RecordingInfo
from studio.host.protocol import ReadStamps
from studio.timing import monotonic_ns
from studio.ui.panels.questions import Reader
from studio.ui.timeline.opening import Opening

LIVE_INTERVAL_MS = 1000
STILL_INTERVAL_MS = 2000
REST_FACTOR = 4
"""After an answer that took long, so many times as long is waited: very many streams take a while."""

OnRecordings = Callable[[tuple[RecordingInfo, ...]], None]


class Growth(QObject):
    """Looks after the recordings it is told of."""

    noted = Signal(str)  # what happened to a file, in people's words
    failed = Signal(str)

    def __init__(self, reader: Reader, take_recordings: OnRecordings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader, self._take_recordings = reader, take_recordings
        self._infos: tuple[RecordingInfo, ...] = ()
        self._stamps: dict[str, FileStamp] = {}
        self._lost: set[str] = set()
        self._round = 0
        """Counts up, so that answers about what was shown before are known."""
        self._opening: Opening | None = None
        self._asked_ns = 0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def is_watching(self) -> bool:
        """Whether anything will be asked."""
        return bool(self._infos)

    def watch(self, infos: tuple[RecordingInfo, ...]) -> None:
        """These are shown now; none: rest."""
        if tuple(info.path for info in infos) != tuple(info.path for info in self._infos):
            self._stamps, self._lost = {}, set()
            for info in infos:
                if info.network:
                    self.noted.emit(following_text(info.name, info.network))
        self._infos = infos
        self._round += 1
        self._stop_opening()
        self._timer.stop()
        if infos:
            self._wait(0)

    def _wait(self, took_ns: int) -> None:
        least = LIVE_INTERVAL_MS if any(info.live for info in self._infos) else STILL_INTERVAL_MS
        self._timer.start(max(least, REST_FACTOR * took_ns // 1_000_000))

    @Slot()
    def _on_timer_timeout(self) -> None:
        self._asked_ns = monotonic_ns()
        number = self._round
        paths = tuple(info.path for info in self._infos)
        self._reader.ask(
            ReadStamps(paths),
            lambda stamps: self._take_stamps(number, stamps),
            lambda text: self._lose(number, text),
        )

    def _take_stamps(self, number: int, stamps: tuple[FileStamp, ...]) -> None:
        if number != self._round:
            return
        self._tell_lost(stamps)
        before, self._stamps = self._stamps, {stamp.path: stamp for stamp in stamps}
        changed = any(stamp != before.get(stamp.path, stamp) and stamp.exists for stamp in stamps)
        if any(info.live for info in self._infos) or changed:
            self._ask_anew(tuple(stamp.path for stamp in stamps if stamp.exists))
        else:
            self._wait(monotonic_ns() - self._asked_ns)

    def _ask_anew(self, paths: tuple[str, ...]) -> None:
        number = self._round
        if not paths:
            self._wait(0)
            return
        self._stop_opening()
        self._opening = Opening(
            self._reader,
            paths,
            lambda infos: self._take_infos(number, infos),
            lambda text: self._lose(number, text),
        )

    def _take_infos(self, number: int, infos: tuple[RecordingInfo, ...]) -> None:
        if number != self._round:
            return
        took = monotonic_ns() - self._asked_ns
        self._opening = None
        new = {info.path: info for info in infos}
        before = self._infos
        self._infos = tuple(new.get(info.path, info) for info in before)
        self._tell_replaced(before)
        if self._infos != before:
            self._take_recordings(self._infos)
        if number == self._round:
            self._wait(took)

    def _lose(self, number: int, text: str) -> None:
        if number == self._round:
            if text not in self._lost:
                self._lost.add(text)
                self.failed.emit(text)
            self._wait(monotonic_ns() - self._asked_ns)

    def _stop_opening(self) -> None:
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None

    # Words ----------------------------------------------------------------------------------------------

    def _tell_lost(self, stamps: tuple[FileStamp, ...]) -> None:
        for stamp in stamps:
            if not stamp.exists and stamp.path not in self._lost:
                self._lost.add(stamp.path)
                self.failed.emit(
                    f"{stamp.path} is gone: it was moved, deleted, or its disk was taken away. "
                    "What is on screen stays as it is."
                )
            elif stamp.exists and stamp.path in self._lost:
                self._lost.discard(stamp.path)
                self.noted.emit(f"{stamp.path} is there again.")

    def _tell_replaced(self, before: tuple[RecordingInfo, ...]) -> None:
        for old, new in zip(before, self._infos, strict=True):
            if old.created != new.created:
                self.noted.emit(f"“{old.name}” was replaced by another recording, which is shown now.")
            elif new.last_time < old.last_time or new.byte_size < old.byte_size // 2:
                self.noted.emit(f"“{old.name}” has become shorter while it was open.")


def following_text(name: str, network: str) -> str:
    """What to say of a recording that grows on a network drive and is looked at."""
    return (
        f"\u201c{name}\u201d is being recorded on a network drive ({network}). What is shown of it may lag "
        "or have holes until the recording has ended."
    )
