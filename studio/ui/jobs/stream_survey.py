"""Finds out which streams several recordings have, one recording after another. Shows nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from studio.app.session_entries import StreamPage
from studio.formats.recording import RecordingInfo, StreamInfo
from studio.host.protocol import ListStreams
from studio.ui.panels.questions import Reader

STREAMS_AT_ONCE = 2000
TELL_EVERY = 25
"""Recordings: whoever looks at a list of streams does not want to see it change all the time."""


class StreamSurvey:
    """One look at these recordings; what cannot be opened is left out."""

    def __init__(
        self, reader: Reader, paths: Sequence[str], name: str, on_news: Callable[[RecordingInfo], None]
    ) -> None:
        """`name`: what all of them together are called. `on_news` is told what is known, again and again."""
        self._reader, self._paths, self._on_news = reader, tuple(paths), on_news
        self._streams: dict[str, StreamInfo] = {}
        self._at = 0
        self._cancelled = False
        self.info = RecordingInfo(
            path=paths[0],
            name=name,
            created=0,
            machine="",
            clean=True,
            recovered=False,
            live=False,
            first_time=0,
            last_time=0,
            byte_size=0,
            streams=(),
        )
        """All streams as if they were of one recording, each as large as all of its name together."""

    def begin(self) -> None:
        """Ask for the first."""
        self._ask(0)

    def cancel(self) -> None:
        """Nobody wants to know any more. Idempotent."""
        self._cancelled = True

    def _ask(self, first: int) -> None:
        if self._cancelled or self._at >= len(self._paths):
            return
        query = ListStreams(self._paths[self._at], first, STREAMS_AT_ONCE)
        self._reader.ask(query, self._take, lambda _: self._go_on())

    def _take(self, page: StreamPage) -> None:
        for stream in page.streams:
            known = self._streams.get(stream.name)
            self._streams[stream.name] = stream if known is None else _together(known, stream)
        behind = page.first + len(page.streams)
        if page.streams and behind < page.total:
            self._ask(behind)
        else:
            self._go_on()

    def _go_on(self) -> None:
        self._at += 1
        is_last = self._at >= len(self._paths)
        if not self._cancelled and (self._at == 1 or is_last or self._at % TELL_EVERY == 0):
            self.info = replace(self.info, streams=tuple(self._streams.values()))
            self._on_news(self.info)
        self._ask(0)


def _together(one: StreamInfo, other: StreamInfo) -> StreamInfo:
    return replace(
        one,
        message_count=one.message_count + other.message_count,
        byte_count=one.byte_count + other.byte_count,
    )
