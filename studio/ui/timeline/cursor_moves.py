"""Where the cursor goes when the user wants it somewhere: there, or to the nearest message of a stream.

Asks the reader for the messages beside a time, one question at a time, and never waits for it.
"""

from PySide6.QtCore import QObject, Signal, Slot

from studio.app.answers import Neighbours
from studio.formats.recording import StreamRef
from studio.host.protocol import ReadNeighbours
from studio.timing import NS_PER_S, Timestamp
from studio.ui.panels.questions import Questions, Reader
from studio.ui.timeline.navigator import Navigator

PLAIN_STEP = NS_PER_S // 30
"""How far a step goes where there is no stream to step along: a picture."""
FAR_STEPS = 5
"""Steps of a far one: a sixth of a second of pictures."""
MOST_STEPS = FAR_STEPS
"""Steps that may wait for the answer to the one before: a key held down must not run on when it is let go."""


class CursorMoves(QObject):
    """Snaps and steps."""

    snap_changed = Signal()
    failed = Signal(str)

    def __init__(self, navigator: Navigator, reader: Reader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._navigator, self._reader = navigator, reader
        self._snapped: StreamRef | None = None
        self._picked: StreamRef | None = None
        self._wanted: Timestamp = 0
        self._steps = 0
        self._asked = 0
        """Counts up, so that an answer that comes too late is known."""
        self._near = Questions(reader, self._take_near, _ignore_words)

    @property
    def snapped(self) -> StreamRef | None:
        """The stream whose messages the cursor snaps to."""
        return self._snapped

    @property
    def stepped(self) -> StreamRef | None:
        """The stream that steps follow: the one snapped to, else the one picked last."""
        return self._snapped or self._picked

    @property
    def words(self) -> str:
        """What holds the cursor; empty: nothing does."""
        if self._snapped is not None:
            return f"snaps to {self._snapped.name}"
        return "" if self._picked is None else f"steps along {self._picked.name}"

    def snap_to(self, ref: StreamRef | None) -> None:
        """Stand on messages of this stream only; None: anywhere."""
        if ref != self._snapped:
            self._snapped = ref
            self.snap_changed.emit()
            if ref is not None and self._navigator.cursor_time is not None:
                self.want(self._navigator.cursor_time)

    def pick(self, ref: StreamRef | None) -> None:
        """Step along this stream from now on."""
        if ref != self._picked:
            self._picked = ref
            self.snap_changed.emit()

    @Slot()
    def rest(self) -> None:
        """Something else is shown: forget streams and answers."""
        self._steps, self._asked = 0, self._asked + 1
        self.pick(None)
        self._near.close()
        self._near = Questions(self._reader, self._take_near, _ignore_words)
        self.snap_to(None)

    @Slot(object)
    def want(self, time: Timestamp) -> None:
        """The cursor shall stand there, or on the message nearest to it."""
        if self._snapped is None:
            self._navigator.set_cursor(time)
            return
        self._wanted = time
        self._near.want(ReadNeighbours(self._snapped.path, self._snapped.name, time))

    @Slot()
    def step_back(self) -> None:
        """To the message before."""
        self.step(-1)

    @Slot()
    def step_on(self) -> None:
        """To the message after."""
        self.step(1)

    def step(self, steps: int) -> None:
        """So many messages on; of no stream: so many pictures."""
        if self._navigator.extent is None or self._navigator.cursor_time is None:
            return
        if self.stepped is None:
            self._navigator.move_cursor(self._navigator.cursor_time + steps * PLAIN_STEP)
            return
        is_waiting = self._steps != 0
        self._steps = max(-MOST_STEPS, min(MOST_STEPS, self._steps + steps))
        if not is_waiting:
            self._ask_for_step()

    def _ask_for_step(self) -> None:
        ref, cursor = self.stepped, self._navigator.cursor_time
        if not self._steps or ref is None or cursor is None:
            self._steps = 0
            return
        self._asked += 1
        number = self._asked
        self._reader.ask(
            ReadNeighbours(ref.path, ref.name, cursor),
            lambda found: self._take_step(number, found),
            lambda text: self._lose_step(number, text),
        )

    def _take_step(self, number: int, found: Neighbours) -> None:
        if number != self._asked:
            return
        time = found.after if self._steps > 0 else found.before
        if time is None:
            self._steps = 0  # there is no further message
            return
        self._steps -= 1 if self._steps > 0 else -1
        self._navigator.move_cursor(time)
        self._ask_for_step()

    def _lose_step(self, number: int, text: str) -> None:
        if number == self._asked:
            self._steps = 0
            self.failed.emit(text)

    def _take_near(self, found: Neighbours) -> None:
        nearest = found.nearest_to(self._wanted)
        if nearest is not None and self._snapped is not None:
            self._navigator.set_cursor(nearest)


def _ignore_words(_: str) -> None:
    """The panel of the stream tells what is wrong with it."""
