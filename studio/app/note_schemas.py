"""Schemas of notes as files of JSON: tracks with their attributes, to be used for other sessions."""

import os
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from studio.app.settings_file import settings_path
from studio.errors import SettingsError
from studio.formats.notes import Track

SUFFIX = ".tracks.json"
_TRACKS: TypeAdapter[tuple[Track, ...]] = TypeAdapter(tuple[Track, ...])


def schemas_folder() -> Path:
    """Where schemas are kept, beside the settings; made where it is not."""
    folder = settings_path().with_name("note-schemas")
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def save_schema(tracks: tuple[Track, ...], path: Path) -> None:
    """Write tracks to a file, complete or not at all. Raises SettingsError where that fails."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        unfinished.write_bytes(_TRACKS.dump_json(tracks, indent=2))
        unfinished.replace(path)
    except OSError as error:
        raise SettingsError(f"The tracks cannot be kept in {path}: {error.strerror or error}.") from error


def load_schema(path: Path) -> tuple[Track, ...]:
    """Read tracks from a file. Raises SettingsError where it is not there or says something else."""
    try:
        return _TRACKS.validate_json(path.read_bytes())
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValidationError as error:
        raise SettingsError(
            f"{path.name} holds no tracks of notes. Choose a file that was saved in the editor of tracks."
        ) from error
