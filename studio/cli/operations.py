"""Carries one kind of operation out over one recording or several, one after the other.

A single one speaks as ever. Of several, one that fails is told and holds up no other; Ctrl+C ends them all,
and what was made before stays.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from studio.app.operations.progress import Cancelled, Outcome
from studio.cli.operation import INTERRUPTED, beside, carried_out, run_operation, show
from studio.cli.output import print_json, print_text, remark, values
from studio.cli.several import Done, each, recordings_in
from studio.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Batch:
    """The recordings that were named, and where what is made of them goes."""

    paths: tuple[Path, ...]
    is_several: bool
    """Whether a folder was named, or more than one recording."""
    out: Path | None

    @classmethod
    def of(cls, files: Sequence[Path], out: Path | None) -> "Batch":
        """Raises StoreEnvironmentError for a folder without recordings, SettingsError where `out` is a file
        and cannot hold several."""
        paths = recordings_in(files)
        is_several = len(files) > 1 or files[0].is_dir()
        if is_several and out is not None and out.exists() and not out.is_dir():
            raise SettingsError(f"{out} is a file; of several recordings --out names the folder for all.")
        return cls(paths, is_several, out)

    def target(self, path: Path, ending: str, suffix: str = ".h5") -> str:
        """Where what is made of one of them goes; see `beside`."""
        if self.is_several and self.out is not None:
            return beside(self.out / path.name, None, ending, suffix)
        return beside(path, self.out, ending, suffix)

    def run(self, request: Callable[[Path], Any], *, json: bool) -> None:
        """Do what `request` makes of each path, and tell; ends the command with 0, with 1 if one failed or
        something is wrong, with 130 after Ctrl+C."""
        if not self.is_several:
            run_operation(request(self.paths[0]), json=json)
            return
        if self.out is not None:
            self.out.mkdir(parents=True, exist_ok=True)
        all_done: list[Done[Outcome]] = []
        try:
            # Nothing is raised for a single one, either: whoever names a folder gets a list.
            for done in each(self.paths, str, lambda path: self._done(path, request), raises_alone=False):
                all_done.append(done)
                if not json:
                    _tell(done)
        except Cancelled:
            remark(f"Interrupted; {len(all_done)} of {len(self.paths)} were finished and stay.")
            raise typer.Exit(INTERRUPTED) from None
        _end(all_done, json=json)

    def _done(self, path: Path, request: Callable[[Path], Any]) -> Outcome:
        number = self.paths.index(path) + 1
        return carried_out(request(path), f"{number} of {len(self.paths)}, {path.name}: ")


def _end(all_done: list[Done[Outcome]], *, json: bool) -> None:
    good = sum(done.result is not None and done.result.is_good for done in all_done)
    if json:
        print_json([_document(done) for done in all_done])
    else:
        print_text(f"{good} of {len(all_done)} recordings went as they should.")
    if good < len(all_done):
        raise typer.Exit(1)


def _tell(done: Done[Outcome]) -> None:
    if done.result is None:
        remark(f"{done.name}: {done.problem}")
    else:
        show(done.result, json=False)


def _document(done: Done[Outcome]) -> dict[str, Any]:
    made = {"is_good": False, "problem": done.problem} if done.result is None else values(done.result)
    return {"path": done.name, **made}
