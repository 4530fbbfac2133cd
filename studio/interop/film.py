"""A film with sound: H.264 (or MPEG-4 where that is missing) and AAC in MP4 or MKV. The only importer of av.

Every picture is shown at its own time (variable frame rate); a gap shows the picture before it. Sound is one
unbroken track from the film's beginning; whoever writes it fills its gaps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from studio.interop.extras import required
from studio.timing import NS_PER_S, Duration

PACKAGE = "av"
TICKS = 60_000
"""Ticks of picture times a second: 17 µs, and few enough for MPEG-4."""
CONTAINERS = {"mp4": "mp4", "mkv": "matroska"}
AAC_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000)


@dataclass(frozen=True, slots=True)
class Track:
    """A track of sound."""

    rate: int
    channels: int
    """One or two."""
    title: str = ""


class Film:
    """One film being written; a context manager. Raises MissingExtraError without av."""

    def __init__(
        self,
        path: Path,
        kind: str,
        *,
        width: int,
        height: int,
        rate: float,
        tracks: Sequence[Track],
        quality: int,
    ) -> None:
        """`kind` is "mp4" or "mkv"; `rate` the usual pictures a second; `quality` 0 (best) to 51."""
        self._av: Any = required(PACKAGE, f"Writing {kind.upper()}")
        options = {"movflags": "faststart"} if kind == "mp4" else {}
        try:
            self._container = self._av.open(str(path), "w", format=CONTAINERS[kind], options=options)
        except self._av.FFmpegError as error:
            raise _as_os_error(error) from error
        self._size = (width + width % 2, height + height % 2)
        self._picture_stream = self._make_pictures(rate, quality)
        self._sounds = [self._make_sound(track) for track in tracks]
        self._tracks = tracks
        self._positions = [0] * len(tracks)
        self._waiting: Any = None
        self._usual = round(TICKS / rate) if rate > 0 else TICKS // 25

    def _make_pictures(self, rate: float, quality: int) -> Any:
        has_x264 = "libx264" in self._av.codecs_available
        stream = self._container.add_stream("libx264" if has_x264 else "mpeg4")
        stream.width, stream.height = self._size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, TICKS)
        stream.time_base = Fraction(1, TICKS)
        stream.codec_context.thread_type = "FRAME"
        if has_x264:
            stream.options = {"crf": str(quality), "preset": "veryfast"}
        else:
            stream.options = {"qscale": str(max(1, quality // 4))}
        return stream

    def _make_sound(self, track: Track) -> Any:
        rate = min(AAC_RATES, key=lambda known: (abs(known - track.rate), -known))
        layout = "stereo" if track.channels == 2 else "mono"
        stream = self._container.add_stream("aac", rate=rate, layout=layout)
        if track.title:
            stream.metadata["title"] = track.title
        return stream

    def __enter__(self) -> "Film":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._finish()
        finally:
            self._close()

    def _close(self) -> None:
        try:
            self._container.close()
        except self._av.FFmpegError as error:
            raise _as_os_error(error) from error

    def picture(self, image: "np.ndarray[Any, Any]", since_begin: Duration) -> None:
        """Show `(height, width, 3)` BGR from `since_begin` ns on; raises OSError."""
        frame = self._av.VideoFrame.from_ndarray(_even(image, *self._size), format="bgr24")
        frame.pts = round(since_begin * TICKS / NS_PER_S)
        frame.time_base = Fraction(1, TICKS)
        before, self._waiting = self._waiting, frame
        if before is not None:
            frame.pts = max(frame.pts, before.pts + 1)
            before.duration = frame.pts - before.pts
            self._encode(self._picture_stream, before)

    def sound(self, number: int, rows: "np.ndarray[Any, Any]") -> None:
        """More sound for track `number`: `(n, channels)` float32, full scale 1.0; raises OSError."""
        track = self._tracks[number]
        packed = np.ascontiguousarray(rows, np.float32).reshape(1, -1)
        layout = "stereo" if track.channels == 2 else "mono"
        frame = self._av.AudioFrame.from_ndarray(packed, format="flt", layout=layout)
        frame.sample_rate = track.rate
        frame.time_base = Fraction(1, track.rate)
        frame.pts = self._positions[number]
        self._positions[number] += len(rows)
        self._encode(self._sounds[number], frame)

    def _finish(self) -> None:
        if self._waiting is not None:
            self._waiting.duration = self._usual
            self._encode(self._picture_stream, self._waiting)
        for stream in (self._picture_stream, *self._sounds):
            self._encode(stream, None)

    def _encode(self, stream: Any, frame: Any) -> None:
        try:
            for packet in stream.encode(frame):
                self._container.mux(packet)
        except self._av.FFmpegError as error:
            raise _as_os_error(error) from error


def _even(image: "np.ndarray[Any, Any]", width: int, height: int) -> "np.ndarray[Any, Any]":
    """H.264 needs even sides: the last row or column is repeated where one is odd."""
    if image.ndim == 2:
        image = np.repeat(image[:, :, None], 3, axis=2)
    missing = (height - image.shape[0], width - image.shape[1])
    if missing != (0, 0):
        image = np.pad(image, ((0, missing[0]), (0, missing[1]), (0, 0)), mode="edge")
    return np.ascontiguousarray(image)


def _as_os_error(error: Exception) -> OSError:
    number = getattr(error, "errno", 0) or 0
    return OSError(number, getattr(error, "strerror", "") or str(error))
