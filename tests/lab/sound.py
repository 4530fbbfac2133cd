"""Known sounds: making them, and finding them again in what was recorded. Arithmetic and files only."""

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]


def chirp(seconds: float, *, rate: int = 48_000, low_hz: float = 200.0, high_hz: float = 4000.0) -> Samples:
    """A sine sweeping from `low_hz` to `high_hz` at half the full scale: like itself at no other lag."""
    times = np.arange(round(seconds * rate)) / rate
    phase = 2 * np.pi * (low_hz * times + (high_hz - low_hz) * times**2 / (2 * seconds))
    return np.round(np.sin(phase) * 16_384).astype(np.int16)


def write_wav(path: Path, samples: Samples, *, rate: int = 48_000) -> Path:
    """Write samples (n,) or (n, channels) as a 16 bit WAV file."""
    frames = samples.reshape(len(samples), -1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(frames.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.ascontiguousarray(frames, dtype="<i2").tobytes())
    return path


@dataclass(frozen=True, slots=True)
class Match:
    """Where and how well a played sound is found in a recorded one."""

    correlation: float
    """1.0: the recorded stretch is the played sound, up to its loudness."""
    first: int
    """Index of the recorded sample that is the first played one."""


def find(played: Samples, recorded: Samples) -> Match:
    """The best place of `played` in `recorded`, both (n,), by normalised correlation."""
    if len(recorded) < len(played):
        raise ValueError(f"recorded only {len(recorded)} samples of the {len(played)} that were played")
    pattern, signal = played.astype(np.float64), recorded.astype(np.float64)
    size = 1 << (len(signal) + len(pattern) - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(signal, size) * np.conj(np.fft.rfft(pattern, size)), size)
    places = product[: len(signal) - len(pattern) + 1]
    energy = np.concatenate([[0.0], np.cumsum(signal**2)])
    norms = np.sqrt(np.maximum(energy[len(pattern) :] - energy[: -len(pattern)], 1.0) * np.sum(pattern**2))
    first = int(np.argmax(places / norms))
    return Match(correlation=float(places[first] / norms[first]), first=first)
