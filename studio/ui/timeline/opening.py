"""Asks the reader to describe all partitions of a session, and hands them on together. Shows nothing."""

from collections.abc import Callable, Sequence

from studio.formats.recording import RecordingInfo
from studio.host.protocol import OpenRecording
from studio.ui.panels.questions import Reader

OnOpened = Callable[[tuple[RecordingInfo, ...]], None]


class Opening:
    """One attempt to open these partitions; what cannot be opened is told and left out."""

    def __init__(
        self, reader: Reader, paths: Sequence[str], on_opened: OnOpened, on_failure: Callable[[str], None]
    ) -> None:
        self._paths = tuple(dict.fromkeys(paths))
        self._waiting = set(self._paths)
        self._infos: dict[str, RecordingInfo] = {}
        self._on_opened, self._on_failure = on_opened, on_failure
        self._cancelled = False
        for path in self._paths:
            reader.ask(OpenRecording(path), self._taker(path), self._teller(path))

    def cancel(self) -> None:
        """The user has gone elsewhere meanwhile. Idempotent."""
        self._cancelled = True

    def _taker(self, path: str) -> Callable[[RecordingInfo], None]:
        def take(info: RecordingInfo) -> None:
            self._infos[path] = info
            self._settle(path)

        return take

    def _teller(self, path: str) -> Callable[[str], None]:
        def tell(text: str) -> None:
            if not self._cancelled:
                self._on_failure(text)
            self._settle(path)

        return tell

    def _settle(self, path: str) -> None:
        self._waiting.discard(path)
        if not self._waiting and self._infos and not self._cancelled:
            self._cancelled = True
            self._on_opened(tuple(self._infos[path] for path in self._paths if path in self._infos))
