"""Plays recordings back through the engine: play, pause, seek, step, speed, loop (decisions 6, 7, 38).

Owns the thread `studio.player`, which does everything; callers only leave their wishes. What is done with a
wish is in `player_playing`, what is seen and heard when in `player_presentation`, one run in `player_run`.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from studio.app.player_inbox import Inbox, Wish
from studio.app.player_pictures import PictureSinks
from studio.app.player_playing import Playing, words_of
from studio.app.player_run import Between, nothing_between
from studio.app.player_speaker import OpenSpeaker, open_speaker
from studio.app.player_status import Direction, PlayerState, PlayerStatus
from studio.engine.threads import StudioThread, spawn
from studio.errors import StudioError
from studio.formats.recording import StreamRef
from studio.timing import TimeInterval, Timestamp

CLOSE_S = 10.0

Result = TypeVar("Result")
_log = logging.getLogger(__name__)

StatusHandler = Callable[[PlayerStatus], None]


class Player:
    """Made with where to show pictures; `open` starts its thread, `close` ends it."""

    def __init__(
        self,
        sinks: PictureSinks,
        on_status: StatusHandler,
        *,
        opens_speaker: OpenSpeaker = open_speaker,
        between: Between = nothing_between,
    ) -> None:
        """`on_status` is called on the player's thread, some ten times a second while it plays."""
        self._inbox = Inbox()
        self._on_status = on_status
        self._is_closing = threading.Event()
        self._thread: StudioThread | None = None
        self._playing = Playing(
            sinks,
            opens_speaker,
            between=between,
            wake=self._inbox.wake,
            is_closing=self._is_closing.is_set,
        )

    # -- wishes, from any thread; `number` comes back in the status when it has been carried out ----------

    def open(self) -> None:
        """Begin to listen."""
        self._thread = spawn("player", self._main, self._fail)

    def close(self) -> None:
        """Stop, give everything back. Idempotent."""
        self._is_closing.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.cancel()
            self._inbox.wake()
            thread.join(CLOSE_S)

    def load(self, streams: Sequence[StreamRef], *, number: int = 0) -> None:
        """These are played from now on; what was playing stops."""
        self._wish(number, lambda: self._playing.load(tuple(streams)))

    def play(
        self,
        interval: TimeInterval,
        *,
        start: Timestamp | None = None,
        speed: float = 1.0,
        loop: bool = False,
        enforce_clock: bool = True,
        number: int = 0,
    ) -> None:
        """Play the interval, both ends as it declares them; `start`: begin there and not at its left end."""
        self._wish(number, lambda: self._playing.play(interval, start, speed, loop, enforce_clock))

    def pause(self, *, number: int = 0) -> None:
        """Stand still, to go on with `resume`."""
        self._wish(number, self._playing.pause)

    def resume(self, *, number: int = 0) -> None:
        """Go on."""
        self._wish(number, self._playing.resume)

    def seek(self, time: Timestamp, *, number: int = 0) -> None:
        """Go there, and go on with what it is doing."""
        self._inbox.put(Wish(number, lambda: self._playing.seek(time), is_seek=True))

    def set_speed(self, speed: float, *, number: int = 0) -> None:
        """Seconds of recording in a second, 0.1 to 16."""
        self._wish(number, lambda: self._playing.set_speed(speed))

    def set_loop(self, loop: bool, *, number: int = 0) -> None:
        """At the end of the interval begin again."""
        self._wish(number, lambda: self._playing.set_loop(loop))

    def mute(self, muted: bool, *, number: int = 0) -> None:
        """Let no sound come out, or do; holds for all that is played from now on."""
        self._wish(number, lambda: self._playing.mute(muted))

    def step(self, direction: Direction, stream: StreamRef | None = None, *, number: int = 0) -> None:
        """To the next or previous message of a stream, or of any; stands still there."""
        self._wish(number, lambda: self._playing.step(direction, stream))

    def stop(self, *, number: int = 0) -> None:
        """Play no more; stays where it is."""
        self._wish(number, self._playing.stop)

    def _wish(self, number: int, act: Callable[[], None]) -> None:
        self._inbox.put(Wish(number, act))

    # -- the thread ---------------------------------------------------------------------------------------

    def _main(self, cancelled: threading.Event) -> None:
        try:
            while not cancelled.is_set():
                while (wish := self._inbox.take()) is not None and not cancelled.is_set():
                    self._guarded(wish.act)
                    self._playing.answer(wish.number)
                waits = self._guarded(self._playing.go_on)
                if self._playing.is_news:
                    self._on_status(self._playing.told())
                self._inbox.wait(waits or 0)
        finally:
            self._playing.close()

    def _guarded(self, act: Callable[[], Result]) -> Result | None:
        """Do it; what goes wrong is told, and the player lives on."""
        try:
            return act()
        except Exception as error:  # the outer edge of a command
            if not isinstance(error, StudioError):
                _log.exception("playing failed")
            self._playing.fail(words_of(error))
            return None

    def _fail(self, error: BaseException) -> None:
        """The thread failed: a bug, told."""
        _log.error("the player's thread failed", exc_info=error)
        self._on_status(replace(self._playing.status, state=PlayerState.STOPPED, problem=words_of(error)))
