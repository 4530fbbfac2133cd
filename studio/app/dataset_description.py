"""`dataset.json`: what a folder of sessions is called, what is to be known of it. Reads it; writes it whole.

There is one only if somebody has said something. Deleting it loses no data; the sessions do not know of it.
"""

from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from studio.app.free_names import free_path
from studio.app.session_entries import DatasetChange, DatasetEntry
from studio.app.whole_files import alone, writable, write_whole
from studio.errors import SessionEditError, StoreFormatError

DATASET_FILE = "dataset.json"


class DatasetDescription(BaseModel):
    """What `dataset.json` holds."""

    # Fields of a newer studio are kept and written back.
    model_config = ConfigDict(frozen=True, extra="allow")

    name: str = ""
    description: str = ""


def read_dataset(folder: Path) -> DatasetDescription:
    """What is said of the folder; nothing without a file. Raises StoreFormatError if that is damaged."""
    place = folder / DATASET_FILE
    try:
        return DatasetDescription.model_validate_json(place.read_bytes())
    except FileNotFoundError:
        return DatasetDescription()
    except (OSError, ValidationError) as error:
        raise StoreFormatError(
            f"{place} does not describe a dataset; the sessions below it are fine"
        ) from error


def dataset_entry(folder: Path) -> DatasetEntry:
    """The same for the list of sessions: never raises."""
    try:
        found = read_dataset(folder)
    except StoreFormatError as error:
        return DatasetEntry(problem=str(error))
    return DatasetEntry(found.name, found.description)


def change_dataset(folder: Path, change: DatasetChange) -> DatasetChange:
    """Give what is said of the folder new values; returns what they were.

    A damaged file is kept beside; one that says nothing any more is removed. Raises SessionEditError where
    the folder cannot be written, or another studio does not let go of it.
    """
    place = folder.expanduser() / DATASET_FILE
    said = {"name": change.name, "description": change.description}
    changes = {key: writable(text) for key, text in said.items() if text is not None}
    try:
        with alone(place):
            before = _said(place)
            after = before.model_copy(update=changes)
            if after == DatasetDescription():
                with suppress(FileNotFoundError):
                    place.unlink()
            else:
                write_whole(place, after.model_dump_json(indent=2).encode("utf-8"))
    except OSError as error:
        raise SessionEditError(
            f"What is said of {folder.name} cannot be written: {error.strerror or error}. It stays as it was."
        ) from error
    return DatasetChange(
        name=None if change.name is None else before.name,
        description=None if change.description is None else before.description,
    )


def _said(place: Path) -> DatasetDescription:
    try:
        return read_dataset(place.parent)
    except StoreFormatError:
        place.rename(free_path(place.parent, DATASET_FILE, ".damaged"))
        return DatasetDescription()
