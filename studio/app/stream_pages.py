"""The streams of a recording, some at a time: one may have a hundred thousand. Belongs to the reader role."""

from typing import TYPE_CHECKING

from studio.app.browse import Browser
from studio.app.session_entries import StreamPage

if TYPE_CHECKING:
    from studio.formats.recording import RecordingInfo


class StreamPages:
    """Remembers the recording whose pages were asked for last, for the pages after the first."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._info: RecordingInfo | None = None

    def page(self, path: str, first: int, count: int) -> StreamPage:
        """`count` streams from the one of number `first` on. Raises as `Browser.open_recording` does."""
        if self._info is None or self._info.path != path or first == 0:
            self._info = self._browser.open_recording(path)
        streams = self._info.streams
        begin = max(0, first)
        return StreamPage(path, len(streams), first, tuple(streams[begin : begin + max(0, count)]))

    def forget(self) -> None:
        """The recordings may have moved."""
        self._info = None
