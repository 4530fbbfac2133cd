"""Sessions are renamed and thrown away whole, never while they are recorded, never in place of others."""

import shutil
from pathlib import Path

import pytest

from studio.app.session_description import SESSION_FILE, SessionDescription, read_session, write_session
from studio.app.session_moves import rename_session, repair_recording, trash
from studio.errors import SessionEditError
from studio.store.reader import StoreReader
from studio.store.sidecar import SideCar
from tests.app.trash_can import own_trash
from tests.store.recordings import small_recording


@pytest.fixture
def session(tmp_path: Path) -> Path:
    made = tmp_path / "data" / "P01"
    made.mkdir(parents=True)
    small_recording(made / "lab.h5")
    write_session(made, SessionDescription(id="1", name="P01", created=5, notes="kept"))
    return made


@pytest.fixture
def trashed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return own_trash(monkeypatch, tmp_path)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_folder_and_description_are_renamed(session: Path) -> None:
    now = rename_session(session, "P01: again", created=0)
    assert now == session.with_name("P01_ again")
    found = read_session(now)
    assert found is not None
    assert (found.name, found.notes) == ("P01: again", "kept")
    assert names(now) == ["lab.h5", SESSION_FILE]
    assert names(session.parent) == ["P01_ again"]


def test_a_name_that_is_taken_gets_a_number(session: Path) -> None:
    shutil.copytree(session, session.with_name("P02"))
    assert rename_session(session, "P02", created=0).name == "P02 2"
    assert (session.with_name("P02") / "lab.h5").exists()


def test_another_spelling_of_the_same_name_changes_the_description_only(session: Path) -> None:
    now = rename_session(session, "P?1", created=0)
    assert now == session.with_name("P_1")
    assert rename_session(now, "P*1", created=0) == now
    found = read_session(now)
    assert found is not None
    assert found.name == "P*1"


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_a_session_needs_a_name(session: Path, name: str) -> None:
    with pytest.raises(SessionEditError, match="needs a name"):
        rename_session(session, name, created=0)


def test_what_cannot_be_renamed_keeps_its_name(session: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Path:
        raise OSError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(SessionEditError, match="Permission denied"):
        rename_session(session, "P02", created=0)
    monkeypatch.undo()
    found = read_session(session)
    assert found is not None
    assert found.name == "P01"


def test_nothing_moves_while_it_is_recorded(session: Path, trashed: Path) -> None:
    lock = SideCar.take(session / "lab.h5")
    assert lock is not None
    for deed in (
        lambda: rename_session(session, "P02", created=0),
        lambda: trash([session]),
        lambda: trash([session / "lab.h5"]),
        lambda: repair_recording(session / "lab.h5"),
    ):
        with pytest.raises(SessionEditError, match="being recorded"):
            deed()
    lock.release()
    assert names(session) == ["lab.h5", SESSION_FILE]
    assert not trashed.exists()


def test_a_loose_recording_takes_along_what_belongs_to_it(tmp_path: Path) -> None:
    for name in ("a.h5", "a.level.h5", "b.h5"):
        small_recording(tmp_path / name)
    for name in ("a.notes.jsonl", "ab.txt"):
        (tmp_path / name).write_text(name)
    assert rename_session(tmp_path / "a.h5", "c", created=0) == tmp_path / "c.h5"
    assert names(tmp_path) == ["ab.txt", "b.h5", "c.h5", "c.level.h5", "c.notes.jsonl"]
    with StoreReader(tmp_path / "c.h5") as reader:
        assert len(reader.stream_names) == 3


def test_a_loose_recording_takes_no_others_place(tmp_path: Path) -> None:
    small_recording(tmp_path / "a.h5")
    small_recording(tmp_path / "b.h5")
    assert rename_session(tmp_path / "a.h5", "b", created=0) == tmp_path / "b 2.h5"
    (tmp_path / "c.notes.jsonl").write_text("another's")
    (tmp_path / "b 2.notes.jsonl").write_text("mine")
    with pytest.raises(SessionEditError, match=r"c\.notes\.jsonl already"):
        rename_session(tmp_path / "b 2.h5", "c", created=0)
    assert (tmp_path / "c.notes.jsonl").read_text() == "another's"


def test_a_session_goes_to_the_trash_as_a_whole(session: Path, trashed: Path) -> None:
    trash([session])
    assert not session.exists()
    assert names(trashed / "P01") == ["lab.h5", SESSION_FILE]


def test_a_recording_goes_with_its_notes_and_without_what_was_derived(session: Path, trashed: Path) -> None:
    small_recording(session / "lab.level.h5")
    for name in ("lab.notes.jsonl", "lab.level.notes.jsonl"):
        (session / name).write_text("{}")
    trash([session / "lab.h5"])
    assert names(session) == ["lab.level.h5", "lab.level.notes.jsonl", SESSION_FILE]
    assert names(trashed) == ["lab.h5", "lab.notes.jsonl"]


def test_a_folder_with_other_sessions_in_it_stays(session: Path, trashed: Path) -> None:
    shutil.copytree(session, session / "inner")
    with pytest.raises(SessionEditError, match="another session, inner"):
        trash([session])
    assert (session / "inner" / "lab.h5").exists()
    assert not trashed.exists()


def test_where_there_is_no_trash_nothing_is_deleted(
    session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").write_text("")
    own_trash(monkeypatch, tmp_path / "a file")
    with pytest.raises(SessionEditError, match="no trash"):
        trash([session])
    assert names(session) == ["lab.h5", SESSION_FILE]


def test_what_is_gone_already_is_said(session: Path) -> None:
    for deed in (
        lambda: trash([session.with_name("x")]),
        lambda: rename_session(session / "x.h5", "y", created=0),
    ):
        with pytest.raises(SessionEditError, match="not there any more"):
            deed()
