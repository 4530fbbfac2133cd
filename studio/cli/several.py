"""Commands for several recordings, or folders of sessions: what is meant, and going on after a failure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from studio.app.session_entries import PartitionEntry, SessionEntry

from studio.errors import Cancelled, StoreEnvironmentError, StudioError

Result = TypeVar("Result")
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """What came of one of several."""

    name: str
    result: Result | None
    problem: str = ""
    """Why there is no result, in people's words."""


def each(
    things: Sequence[Thing],
    name: Callable[[Thing], str],
    do: Callable[[Thing], Result],
    *,
    raises_alone: bool = True,
) -> Iterator[Done[Result]]:
    """Do it to one after another; one that fails holds up no other. With `raises_alone` a single one raises
    what it raises."""
    for thing in things:
        try:
            yield Done(name(thing), do(thing))
        except Cancelled:
            raise  # by the user, who means all of them
        except StudioError as error:
            if raises_alone and len(things) == 1:
                raise
            yield Done(name(thing), None, str(error))


def recordings_in(places: Sequence[Path]) -> tuple[Path, ...]:
    """Files as they are named; of folders every recording below them that is closed, broken ones too.

    Raises StoreEnvironmentError for a folder without any.
    """
    found: list[Path] = []
    for place in places:
        if not place.is_dir():
            found.append(place)
            continue
        parts = [part for session in sessions_in(place) for part in session.partitions if not part.live]
        found += [Path(part.path) for part in parts]
    return tuple(dict.fromkeys(found))


def sources_in(places: Sequence[Path], *, computed: bool = False) -> tuple[tuple[Path, ...], ...]:
    """For each file that is named itself; for each session below a folder what was recorded of it.

    With `computed`: each recording below a folder that was computed. Raises StoreEnvironmentError as above.
    """
    found: list[tuple[Path, ...]] = []
    for place in places:
        if not place.is_dir():
            found.append((place,))
            continue
        for session in sessions_in(place):
            kept = [part for part in session.partitions if _is_closed(part) and part.derived is computed]
            paths = [Path(part.path) for part in kept]
            found += [(path,) for path in paths] if computed else [tuple(paths)]
    return tuple(dict.fromkeys(group for group in found if group))


def sessions_in(folder: Path) -> "tuple[SessionEntry, ...]":
    """Of a folder, oldest first; of the folder of a session that one. Raises StoreEnvironmentError."""
    from studio.app.catalog import list_sessions

    found = list_sessions(folder)
    if not found:
        raise StoreEnvironmentError(f"There is no recording in the folder {folder}.")
    return found[::-1]


def _is_closed(part: "PartitionEntry") -> bool:
    return not (part.live or part.problem)
