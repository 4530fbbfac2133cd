"""A film in which hands clap: a flash in the pictures, a burst in the sound, at the same moments."""

from pathlib import Path
from typing import Any

import numpy as np

from studio.formats.opencv import encode_jpeg
from studio.formats.payload import PayloadKind, StreamFormat
from tests.store.recordings import JPEG, T0, write_recording

RATE = 48_000
FRAME = 1_000_000_000 // 30
BLOCK = 2400
"""Samples a message: a twentieth of a second."""
CLAP_EVERY_FRAMES = 30
SOUND = StreamFormat(PayloadKind.AUDIO, dtype="int16", channels=1, rate=float(RATE))


def clapping(path: Path, *, seconds: int, width: int = 320, height: int = 180) -> Path:
    """Claps at T0 + 0.5 s and every second after it."""
    dark = encode_jpeg(np.full((height, width, 3), 20, np.uint8))
    bright = encode_jpeg(np.full((height, width, 3), 250, np.uint8))
    pictures = [(T0 + i * FRAME, bright if is_flash(i) else dark) for i in range(seconds * 30)]
    return write_recording(path, {"camera": (JPEG, pictures), "sound": (SOUND, _sound(seconds))})


def is_flash(frame: int) -> bool:
    """Whether the picture of that number flashes."""
    return frame % CLAP_EVERY_FRAMES == CLAP_EVERY_FRAMES // 2


def flashes(seconds: int) -> list[int]:
    """Originating times of all flashes."""
    return [T0 + i * FRAME for i in range(seconds * 30) if is_flash(i)]


def _sound(seconds: int) -> list[tuple[int, Any]]:
    samples = np.zeros(seconds * RATE, np.int16)
    for time in flashes(seconds):
        at = round((time - T0) * RATE / 1e9)
        samples[at : at + 480] = 20_000 * np.sign(np.sin(np.arange(480) * 0.3))
    # A block has the time of its last sample (decision 3); sample n is heard at T0 + n / rate.
    return [
        (T0 + round((begin + BLOCK - 1) * 1e9 / RATE), samples[begin : begin + BLOCK, None])
        for begin in range(0, len(samples), BLOCK)
    ]
