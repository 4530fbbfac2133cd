"""Takes played pictures out of the player's rings and puts them into the plots of their panels.

Owns the readers of the rings. Called by the display timer; never waits.
"""

from collections.abc import Mapping

from studio.app.player_status import PlayedPictures
from studio.errors import LiveViewError
from studio.formats.recording import StreamRef
from studio.host.rings import FrameRingReader
from studio.timing import Timestamp
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.panels.time_text import elapsed_text


class _Ring:
    """The ring of one stream, opened when it is there."""

    def __init__(self) -> None:
        self._path = ""
        self._reader: FrameRingReader | None = None
        self.number = 0

    def turn_to(self, path: str) -> FrameRingReader | None:
        """The ring at `path`; None: it is not there yet, or not any more."""
        if path != self._path or self._reader is None:
            self.close()
            try:
                self._reader = FrameRingReader(path) if path else None
                self._path = path
            except LiveViewError:
                return None
        return self._reader

    def close(self) -> None:
        """Let go of it. Idempotent."""
        if self._reader is not None:
            self._reader.close()
        self._reader, self._path, self.number = None, "", 0


class PictureFeed:
    """All rings of one player."""

    def __init__(self) -> None:
        self._rings: dict[StreamRef, _Ring] = {}
        self._fed: dict[StreamRef, PicturePlot] = {}

    def pull(
        self,
        rings: tuple[PlayedPictures, ...],
        plots: Mapping[StreamRef, PicturePlot],
        origin_time: Timestamp,
    ) -> None:
        """Show what is new in the plots of these streams; from now on nobody else shows pictures there."""
        for played in rings:
            plot = plots.get(played.stream)
            if plot is None:
                continue
            ring = self._rings.setdefault(played.stream, _Ring())
            reader = ring.turn_to(played.view.path)
            frame = reader.newest(ring.number) if reader is not None else None
            if frame is None:
                continue
            ring.number = frame.number
            self._feed(played.stream, plot)
            caption = elapsed_text(frame.originating_time - origin_time)
            plot.take_picture(frame.image, frame.originating_time, caption)

    def _feed(self, stream: StreamRef, plot: PicturePlot) -> None:
        before = self._fed.get(stream)
        if before is not plot:
            if before is not None:
                before.is_fed = False
            self._fed[stream] = plot
        plot.is_fed = True
        plot.take_words("", dimmed=False)

    def rest(self) -> None:
        """Nothing is played: the plots show again what stands at the cursor. Idempotent."""
        fed, self._fed = self._fed, {}
        for plot in fed.values():
            plot.is_fed = False

    def close(self) -> None:
        """Let go of all rings. Idempotent."""
        self.rest()
        for ring in self._rings.values():
            ring.close()
        self._rings = {}
