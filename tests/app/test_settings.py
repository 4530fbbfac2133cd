"""Choices survive; what is damaged is kept aside and said."""

import json
from pathlib import Path

import pytest

from studio.app.settings import Settings, default_recordings_folder
from studio.app.settings_file import settings_path
from studio.devices.device import DeviceSettings
from studio.errors import SettingsError


def test_a_first_start_has_defaults_and_writes_nothing() -> None:
    loaded = Settings.load()
    assert loaded.first_start
    assert loaded.ticked is None
    assert loaded.problem == ""
    assert loaded.recordings_folder == default_recordings_folder()
    assert not settings_path().exists()


def test_choices_come_back() -> None:
    chosen = Settings().with_changes(
        theme="dark",
        ticked=("simulated:imu",),
        cameras=("http://localhost/camera",),
        device_settings={"simulated:imu": DeviceSettings(rate=500.0)},
        first_start=False,
        window={"geometry": "AbC="},
    )
    chosen.save()
    assert Settings.load() == chosen
    assert Settings.load().device_settings["simulated:imu"].rate == 500.0


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe\x00", b'{"theme": "pink"}', b"null", b'{"ticked": 3}', b"[" * 100_000],
)
def test_a_damaged_file_gives_defaults_and_is_kept_aside(content: bytes, tmp_path: Path) -> None:
    place = tmp_path / "settings.json"
    place.write_bytes(content)
    loaded = Settings.load(place)
    assert "damaged" in loaded.problem
    assert loaded.theme == "system"
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [content]
    loaded.save(place)
    assert Settings.load(place).problem == ""


def test_a_second_damaged_file_does_not_replace_the_first(tmp_path: Path) -> None:
    place = tmp_path / "settings.json"
    for content in ("first", "second"):
        place.write_text(content)
        Settings.load(place)
    assert sorted(path.read_text() for path in tmp_path.iterdir()) == ["first", "second"]


def test_settings_of_a_newer_studio_are_not_lost(tmp_path: Path) -> None:
    place = tmp_path / "settings.json"
    place.write_text('{"theme": "light", "colour_of_tomorrow": "octarine"}')
    Settings.load(place).with_changes(theme="dark").save(place)
    assert json.loads(place.read_text())["colour_of_tomorrow"] == "octarine"


def test_a_kind_of_device_of_a_newer_studio_costs_only_what_was_found(tmp_path: Path) -> None:
    place = tmp_path / "settings.json"
    for kind, found in (("microphone", 1), ("gravity", 0)):
        devices = [{"id": "a", "name": "A", "kind": kind}]
        place.write_text(json.dumps({"theme": "light", "found": devices}))
        settings = Settings.load(place)
        assert (settings.theme, settings.problem, len(settings.found)) == ("light", "", found)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be kept"):
        Settings().save(tmp_path / "file" / "settings.json")


@pytest.mark.parametrize("changes", [{"theme": "pink"}, {"them": "dark"}, {"recordings_folder": ""}])
def test_a_wrong_change_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(SettingsError):
        Settings().with_changes(**changes)
