"""`studio verify` and `studio process` over folders and several files: one that fails holds up no other."""

import json
import shutil
from pathlib import Path

import pytest

from studio.cli.processing import Place, Wanted, Way, carry_out
from studio.cli.several import each, recordings_in, sources_in
from studio.errors import Cancelled, StoreEnvironmentError, StreamError
from tests.app.chains.chain_files import DOUBLED, content, written
from tests.cli.running import run
from tests.store.recordings import STRING, T0, small_recording, write_recording


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A session of two recordings and a copy, a loose recording, and one that is broken."""
    made = tmp_path / "lab"
    (made / "P01").mkdir(parents=True)
    small_recording(made / "P01" / "one.h5")
    for copy in ("P01/two.h5", "P01/one.loud.h5", "loose.h5"):
        shutil.copy(made / "P01" / "one.h5", made / copy)
    (made / "broken.h5").write_bytes(b"no recording")
    return made


def relative(paths: tuple[Path, ...], folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def test_a_folder_means_every_recording_below_it(folder: Path) -> None:
    everything = ["P01/one.h5", "P01/one.loud.h5", "P01/two.h5", "broken.h5", "loose.h5"]
    assert relative(recordings_in((folder, folder / "loose.h5")), folder) == everything
    groups = sources_in((folder,))
    assert sorted(relative(group, folder) for group in groups) == [["P01/one.h5", "P01/two.h5"], ["loose.h5"]]
    assert sources_in((folder,), computed=True) == ((folder / "P01" / "one.loud.h5",),)
    empty = folder / "nothing"
    empty.mkdir()
    with pytest.raises(StoreEnvironmentError, match="no recording in the folder"):
        recordings_in((empty,))


def test_one_of_several_that_fails_is_told_and_the_only_one_raises() -> None:
    def halves(number: int) -> float:
        if number == 0:
            raise StreamError("nothing to divide by")
        return 1 / number

    assert [(d.name, d.result, d.problem) for d in each((2, 0, 4), str, halves)] == [
        ("2", 0.5, ""),
        ("0", None, "nothing to divide by"),
        ("4", 0.25, ""),
    ]
    with pytest.raises(StreamError):
        list(each((0,), str, halves))


def test_calling_off_ends_them_all() -> None:
    def called_off(number: int) -> int:
        if number:
            raise Cancelled("Interrupted.")
        return number

    finished: list[str] = []
    with pytest.raises(Cancelled):
        finished.extend(done.name for done in each((0, 1, 0), str, called_off))
    assert finished == ["0"], "what was done before is known, and nothing is begun after"


def test_a_folder_is_verified_in_whole(folder: Path) -> None:
    done = run("verify", str(folder), "--json")
    assert done.returncode == 1
    sound = {Path(report["path"]).name: report["is_sound"] for report in json.loads(done.stdout)}
    assert sound == {
        "one.h5": True,
        "one.loud.h5": True,
        "two.h5": True,
        "loose.h5": True,
        "broken.h5": False,
    }
    (folder / "broken.h5").unlink()
    done = run("verify", str(folder / "P01"), str(folder / "loose.h5"))
    assert done.returncode == 0
    assert "4 of 4 recordings are sound" in done.stdout


def test_a_chain_is_run_over_each_session_of_a_folder(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(folder / "P01")
    (folder / "loose.h5").unlink()
    write_recording(folder / "words.h5", {"words": (STRING, [(T0, "hello")])})
    small_recording(folder / "later.h5")
    chain = str(written(tmp_path, DOUBLED))
    assert not carry_out(Wanted(chain, (folder,), (), Place(), Way()), json=False)
    assert "There is no stream for 'numbers'" in capsys.readouterr().out
    assert len(content(folder / "later.doubled.h5")["doubled"]) == 1000
