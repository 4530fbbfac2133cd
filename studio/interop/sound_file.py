"""Sound as WAV or FLAC. The only importer of soundfile (extra `media`)."""

from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from studio.interop.extras import required

PACKAGE = "soundfile"
LARGEST_WAV = (1 << 32) - (1 << 20)
"""Bytes that the header of a WAV file can count; a longer one is written as RF64, its successor."""
SILENCE_ROWS = 1 << 16


DTYPES = ("int16", "int32", "float32", "float64")
"""Types of samples that the library takes."""


class SoundFile:
    """One sound file being written; a context manager. Raises MissingExtraError without soundfile.

    `subtype` is chosen so that no bit is lost where the format allows it: WAV keeps float32 and whole numbers
    up to 32 bits, FLAC whole numbers up to 24 bits (float32 is rounded to these).
    """

    def __init__(
        self, path: Path, kind: str, *, rate: int, channels: int, dtype: str, expected_bytes: int = 0
    ) -> None:
        """`kind` is "wav" or "flac", `dtype` one of DTYPES, `expected_bytes` about how long it gets."""
        package = required(PACKAGE, f"Writing {kind.upper()}")
        self._failed: type[Exception] = package.LibsndfileError
        self._channels = channels
        self._dtype = dtype
        is_long = kind == "wav" and expected_bytes > LARGEST_WAV
        try:
            self._file = package.SoundFile(
                str(path),
                "w",
                samplerate=rate,
                channels=channels,
                subtype=subtype(kind, dtype),
                format="RF64" if is_long else kind.upper(),
            )
        except self._failed as error:
            raise OSError(0, str(error)) from error

    def __enter__(self) -> "SoundFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, rows: "np.ndarray[Any, Any]") -> None:
        """Add `(n, channels)` samples; raises OSError."""
        try:
            self._file.write(np.ascontiguousarray(rows))
        except self._failed as error:
            raise OSError(0, str(error)) from error

    def silence(self, count: int) -> None:
        """Add `count` samples of nothing."""
        for start in range(0, count, SILENCE_ROWS):
            self.write(np.zeros((min(SILENCE_ROWS, count - start), self._channels), self._dtype))


def subtype(kind: str, dtype: str) -> str:
    """How samples are stored in the file."""
    if kind == "flac":
        return "PCM_16" if dtype == "int16" else "PCM_24"
    return {"int16": "PCM_16", "int32": "PCM_32", "float64": "DOUBLE"}.get(dtype, "FLOAT")
