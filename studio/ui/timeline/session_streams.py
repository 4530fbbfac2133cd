"""The panels of the session on screen, one for each plan, and the values they say at the cursor.

Makes, keeps and closes panels so that they match the plans; asks the reader for values once per partition.
"""

from collections.abc import Callable, Sequence
from functools import partial

from studio.app.answers import ValueAt
from studio.formats.recording import StreamRef
from studio.host.protocol import ReadValues
from studio.ui.panels.panel import Panel
from studio.ui.panels.panel_plan import PanelPlan
from studio.ui.panels.questions import Questions, Reader
from studio.ui.panels.stored_stream import StoredStream
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme
from studio.ui.timeline.session import Session


class SessionStreams:
    """The streams of a session that have panels."""

    def __init__(self, theme: Theme, reader: Reader, session: Session, plans: Sequence[PanelPlan]) -> None:
        self._theme, self._reader = theme, reader
        self.session = session
        self.plans = tuple(plan for plan in plans if session.stream(plan.streams[0]) is not None)
        self._streams = tuple(self._made(n, plan.streams[0]) for n, plan in enumerate(self.plans))
        self._names = _names_by_path(session, self.plans)
        self._values = {path: Questions(reader, self._taker_of(path), _ignore_words) for path in self._names}

    @property
    def panels(self) -> tuple[Panel, ...]:
        """See Streams."""
        return tuple(stream.panel for stream in self._streams)

    def show_frame(self, frame: TimeFrame) -> None:
        """See Streams."""
        for stream in self._streams:
            stream.show_frame(frame)
        for path, names in self._names.items():
            self._values[path].want(ReadValues(path, names, frame.reading_time))

    def close(self) -> None:
        """See Streams."""
        for questions in self._values.values():
            questions.close()
        for stream in self._streams:
            stream.close()

    def _made(self, index: int, ref: StreamRef) -> StoredStream:
        stream = self.session.stream(ref)
        assert stream is not None
        return StoredStream(self._theme, self._reader, ref.path, index, stream)

    def _taker_of(self, path: str) -> Callable[[tuple[ValueAt, ...]], None]:
        return partial(self._take_values, path)

    def _take_values(self, path: str, values: tuple[ValueAt, ...]) -> None:
        by_ref = {StreamRef(path, value.stream): value for value in values}
        for plan, stream in zip(self.plans, self._streams, strict=True):
            if plan.streams[0] in by_ref:
                stream.take_value(by_ref[plan.streams[0]])


def _names_by_path(session: Session, plans: Sequence[PanelPlan]) -> dict[str, tuple[str, ...]]:
    """The streams of each partition whose values are asked for; pictures have none."""
    names: dict[str, list[str]] = {}
    for ref in dict.fromkeys(ref for plan in plans for ref in plan.streams):
        stream = session.stream(ref)
        if stream is not None and not stream.format.kind.is_picture:
            names.setdefault(ref.path, []).append(ref.name)
    return {path: tuple(found) for path, found in names.items()}


def _ignore_words(_: str) -> None:
    """A file that cannot be read is told by every panel already."""
