"""What the user chose, kept from start to start in one JSON file. A damaged one never prevents a start."""

import json
import os
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import platformdirs
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
)

from studio.app.free_names import free_path
from studio.app.settings_file import settings_path
from studio.devices.device import DeviceInfo, DeviceSettings
from studio.errors import SettingsError

Theme = Literal["system", "dark", "light"]
TimesCountFrom = Literal["session", "selection", "wall"]

DEFAULT_PRESETS = ("Begin", "End", "Stimulus", "Response", "Good", "Bad", "Disturbance", "Pause", "Remark")


def default_recordings_folder() -> str:
    """Where recordings go until the user chooses: `Studio` in the user's documents."""
    return str(platformdirs.user_documents_path() / "Studio")


class Settings(BaseModel):
    """All choices, with defaults that work at once. A frozen value: see `with_changes`."""

    # Fields of a newer studio are kept and written back.
    model_config = ConfigDict(frozen=True, extra="allow")

    recordings_folder: str = Field(default_factory=default_recordings_folder, min_length=1)
    theme: Theme = "system"
    ticked: tuple[str, ...] | None = None
    """Ids of the devices to record; None: never chosen (a first start ticks the simulated ones)."""
    device_settings: dict[str, DeviceSettings] = Field(default_factory=dict)
    """By device id."""
    found: tuple[DeviceInfo, ...] = ()
    """Devices as they were found last: a start knows them before it has looked for them."""
    cameras: tuple[str, ...] = ()
    """Cameras the user added: URLs, files, indices, as typed."""
    participant: str = ""
    first_start: bool = True
    window: dict[str, str] = Field(default_factory=dict)
    """What the window remembers of its layout, as text of its own making."""
    session_folders: tuple[str, ...] = ()
    """Folders whose sessions are listed besides those of the recordings folder."""
    recent: tuple[Annotated[tuple[str, ...], Field(min_length=1)], ...] = ()
    """Recordings that were opened last, those of a session together, the newest first."""
    session_columns: tuple[str, ...] = ()
    """What the list of sessions shows beside the names."""
    session_order: str = ""
    """By what it is sorted."""
    chains: tuple[str, ...] = ()
    """Python files with chains that were used, the newest first."""
    disk_warning_min: int = Field(default=10, ge=1, le=1440)
    """Less recording time than this on the disk is worth a warning."""
    open_last: bool = False
    """Whether a start shows what was open last."""
    timing: TimesCountFrom = "session"
    """What times on the ruler count from."""
    time_rows: tuple[TimesCountFrom, ...] = ()
    """Which ways to count have a row of times above the panels."""
    cursor_follows: bool = True
    """Whether the cursor follows the mouse, or stays until a click."""
    export_choice: str = "csv"
    """What the export dialog offers at first."""
    marker_presets: tuple[str, ...] = DEFAULT_PRESETS
    """The words of markers dropped by the keys 1 to 9."""
    problem: str = Field(default="", exclude=True)
    """Why defaults are used instead of the stored choices, for people; empty: all is well. Not stored."""

    @field_validator("found", mode="wrap")
    @classmethod
    def _found_or_none(cls, given: object, validated: ValidatorFunctionWrapHandler) -> tuple[DeviceInfo, ...]:
        """They are looked for anyway: a kind of device that we do not know must not cost all choices."""
        try:
            return tuple(validated(given))
        except ValidationError:
            return ()

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """The stored choices; defaults where there are none, or the file is damaged (it is kept)."""
        place = path if path is not None else settings_path()
        try:
            return cls.model_validate(json.loads(place.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, RecursionError) as error:
            return cls(problem=_put_aside(place, error))

    def save(self, path: Path | None = None) -> None:
        """Write all choices, complete or not at all. Raises SettingsError where that fails."""
        place = path if path is not None else settings_path()
        unfinished = place.with_name(f"{place.name}.{os.getpid()}.new")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_text(self.model_dump_json(indent=2), encoding="utf-8")
            unfinished.replace(place)
        except OSError as error:
            raise SettingsError(f"The settings cannot be kept in {place}: {error.strerror}.") from error

    def with_changes(self, **changes: Any) -> Self:
        """A copy with these fields changed. Raises SettingsError for an unknown field or a wrong value."""
        unknown = sorted(set(changes) - set(type(self).model_fields))
        if unknown:
            raise SettingsError(f"There is no setting called {', '.join(unknown)}.")
        kept = {name: getattr(self, name) for name in type(self).model_fields}
        try:
            return type(self).model_validate({**kept, **(self.model_extra or {}), **changes})
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise SettingsError(
                f"The setting {name} cannot be {first['input']!r}: {first['msg']}."
            ) from error


def _put_aside(place: Path, error: Exception) -> str:
    reason = f"The settings in {place} cannot be read; the studio starts with its defaults."
    try:
        aside = free_path(place.parent, place.name, ".damaged")
        place.rename(aside)
    except OSError:
        return f"{reason} ({type(error).__name__})"
    return f"{reason} The damaged file was kept as {aside.name}."
