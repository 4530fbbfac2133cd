"""Carries stored pictures, and single pixels of them, from the reader process to a plot, newest first."""

from PySide6.QtCore import QObject, Slot

from studio.app.answers import Picture, PixelAt
from studio.formats.recording import StreamInfo
from studio.host.protocol import ReadPicture, ReadPixel
from studio.timing import NS_PER_S, Duration, Timestamp
from studio.ui import readable
from studio.ui.panels.panel_content import BoundStream
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.panels.questions import Questions, Reader
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.panels.time_text import elapsed_text

PICTURE_STEP = 160
"""Pixels: sizes asked for are rounded up to it, so that resizing does not ask at every pixel."""
FULL_SIZE = 1 << 16
"""No picture is larger."""
LEAST_OLD_AGE: Duration = NS_PER_S // 2
PICTURES_MISSED = 3
NOTHING_YET = "no picture yet at this moment"


class StoredPictures(QObject):
    """The picture of a stored stream at the cursor."""

    def __init__(self, reader: Reader, stream: BoundStream, plot: PicturePlot) -> None:
        super().__init__()
        self._path, self._stream, self._plot = stream.ref.path, stream.ref.name, plot
        self._old_after = old_after(stream.info)
        self._origin_time: Timestamp = 0
        self._asked_time: Timestamp = 0
        self._is_stale = False
        self._frame: TimeFrame | None = None
        self._questions = Questions(reader, self._take_picture, self._take_words)
        self._pixels = Questions(reader, self._take_pixel, _ignore)
        plot.pixel_wanted.connect(self._on_pixel_wanted)
        plot.size_changed.connect(self._on_size_changed)

    def show_frame(self, frame: TimeFrame) -> None:
        """Ask for the picture at the frame's reading time, as large as it is shown."""
        self._frame, self._origin_time = frame, frame.origin_time
        if self._plot.is_fed:
            self._is_stale = True  # when playback ends, ask even for what was asked before it
            self._judge_age(frame.reading_time)
            return
        width = height = FULL_SIZE
        if self._plot.fits:
            width = _rounded_up(self._plot.width() * frame.pixel_ratio)
            height = _rounded_up(self._plot.height() * frame.pixel_ratio)
        query = ReadPicture(self._path, self._stream, frame.reading_time, width, height)
        self._questions.want(query, anew=self._is_stale)
        self._asked_time, self._is_stale = frame.reading_time, False

    def refresh(self, stream: BoundStream, since_time: Timestamp) -> None:
        """What lies after `since_time` has changed: ask again with the next frame."""
        self._old_after = old_after(stream.info)
        self._is_stale = self._is_stale or self._asked_time >= since_time

    def close(self) -> None:
        """Drop answers still on their way."""
        self._questions.close()
        self._pixels.close()

    def _take_picture(self, picture: Picture | None) -> None:
        if self._plot.is_fed:
            return  # asked before it was played
        if picture is None:
            self._plot.take_nothing()
            self._plot.take_words(NOTHING_YET, dimmed=False)
            return
        caption = elapsed_text(picture.originating_time - self._origin_time)
        self._plot.take_picture(
            picture.image,
            picture.originating_time,
            f"{caption}  frame {readable.count(picture.number)}",
            full_size=(picture.full_width, picture.full_height),
        )
        asked = self._questions.asked
        self._judge_age(asked.time if isinstance(asked, ReadPicture) else picture.originating_time)

    def _judge_age(self, time: Timestamp) -> None:
        """Say so if the picture that is shown is not that of `time`, but one from before."""
        shown = self._plot.picture_time
        is_old = bool(shown) and self._old_after is not None and time - shown > self._old_after
        words = f"no picture for {elapsed_text(time - shown)}" if is_old else ""
        self._plot.take_words(words, dimmed=is_old, is_fault=False)

    def _take_words(self, text: str) -> None:
        if text:
            self._plot.take_nothing()  # the picture before would look like the one that cannot be shown
        self._plot.take_words(text, dimmed=bool(text))

    @Slot()
    def _on_size_changed(self) -> None:
        if self._frame is not None:
            self.show_frame(self._frame)

    @Slot(int, int)
    def _on_pixel_wanted(self, x: int, y: int) -> None:
        self._pixels.want(ReadPixel(self._path, self._stream, self._plot.picture_time, x, y))

    def _take_pixel(self, pixel: PixelAt | None) -> None:
        if pixel is not None and pixel.originating_time == self._plot.picture_time:
            self._plot.take_pixel(pixel.x, pixel.y, pixel.values)


def old_after(info: StreamInfo) -> Duration | None:
    """From which age on a picture does not show the moment any more: while its camera was gone, say.

    Half a second, but three pictures of one that takes them more seldom. None: a single one holds for ever.
    """
    if info.message_count < 2:
        return None
    interval = (info.last_time - info.first_time) // (info.message_count - 1)
    return max(LEAST_OLD_AGE, PICTURES_MISSED * interval)


def _rounded_up(pixels: float) -> int:
    return max(1, -int(-pixels // PICTURE_STEP)) * PICTURE_STEP


def _ignore(_: str) -> None:
    """A picture that cannot be read is told by the plot already."""
