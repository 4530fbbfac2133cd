"""What a session is described with is written whole or not at all, whoever else writes and whatever dies."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from studio.app.session_description import (
    SESSION_FILE,
    UNFINISHED,
    SessionDescription,
    change_session,
    read_session,
    update_session,
    write_session,
)
from studio.app.session_entries import SessionChange
from studio.engine.threads import spawn
from studio.errors import SessionEditError, StoreFormatError
from studio.store.sidecar import SideCar, sidecar_path
from tests.waiting import wait_until

BEFORE = SessionDescription(id="1", name="P01", created=5, participant="Ada", notes="old " * 1000)

ENDLESS = """
import itertools, pathlib, sys
from studio.app.session_description import change_session
from studio.app.session_entries import SessionChange
folder = pathlib.Path(sys.argv[1])
print("ready", flush=True)
for number in itertools.count():
    change_session(folder, SessionChange(notes=f"{number} " * 20_000), created=0)
"""
"""Writes notes of one number, the next one each time."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "P01"
    made.mkdir()
    write_session(made, BEFORE)
    return made


def read(folder: Path) -> SessionDescription:
    found = read_session(folder)
    assert found is not None
    return found


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_change_names_its_fields_and_leaves_the_others(folder: Path) -> None:
    old = change_session(folder, SessionChange(tags=("a", "b")), created=0)
    assert old == SessionChange(tags=())
    assert read(folder) == BEFORE.model_copy(update={"tags": ("a", "b")})
    assert files(folder) == [SESSION_FILE]


def test_fields_of_a_newer_studio_are_kept(folder: Path) -> None:
    place = folder / SESSION_FILE
    place.write_text(json.dumps({**json.loads(place.read_text()), "room": {"number": 3}}))
    change_session(folder, SessionChange(participant="Bea"), created=0)
    assert json.loads(place.read_text())["room"] == {"number": 3}


def test_a_folder_without_description_gets_one(tmp_path: Path) -> None:
    change_session(tmp_path, SessionChange(notes="found"), created=7)
    found = read(tmp_path)
    assert (found.name, found.created, found.notes) == (tmp_path.name, 7, "found")
    assert found.id


def test_a_damaged_description_is_kept_beside(folder: Path) -> None:
    (folder / SESSION_FILE).write_text("{")
    with pytest.raises(StoreFormatError, match="does not describe"):
        read_session(folder)
    change_session(folder, SessionChange(notes="new"), created=0)
    assert read(folder).notes == "new"
    assert (folder / f"{SESSION_FILE}.damaged").read_text() == "{"


def test_half_a_character_does_not_prevent_writing(folder: Path) -> None:
    change_session(folder, SessionChange(notes="\ud83d", tags=("\udc00",)), created=0)
    assert (read(folder).notes, read(folder).tags) == ("?", ("?",))


def test_a_folder_that_is_gone_or_read_only_says_so(tmp_path: Path) -> None:
    with pytest.raises(SessionEditError, match="not there any more"):
        change_session(tmp_path / "gone", SessionChange(notes="x"), created=0)
    with pytest.raises(SessionEditError, match="cannot be written"):
        change_session(Path("/proc/1"), SessionChange(notes="x"), created=0)


def test_two_studios_that_write_at_once_lose_nothing(folder: Path) -> None:
    """Each adds tags of its own to what it finds."""

    def add(name: str) -> None:
        for number in range(10):
            update_session(folder, {name: f"{number}"}, created=0)

    threads = [
        spawn(f"editor-{name}", lambda _, name=name: add(name), pytest.fail)  # type: ignore[misc]
        for name in ("participant", "notes", "room", "weather")
    ]
    for thread in threads:
        assert thread.join(30)
    found = read(folder)
    assert (found.participant, found.notes) == ("9", "9")
    assert found.model_extra == {"room": "9", "weather": "9"}
    assert files(folder) == [SESSION_FILE]


def test_a_studio_that_does_not_let_go_is_not_waited_for_for_ever(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.app.whole_files.PATIENCE", 10**8)
    held = SideCar.take(folder / SESSION_FILE)
    assert held is not None
    with pytest.raises(SessionEditError, match="Another studio"):
        change_session(folder, SessionChange(notes="x"), created=0)
    held.release()
    assert read(folder) == BEFORE


@pytest.mark.kill
@pytest.mark.parametrize("delay_writes", [0, 2])
def test_a_writer_killed_at_any_moment_leaves_the_old_text_or_the_new(
    folder: Path, delay_writes: int
) -> None:
    """The description is whole, and the next writer is not held up by what the dead one left."""
    process = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, str(folder)], stdout=subprocess.PIPE, env=dict(os.environ)
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    wait_until(lambda: read(folder).notes != BEFORE.notes, what="the first change")
    for _ in range(delay_writes):
        seen = read(folder).notes
        wait_until(lambda: read(folder).notes != seen, what="the next change")  # noqa: B023
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    words = read(folder).notes.split()
    assert len(words) == 20_000
    assert len(set(words)) == 1
    change_session(folder, SessionChange(notes="after"), created=0)
    assert read(folder).notes == "after"
    assert not (folder / UNFINISHED).exists()
    assert not sidecar_path(folder / SESSION_FILE).exists()
