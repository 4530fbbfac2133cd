"""A session gets a folder of its own, says in full what it is, and never takes another's place."""

from pathlib import Path

import pytest

from studio.app.session_description import SESSION_FILE, read_session
from studio.app.session_files import (
    check_recording_path,
    create_session,
    discard_empty_session,
    partition_name,
)
from studio.errors import StoreEnvironmentError, StoreFormatError
from studio.timing import NS_PER_S

CREATED = 1_800_000_000 * NS_PER_S


def test_a_session_keeps_the_typed_name_in_full(tmp_path: Path) -> None:
    place = create_session(tmp_path / "new", name="P03 / 2nd: try?", participant="Ada", created=CREATED)
    assert place.folder == tmp_path / "new" / "P03 _ 2nd_ try"
    assert place.recording == place.folder / f"{partition_name()}.h5"
    read = read_session(place.folder)
    assert read == place.description
    assert (read.name, read.participant, read.created) == ("P03 / 2nd: try?", "Ada", CREATED)


def test_a_session_without_a_name_is_called_by_date_and_time(tmp_path: Path) -> None:
    place = create_session(tmp_path, name="  ", participant="", created=CREATED)
    assert place.folder.name.startswith("2027-01-1")
    assert place.description.name == place.folder.name


def test_a_name_that_exists_gets_a_number_and_the_old_session_stays(tmp_path: Path) -> None:
    places = [create_session(tmp_path, name="P03", participant=str(n), created=CREATED) for n in range(3)]
    assert [place.folder.name for place in places] == ["P03", "P03 2", "P03 3"]
    assert [read_session(place.folder).participant for place in places] == ["0", "1", "2"]
    assert len({place.description.id for place in places}) == 3


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_a_file_in_the_place_of_the_folder_is_a_clear_error(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StoreEnvironmentError, match=r"cannot be written: .* Choose another folder"):
        create_session(tmp_path / "file" / below, name="", participant="", created=CREATED)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_read_only_place_is_a_clear_error() -> None:
    with pytest.raises(StoreEnvironmentError, match="/proc/1/nowhere cannot be written"):
        create_session(Path("/proc/1/nowhere"), name="a", participant="", created=CREATED)


def test_a_session_that_never_began_leaves_nothing(tmp_path: Path) -> None:
    place = create_session(tmp_path, name="a", participant="", created=CREATED)
    discard_empty_session(place)
    assert list(tmp_path.iterdir()) == []


def test_a_session_with_data_is_never_discarded(tmp_path: Path) -> None:
    place = create_session(tmp_path, name="a", participant="", created=CREATED)
    place.recording.write_text("data")
    discard_empty_session(place)
    assert place.recording.read_text() == "data"
    assert (place.folder / SESSION_FILE).exists()


def test_a_damaged_description_is_said_and_a_missing_one_is_none(tmp_path: Path) -> None:
    assert read_session(tmp_path) is None
    (tmp_path / SESSION_FILE).write_text('{"id": 3}')
    with pytest.raises(StoreFormatError, match="does not describe a session"):
        read_session(tmp_path)


def test_what_exists_is_never_recorded_over(tmp_path: Path) -> None:
    (tmp_path / "a.h5").write_text("old")
    (tmp_path / "link.h5").symlink_to(tmp_path / "nowhere")
    for name in ("a.h5", "link.h5", "."):
        with pytest.raises(StoreEnvironmentError, match="already"):
            check_recording_path(tmp_path / name)
    with pytest.raises(StoreEnvironmentError, match="cannot be written"):
        check_recording_path(tmp_path / "a.h5" / "b.h5")


def test_missing_folders_of_a_recording_are_made(tmp_path: Path) -> None:
    assert check_recording_path(tmp_path / "x" / "y" / "a.h5").parent.is_dir()
