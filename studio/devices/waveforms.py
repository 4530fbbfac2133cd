"""What the simulated sensors sense: numbers as pure functions of the index of the sample. No state, no clock.

Each function returns the samples `first` to `first + count - 1` as (count, channels) float32 that own their
data, so that tests can say what must have arrived.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float32]
Waveform: TypeAlias = Callable[[int, int], Samples]

STANDARD_GRAVITY = 9.80665
"""m/s²."""
_SYLLABLES_PER_S = 3.0


def sines(*, rate: float, channels: int) -> Waveform:
    """Channel c is a sine of full scale at c + 1 Hz, or as many Hz as fit below half the rate."""
    highest = max(1, min(64, int(rate / 4)))
    frequencies = np.array([1 + channel % highest for channel in range(channels)], np.float64)

    def samples(first: int, count: int) -> Samples:
        times = np.arange(first, first + count, dtype=np.float64) / rate
        turns = times[:, np.newaxis] * frequencies
        return np.sin(2 * np.pi * (turns % 1.0)).astype(np.float32)

    return samples


def voice(*, rate: float, channels: int) -> Waveform:
    """Sounds somewhat like speech: three syllables a second, each a gliding tone with two harmonics."""

    def samples(first: int, count: int) -> Samples:
        times = np.arange(first, first + count, dtype=np.float64) / rate
        syllable = np.floor(times * _SYLLABLES_PER_S)
        within = times - syllable / _SYLLABLES_PER_S
        low = 130.0 + 90.0 * _scatter(syllable)
        glide = 160.0 * (_scatter(syllable + 0.5) - 0.5)
        turns = low * within + glide * within**2
        tone = sum(np.sin(2 * np.pi * harmonic * turns) / harmonic for harmonic in (1, 2, 3))
        envelope = np.sin(np.pi * within * _SYLLABLES_PER_S) ** 2 * (syllable % 4 != 3)
        mono = (0.3 * envelope * tone).astype(np.float32)
        return np.repeat(mono[:, np.newaxis], channels, axis=1)

    return samples


def accelerometer(*, rate: float) -> Waveform:
    """Of a walking person, x, y, z in m/s²: gravity, steps at 1.8 Hz, a little noise."""

    def samples(first: int, count: int) -> Samples:
        indices = np.arange(first, first + count, dtype=np.float64)
        steps = 2 * np.pi * ((indices / rate * 1.8) % 1.0)
        sway = 2 * np.pi * ((indices / rate * 0.9) % 1.0)
        columns = [1.2 * np.sin(sway), 0.8 * np.cos(steps), STANDARD_GRAVITY + 2.5 * np.sin(steps)]
        return _with_noise(columns, indices, 0.15)

    return samples


def gyroscope(*, rate: float) -> Waveform:
    """Of the same person, x, y, z in rad/s."""

    def samples(first: int, count: int) -> Samples:
        indices = np.arange(first, first + count, dtype=np.float64)
        sway = 2 * np.pi * ((indices / rate * 0.9) % 1.0)
        turn = 2 * np.pi * ((indices / rate * 0.07) % 1.0)
        return _with_noise([0.6 * np.cos(sway), 0.3 * np.sin(2 * sway), 0.9 * np.sin(turn)], indices, 0.03)

    return samples


def _with_noise(columns: list[NDArray[np.float64]], indices: NDArray[np.float64], amount: float) -> Samples:
    noisy = [
        column + amount * (_scatter(indices + number / 3) - 0.5) for number, column in enumerate(columns)
    ]
    return np.stack(noisy, axis=1).astype(np.float32)


def _scatter(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Looks random in 0..1, but is the same for the same value."""
    scattered: NDArray[np.float64] = (np.sin(values * 12.9898) * 43758.5453) % 1.0
    return scattered
