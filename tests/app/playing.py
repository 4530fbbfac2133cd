"""A player with somebody who looks and listens, and recordings worth playing."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from studio.app.player import Player
from studio.app.player_pictures import Image
from studio.app.player_run import Between, nothing_between
from studio.app.player_sound import Block
from studio.app.player_status import PlayerStatus
from studio.app.status import LiveView
from studio.errors import DeviceError
from studio.formats.opencv import decode_jpeg, encode_jpeg
from studio.formats.payload import StreamFormat
from studio.formats.recording import StreamRef
from studio.timing import Timestamp, monotonic_ns
from tests.store.recordings import AUDIO, JPEG, MS, SCALAR, T0, blocks, write_recording
from tests.waiting import PATIENCE, wait_until

FRAME = 40 * MS
"""Between two pictures."""


def filmed(path: Path, *, seconds: float = 3.0) -> Path:
    """Pictures, sound and numbers."""
    picture = encode_jpeg(np.full((54, 96, 3), 90, np.uint8))
    count = round(seconds * 1000 * MS / FRAME)
    return write_recording(
        path,
        {
            "camera": (JPEG, [(T0 + i * FRAME, picture) for i in range(count + 1)]),
            "sound": (AUDIO, blocks(round(seconds * 100))),
            "numbers": (SCALAR, [(T0 + i * 10 * MS, float(i)) for i in range(round(seconds * 100) + 1)]),
        },
    )


def crowding() -> float:
    """How many times longer than on a free machine everything may take, because others use this one.

    The load is the mean of a minute, and of another machine or nothing in some containers.
    """
    return PATIENCE * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


class Screen:
    """Where pictures are shown; remembers when which one was."""

    def __init__(self) -> None:
        self.view = LiveView("", "frames")
        self.shown: list[tuple[int, Timestamp]] = []
        """Monotonic ns, originating time."""

    def prepared(self, data: Any) -> Image:
        return decode_jpeg(data)

    def show(self, image: Image, originating_time: Timestamp) -> None:
        assert image.ndim == 3
        self.shown.append((monotonic_ns(), originating_time))

    def close(self) -> None:
        """Nothing to give back."""

    @property
    def times(self) -> list[Timestamp]:
        return [time for _, time in self.shown]


class Screens:
    """Makes a screen for each stream of pictures."""

    def __init__(self) -> None:
        self.by_name: dict[str, Screen] = {}

    def open(self, stream: StreamRef, format: StreamFormat) -> Screen:
        assert format.kind.is_picture
        return self.by_name.setdefault(stream.name, Screen())


def no_speaker(
    *, rate: float, channels: int, on_fill: Callable[[Block, int], None], on_finished: Callable[[], None]
) -> Any:
    """A computer without a loudspeaker."""
    raise DeviceError("there is none")


class Spectator:
    """A player that has been opened, and what it tells and shows."""

    def __init__(self, path: Path, *names: str, between: Between = nothing_between) -> None:
        self.streams = {name: StreamRef(str(path), name) for name in names}
        self.screens = Screens()
        self.statuses: list[tuple[int, PlayerStatus]] = []
        self._number = 0
        self._lock = threading.Lock()
        self.player = Player(self.screens, self._take, opens_speaker=no_speaker, between=between)

    def __enter__(self) -> "Spectator":
        self.player.open()
        self.does(self.player.load, tuple(self.streams.values()))
        return self

    def __exit__(self, *_: object) -> None:
        self.player.close()

    def _take(self, status: PlayerStatus) -> None:
        with self._lock:
            self.statuses.append((monotonic_ns(), status))

    @property
    def status(self) -> PlayerStatus:
        with self._lock:
            return self.statuses[-1][1] if self.statuses else PlayerStatus()

    @property
    def screen(self) -> Screen:
        return self.screens.by_name["camera"]

    def does(self, command: Callable[..., None], *arguments: Any, **options: Any) -> PlayerStatus:
        """Give a command and wait until it has been carried out."""
        self._number += 1
        command(*arguments, **options, number=self._number)
        wait_until(lambda: self.status.answered >= self._number, what=f"{command.__name__} to be carried out")
        return self.status

    def waits_for(self, state: str) -> PlayerStatus:
        wait_until(lambda: self.status.state == state, what=f"the player to be {state}")
        return self.status
