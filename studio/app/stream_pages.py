"""The streams of a recording, some at a time: one may have a hundred thousand. Belongs to the reader role."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studio.app.browse import Browser
from studio.app.session_entries import StreamPage
from studio.app.session_search import names_with
from studio.formats.recording import StreamInfo
from studio.formats.stream_columns import StreamColumns

if TYPE_CHECKING:
    from studio.formats.recording import RecordingInfo


class StreamPages:
    """Remembers the recording whose pages were asked for last, for the pages after the first."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._info: RecordingInfo | None = None
        self._found: tuple[str, Sequence[int]] | None = None
        """Words, and the numbers of the streams of that recording whose names hold them."""

    def page(self, path: str, first: int, count: int, find: str = "") -> StreamPage:
        """`count` streams from the one of number `first` on, of those whose names hold the words of `find`.

        Raises as `Browser.open_recording` does.
        """
        if self._info is None or self._info.path != path or first == 0:
            self._info, self._found = self._browser.open_recording(path), None
        streams = self._info.streams
        begin = max(0, first)
        if not find.split():
            return StreamPage(path, len(streams), first, tuple(streams[begin : begin + max(0, count)]), find)
        numbers = self._numbers(streams, find)
        wanted = (streams[number] for number in numbers[begin : begin + max(0, count)])
        return StreamPage(path, len(numbers), first, tuple(wanted), find)

    def _numbers(self, streams: Sequence[StreamInfo], find: str) -> Sequence[int]:
        if self._found is None or self._found[0] != find:
            self._found = find, names_with(StreamColumns.of(streams).all_names(), find)
        return self._found[1]

    def forget(self) -> None:
        """The recordings may have moved."""
        self._info = None
        self._found = None
