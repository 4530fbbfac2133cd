"""A loudspeaker that can be listened to: the monitor of a virtual microphone hears what is played to it."""

import threading
from pathlib import Path
from typing import Self

import numpy as np

from studio.devices.portaudio import OpenSound, open_input
from tests.lab.microphone import Microphone

RATE = 48_000.0
LOUD = 0.25
"""A clap is at least that loud."""
QUIET_S = 0.2
"""Between two claps."""


def write_duplex_config(microphone: Microphone, path: Path) -> Path:
    """A configuration for `ALSA_CONFIG_PATH` whose default plays to the microphone, which hears it."""
    server, name = microphone.server, microphone.name
    plays = f'{{ type pulse server "{server}" device "{name}" }}'
    hears = f'{{ type pulse server "{server}" device "{name}.monitor" }}'
    lines = [
        "</usr/share/alsa/alsa.conf>",
        f"pcm.!default {{ type asym playback.pcm {plays} capture.pcm {hears} }}",
        f'ctl.!default {{ type pulse server "{server}" }}',
        f'pcm.{name} {{ type pulse server "{server}" device "{name}.monitor" hint {{ show on }} }}',
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class Listener:
    """Hears everything from `with` on, each block with the monotonic time of its first sample."""

    def __init__(self, microphone: Microphone) -> None:
        self._name = microphone.name
        self._lock = threading.Lock()
        self._blocks: list[tuple[int, np.ndarray]] = []
        self._input: OpenSound | None = None

    def __enter__(self) -> Self:
        self._input = open_input(
            self._name, rate=RATE, channels=1, on_block=self._take, on_finished=lambda: None
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self._input is not None:
            self._input.close()

    def _take(self, block: np.ndarray, monotonic: int, adc_s: float, _lost: bool) -> None:
        with self._lock:
            self._blocks.append((monotonic + round(adc_s * 1e9), block[:, 0]))

    def claps(self) -> list[int]:
        """Monotonic ns at which each clap began."""
        with self._lock:
            blocks = list(self._blocks)
        if not blocks:
            return []
        # The times of blocks jitter: the samples are a steady stream, placed by the median of all.
        counts = np.cumsum([0] + [len(samples) for _, samples in blocks])
        step = 1e9 / RATE
        begin = float(
            np.median([time - count * step for (time, _), count in zip(blocks, counts, strict=False)])
        )
        loud = np.flatnonzero(np.abs(np.concatenate([samples for _, samples in blocks])) > LOUD)
        firsts = loud[np.diff(loud, prepend=-RATE) > QUIET_S * RATE]
        return [round(begin + index * step) for index in firsts]

    def heard(self) -> np.ndarray:
        """All samples so far."""
        with self._lock:
            return np.concatenate([np.zeros(0, np.float32), *(samples for _, samples in self._blocks)])
