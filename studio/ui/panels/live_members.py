"""What is inside the live messages of one JSON stream: parsed as they come, while a panel looks at it.

Nobody looks, nothing is parsed; whoever looks again finds what is still in the ring. No Qt.
"""

import json

import numpy as np

from studio.app.answers import ShapesAt
from studio.errors import ShapeError
from studio.formats.course import Course
from studio.formats.members import MOST_MEMBERS, Members, numbers_of
from studio.formats.points import Int64s, PointAxis, Reals
from studio.formats.series import SeriesWindow, column_begins
from studio.formats.shapes import parse_shapes
from studio.formats.signal import SignalWindow
from studio.host.rings import LiveMessage, MessageRingReader
from studio.timing import Duration, Timestamp

MOST_PARSED = 400
"""Messages that are parsed at once: a few milliseconds."""
MOST_PARSED_BYTES = 256 << 10
MOST_ROWS = 20_000
"""Messages whose numbers are kept: minutes of most streams."""
MOST_FIGURES = 64
"""Messages in which figures are looked for, the newest: a picture is hardly later than those about it."""
TOO_LARGE = "messages are too large to be drawn live"


class LiveMembers:
    """The numbers and figures inside the messages of one ring."""

    def __init__(self, path: str, *, most_rows: int = MOST_ROWS) -> None:
        """Raises LiveViewError if the ring is not there."""
        self._ring = MessageRingReader(path)
        self._most_rows = most_rows
        self._number = 0
        """Of the newest message that was looked at."""
        self._places: dict[str, int] = {}
        self._times: Int64s = np.empty(0, np.int64)
        self._values: Reals = np.empty((0, 0))
        self._count = 0
        self._figures: ShapesAt | None = None
        self.has_more = False
        self.problem = ""
        """Why the newest messages cannot be drawn; empty: they can."""

    @property
    def names(self) -> tuple[str, ...]:
        """Of all numbers that were met, in that order."""
        return tuple(self._places)

    @property
    def members(self) -> Members:
        """What numbers the messages hold: texts are shown when the recording is opened."""
        return Members(self.names)

    @property
    def times(self) -> Int64s:
        """(n,) of the messages that are known."""
        return self._times[: self._count]

    @property
    def values(self) -> Reals:
        """(n, names); NaN where a message does not have the member."""
        return self._values[: self._count, : len(self._places)]

    def pull(self) -> bool:
        """Parse what has come since, some of it at a time; whether there was anything."""
        total, count, size = self._ring.total, 0, 0
        if total <= self._number:
            return False
        for message in self._ring.since(self._number):
            self._number = message.number
            self._take(message)
            count, size = count + 1, size + len(message.data)
            if count >= MOST_PARSED or size >= MOST_PARSED_BYTES:
                return True
        self._number = max(self._number, total)
        return True

    def window(
        self, left: Timestamp, right: Timestamp, columns: int, members: tuple[str, ...] = ()
    ) -> SeriesWindow:
        """The curves from `left` to `right`, one message more on each side; see `ReadSeries`."""
        times, names = self.times, members or self.names
        begin = max(0, int(np.searchsorted(times, left)) - 1)
        end = int(np.searchsorted(times, right, "right")) + 1
        times, low = times[begin:end], self._chosen(names, slice(begin, end))
        high, size = low, 1.0
        if len(times) > 2 * columns:
            begins = column_begins(times, left, right, columns)
            size = max(2.0, len(times) / len(begins))
            low, high = np.fmin.reduceat(low, begins), np.fmax.reduceat(high, begins)
            times = times[begins]
        return SeriesWindow(names, SignalWindow(times, low, high, size), has_more=self.has_more)

    def course(self, axis: PointAxis, left: Timestamp, right: Timestamp) -> Course:
        """One member against time; one that nobody knows is NaN."""
        span = slice(int(np.searchsorted(self.times, left)), int(np.searchsorted(self.times, right, "right")))
        names = self.names
        name = axis.place or next(iter(names[axis.usual : axis.usual + 1] or names[:1]), "")
        values = self._chosen((name,), span)[:, 0]
        return Course(self.times[span].copy(), values, name, len(values), names)

    def values_at(self, time: Timestamp) -> tuple[Timestamp, tuple[float, ...]]:
        """Time and numbers of the newest message at or before `time`; 0 and none before the first."""
        place = int(np.searchsorted(self.times, time, "right")) - 1
        if place < 0:
            return 0, ()
        return int(self.times[place]), tuple(self.values[place].tolist())

    def shapes_at(self, time: Timestamp, keep: Duration) -> ShapesAt | None:
        """The figures of the newest message at or before `time`, unless it is older than `keep` (0: never).

        Only the newest messages are looked at, and only the one that is drawn is parsed. Raises ShapeError.
        """
        found = self._ring.at(time, most=MOST_FIGURES)
        if found is None or (keep and time - found.time > keep):
            return None
        if not found.is_whole:
            raise ShapeError(TOO_LARGE)
        if self._figures is None or self._figures.number != found.number:
            self._figures = ShapesAt(found.time, found.number, parse_shapes(json.loads(found.data)))
        return self._figures

    def close(self) -> None:
        """Unmap the ring. Idempotent."""
        self._ring.close()

    # Rows -----------------------------------------------------------------------------------------------

    def _take(self, message: LiveMessage) -> None:
        if not message.is_whole:
            self.problem = TOO_LARGE
            return
        self.problem = ""
        data = json.loads(message.data)
        cells = {
            place: value for name, value in numbers_of(data).items() if (place := self._place(name)) >= 0
        }
        self._make_room()
        self._times[self._count] = message.time
        self._values[self._count, list(cells)] = list(cells.values())
        self._count += 1

    def _place(self, name: str) -> int:
        """The column of a number; -1: there is no room for it."""
        place = self._places.get(name, -1)
        if place < 0 and len(self._places) < MOST_MEMBERS:
            place = self._places[name] = len(self._places)
        self.has_more = self.has_more or place < 0
        return place

    def _make_room(self) -> None:
        """For one more row, with a column for each name; the oldest rows go."""
        rows, wide = self._values.shape
        if self._count < rows and len(self._places) <= wide:
            return
        kept = min(self._count, self._most_rows)
        begin = self._count - kept
        values = np.full((max(512, 2 * kept), max(8, 2 * wide, len(self._places))), np.nan)
        times = np.zeros(len(values), np.int64)
        values[:kept, :wide], times[:kept] = self._values[begin : self._count], self.times[begin:]
        self._values, self._times, self._count = values, times, kept

    def _chosen(self, names: tuple[str, ...], span: slice) -> Reals:
        """The columns of these members in some of the rows, of their own memory."""
        rows = self.values[span]
        chosen = np.full((len(rows), len(names)), np.nan)
        for place, name in enumerate(names):
            if name in self._places:
                chosen[:, place] = rows[:, self._places[name]]
        return chosen
