"""Moves the cursor and brings the pictures while a session is played, when its timer comes round.

Between two statuses the cursor follows the player's clock: all processes share the monotonic clock.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from studio.app.player_status import PlayerStatus
from studio.formats.recording import StreamRef
from studio.timing import NS_PER_MS, monotonic_ns
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.playback.played_pictures import PictureFeed
from studio.ui.timeline.timeline import Timeline

if TYPE_CHECKING:
    from studio.ui.playback.painted_log import PaintedLog

DISPLAY_INTERVAL_MS = 16
"""How often played pictures are looked for."""
CURSOR_INTERVAL = 30 * NS_PER_MS
"""How often the cursor moves: every panel draws then."""
SMALLEST_PICTURE = (960, 540)
LARGEST_PICTURE = (1920, 1080)


class PlayedDisplay(QObject):
    """What moves on a timeline that is played. GUI thread only."""

    def __init__(self, timeline: Timeline, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timeline = timeline
        self._status: PlayerStatus | None = None
        """The newest; None: a command is on its way, after which all may be elsewhere."""
        self._feed = PictureFeed()
        self._plots: dict[StreamRef, PicturePlot] = {}
        self._cursor_moved_at = 0
        self._painted: PaintedLog | None = None
        self._timer = QTimer(self, interval=DISPLAY_INTERVAL_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)
        timeline.recordings_changed.connect(self._find_plots)
        timeline.plans_changed.connect(self._find_plots)

    @property
    def plots(self) -> dict[StreamRef, PicturePlot]:
        """Which plot shows the pictures of which stream."""
        return self._plots

    @property
    def picture_size(self) -> tuple[int, int]:
        """Pixels that the largest plot of pictures can show, within reason."""
        ratio = self._timeline.devicePixelRatioF()
        widths = (round(plot.width() * ratio) for plot in self._plots.values())
        heights = (round(plot.height() * ratio) for plot in self._plots.values())
        return (
            min(max(SMALLEST_PICTURE[0], *widths, 0), LARGEST_PICTURE[0]),
            min(max(SMALLEST_PICTURE[1], *heights, 0), LARGEST_PICTURE[1]),
        )

    def take_status(self, status: PlayerStatus | None, *, playing: bool) -> None:
        """Go by this status; None: by none until the next."""
        self._status = status
        if playing and not self._timer.isActive():
            self._find_plots()
            self._timer.start()
        elif not playing and self._timer.isActive():
            self._timer.stop()
            self._pull()
            self._feed.rest()

    def hold(self) -> None:
        """A command has been sent: what stands there stays until it has been carried out."""
        self._status = None

    def log_to(self, log: "PaintedLog") -> None:
        """Write down there which picture is painted when."""
        self._painted = log
        self._find_plots()

    def close(self) -> None:
        """Let go of everything. Idempotent."""
        self._timer.stop()
        self._feed.close()
        if self._painted is not None:
            self._painted.close()

    @Slot()
    def _find_plots(self) -> None:
        streams = self._timeline.session_streams
        self._plots = {}
        for made in () if streams is None else streams.stored_panels:
            plot = made.panel.plot
            if isinstance(plot, PicturePlot) and made.plan.streams and not made.plan.hidden:
                self._plots[made.plan.streams[0]] = plot
                if self._painted is not None:
                    self._painted.watch(plot, made.plan.streams[0].name)

    @Slot()
    def _on_timer_timeout(self) -> None:
        if self._timeline.window().isMinimized():
            return
        self._pull()
        now = monotonic_ns()
        if self._status is not None and now - self._cursor_moved_at >= CURSOR_INTERVAL:
            self._cursor_moved_at = now
            self._timeline.navigator.play_to(self._status.time_at(now))

    def _pull(self) -> None:
        if self._status is not None:
            self._feed.pull(self._status.rings, self._plots, self._timeline.timing.origin)
