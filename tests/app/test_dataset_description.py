"""`dataset.json`: said of a folder of sessions by whoever wants to, kept whole, gone when nothing is said."""

import json
from pathlib import Path

import pytest

from studio.app.catalog import Catalog
from studio.app.dataset_description import DATASET_FILE, change_dataset, dataset_entry
from studio.app.session_entries import DatasetChange, DatasetEntry
from studio.errors import SessionEditError


def test_only_what_is_named_changes_and_what_was_said_before_is_told(tmp_path: Path) -> None:
    assert change_dataset(tmp_path, DatasetChange(name="Gait")) == DatasetChange(name="")
    place = tmp_path / DATASET_FILE
    place.write_text(json.dumps({**json.loads(place.read_text()), "licence": "CC0"}))
    assert change_dataset(tmp_path, DatasetChange(description="Walking")) == DatasetChange(description="")
    assert dataset_entry(tmp_path) == DatasetEntry("Gait", "Walking")
    assert json.loads(place.read_text())["licence"] == "CC0"
    assert change_dataset(tmp_path, DatasetChange("", "")) == DatasetChange("Gait", "Walking")
    assert place.exists()  # somebody else says something in it


def test_a_file_that_says_nothing_any_more_goes_and_a_damaged_one_is_kept(tmp_path: Path) -> None:
    change_dataset(tmp_path, DatasetChange(name="Gait"))
    change_dataset(tmp_path, DatasetChange(name=""))
    assert not (tmp_path / DATASET_FILE).exists()
    (tmp_path / DATASET_FILE).write_text("{ no")
    assert "does not describe a dataset" in dataset_entry(tmp_path).problem
    change_dataset(tmp_path, DatasetChange(name="Again"))
    assert dataset_entry(tmp_path).name == "Again"
    assert (tmp_path / f"{DATASET_FILE}.damaged").read_text() == "{ no"
    with pytest.raises(SessionEditError, match="not there any more"):
        change_dataset(tmp_path / "gone", DatasetChange(name="x"))


def test_the_list_of_sessions_learns_what_is_said(tmp_path: Path) -> None:
    catalog = Catalog()
    assert catalog.look(str(tmp_path)).described == DatasetEntry()
    change_dataset(tmp_path, DatasetChange("Gait", "Walking"))
    assert catalog.look(str(tmp_path)).described == DatasetEntry("Gait", "Walking")
    (tmp_path / DATASET_FILE).unlink()
    assert catalog.look(str(tmp_path)).described == DatasetEntry()
