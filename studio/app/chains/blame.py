"""Finds the line of a user's file that an error comes from, and says it in people's words. Runs nothing."""

import linecache
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from studio.errors import ChainError, StudioError

if TYPE_CHECKING:
    from types import TracebackType

_OURS = str(Path(__file__).resolve().parents[2])
"""Where the studio itself is installed: its frames say nothing to the author of a chain."""
_EXAMPLES = str(Path(__file__).resolve().parent / "examples")


def chain_error(error: BaseException, file: str, what: str) -> ChainError:
    """`what` failed with `error`: where in the user's code, and why. Keeps the error as its cause."""
    cause = first_cause(error)
    if isinstance(cause, ChainError):
        return cause
    place = place_of(cause, file)
    reason = str(cause) if isinstance(cause, StudioError) else _reason(cause)
    told = ChainError(f"{what} failed{f' at {place}' if place else ''}: {reason}")
    told.__cause__ = cause
    return told


def first_cause(error: BaseException) -> BaseException:
    """What went wrong first, inside groups of errors."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def place_of(error: BaseException, file: str) -> str:
    """`level.py:34 (in loudness): x = 1 / 0`; empty when no line of a user's is involved."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{Path(error.filename).name}:{error.lineno}"
    frames = list(_frames(error))
    folder = str(Path(file).resolve().parent)
    own = [frame for frame in frames if _is_below(frame.filename, folder)] or [
        frame for frame in frames if not _is_of_others(frame.filename)
    ]
    if not own:
        return ""
    frame = own[-1]
    line = linecache.getline(frame.filename, frame.lineno or 0).strip()
    return f"{Path(frame.filename).name}:{frame.lineno} (in {frame.name}){f', `{line}`' if line else ''}"


def _frames(error: BaseException) -> Iterator[traceback.FrameSummary]:
    seen: BaseException | None = error
    chain: list[TracebackType | None] = []
    while seen is not None:
        chain.append(seen.__traceback__)
        seen = seen.__cause__
    for trace in chain:
        yield from traceback.extract_tb(trace)


def _is_below(filename: str, folder: str) -> bool:
    path = str(Path(filename).resolve())
    inside = path.startswith(folder + "/") or path.startswith(folder + "\\")
    return inside and not (_is_below_ours(path) and not path.startswith(_EXAMPLES))


def _is_below_ours(path: str) -> bool:
    return path.startswith(_OURS)


def _is_of_others(filename: str) -> bool:
    path = str(Path(filename).resolve()) if not filename.startswith("<") else filename
    if path.startswith(_EXAMPLES):
        return False
    return _is_below_ours(path) or "site-packages" in path or "dist-packages" in path or "lib/python" in path


def _reason(error: BaseException) -> str:
    return " ".join(traceback.format_exception_only(error)[-1].split())
