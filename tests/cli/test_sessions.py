"""`studio sessions` lists a folder; `studio info` says which session a recording belongs to."""

from pathlib import Path

import pytest

from studio.app.dataset_description import change_dataset
from studio.app.session_description import SessionDescription, write_session
from studio.app.session_entries import DatasetChange
from tests.cli.running import assert_says, document, run
from tests.store.recordings import small_recording


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A session, a loose recording, and something that is none."""
    place = tmp_path / "P01"
    place.mkdir()
    small_recording(place / "lab.h5")
    described = SessionDescription(
        id="1", name="P01: [bold]", created=5, participant="Ada", notes="late", tags=("a", "b")
    )
    write_session(place, described)
    small_recording(tmp_path / "loose.h5")
    (tmp_path / "text.h5").write_text("no recording")
    return tmp_path


def test_the_sessions_of_a_folder_are_listed(folder: Path) -> None:
    done = run("sessions", str(folder))
    assert_says(done, 0)
    for word in ("P01: [bold]", "Ada", "a, b", "loose", "broken: "):
        assert word in done.stdout
    told = {
        session["name"]: session for session in document(run("sessions", str(folder), "--json"))["sessions"]
    }
    assert set(told) == {"P01: [bold]", "loose", "text"}
    session = told["P01: [bold]"]
    assert (session["participant"], session["tags"], session["notes"]) == ("Ada", ["a", "b"], "late")
    assert [part["path"] for part in session["partitions"]] == [str(folder / "P01" / "lab.h5")]
    assert told["text"]["problem"]


def test_only_what_is_searched_for_is_listed(folder: Path) -> None:
    change_dataset(folder, DatasetChange("Gait", "Walking"))
    told = document(run("sessions", str(folder), "--find", "tag:a", "--json"))
    assert (told["name"], told["description"]) == ("Gait", "Walking")
    assert [session["participant"] for session in told["sessions"]] == ["Ada"]
    assert_says(run("sessions", str(folder), "--find", "after:soon"), 1, "is not a date")


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert_says(run("sessions", str(tmp_path / "gone")), 1, "is not there")


def test_a_recording_tells_its_session(folder: Path) -> None:
    done = run("info", str(folder / "P01" / "lab.h5"))
    assert "Session: P01: [bold], participant Ada\nTags: a, b\nNotes: late" in done.stdout
    assert document(run("info", str(folder / "loose.h5"), "--json"))["session"] is None
