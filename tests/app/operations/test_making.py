"""A file or folder appears complete or not at all, overwrites nothing, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from studio.app.operations.making import making, remove_stale, remove_unfinished
from studio.app.operations.progress import Unwatched
from studio.errors import Cancelled, StoreEnvironmentError
from tests.waiting import wait_until

HOLD = """
import sys
from pathlib import Path
from studio.app.operations.making import making
from studio.app.operations.progress import Unwatched
with making(Path(sys.argv[1]), Unwatched()) as made:
    made.place.write_text("half")
    print(made.place, flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_at_its_name_when_it_is_finished(tmp_path: Path) -> None:
    with making(tmp_path / "new" / "a.csv", Unwatched()) as made:
        made.place.write_text("whole")
        assert not (tmp_path / "new" / "a.csv").exists()
        assert made.finish() == tmp_path / "new" / "a.csv"
    assert names(tmp_path / "new") == ["a.csv"]
    assert (tmp_path / "new" / "a.csv").read_text() == "whole"


def test_a_name_that_is_taken_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.tar.gz").write_text("mine")
    (tmp_path / "b").mkdir()
    with making(tmp_path / "a.tar.gz", Unwatched()) as made:
        made.place.write_text("other")
        assert made.finish() == tmp_path / "a.tar 2.gz"
    with making(tmp_path / "b", Unwatched()) as made:
        made.place.mkdir()
        (made.place / "inside").write_text("x")
        assert made.finish() == tmp_path / "b 2"
    assert (tmp_path / "a.tar.gz").read_text() == "mine"
    assert names(tmp_path) == ["a.tar 2.gz", "a.tar.gz", "b", "b 2"]


def test_what_is_called_off_leaves_nothing(tmp_path: Path) -> None:
    def begin() -> None:
        with making(tmp_path / "a", Unwatched()) as made:
            made.place.mkdir()
            (made.place / "frame.png").write_bytes(b"x")
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        begin()
    assert names(tmp_path) == []


def test_an_error_of_the_disk_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreEnvironmentError, match="cannot be written"):  # noqa: SIM117
        with making(tmp_path / "file" / "a", Unwatched()):
            pass
    with pytest.raises(StoreEnvironmentError, match="No space left"):  # noqa: SIM117
        with making(tmp_path / "a", Unwatched()):
            raise OSError(28, "No space left on device")
    assert names(tmp_path) == ["file"]


@pytest.mark.kill
def test_only_what_a_dead_process_left_is_removed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path / "a.h5")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip()).parent
        assert not remove_unfinished(folder)
        remove_stale(tmp_path)
        assert folder.exists()
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    remove_stale(tmp_path)
    assert names(tmp_path) == []


def test_nothing_else_is_ever_removed(tmp_path: Path) -> None:
    for name in ("a.making-12345678", ".a.making-1234", ".a.making-12345678x", "mine"):
        (tmp_path / name).mkdir()
    (tmp_path / ".f.making-12345678").write_text("a file")
    os.symlink(tmp_path / "mine", tmp_path / ".l.making-12345678")
    (tmp_path / ".young.making-12345678").mkdir()
    before = names(tmp_path)
    remove_stale(tmp_path)
    assert names(tmp_path) == before
    os.utime(tmp_path / ".young.making-12345678", (1, 1))
    remove_stale(tmp_path)
    wait_until(lambda: len(names(tmp_path)) == len(before) - 1)
