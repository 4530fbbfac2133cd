"""`studio crop`, `copy`, `concat` and `compact`: what they make, say and return."""

import json
import signal
import wave
from pathlib import Path

import pytest

from studio.store import StoreReader
from tests.app.operations.recordings import record, sound_of
from tests.cli.running import assert_says, document, run, started
from tests.store.clock_logs import followed
from tests.store.recordings import SECOND, T0
from tests.timing.simulated_following import drifting, follow


@pytest.fixture
def take(tmp_path: Path) -> Path:
    return record(tmp_path / "take.h5", 2.0)


def spans(path: Path) -> dict[str, tuple[int, int]]:
    with StoreReader(path) as reader:
        return {s.name: (s.first_time, s.last_time) for s in reader.info().streams if s.message_count}


def test_crop_makes_a_recording_beside_the_original(take: Path) -> None:
    take.with_name("take cut.h5").write_text("taken")
    told = document(run("crop", str(take), "--from", "0.5", "--to", "0:01.5", "--json"))
    made = take.with_name("take cut 2.h5")
    assert (told["paths"], told["is_good"]) == ([str(made)], True)
    sound_of(made)
    begin = min(first for first, _ in spans(take).values())
    found = spans(made).values()
    assert begin + SECOND // 2 <= min(first for first, _ in found)
    assert max(last for _, last in found) <= begin + 3 * SECOND // 2


def test_copy_takes_the_streams_that_are_named(take: Path, tmp_path: Path) -> None:
    done = run("copy", str(take), "--streams", "words", "--streams", "sound", "--out", str(tmp_path / "two"))
    assert_says(done, 0)
    assert str(tmp_path / "two.h5") in done.stdout
    with StoreReader(tmp_path / "two.h5") as reader:
        assert reader.stream_names == ("sound", "words")


def test_concat_joins_in_order_of_time(take: Path, tmp_path: Path) -> None:
    later = record(tmp_path / "later.h5", 1.0, T0 + 60 * SECOND)
    assert_says(run("concat", str(later), str(take), "--out", str(tmp_path / "both.h5")), 0)
    assert spans(tmp_path / "both.h5")["sound"] == (spans(take)["sound"][0], spans(later)["sound"][1])


def test_concat_says_how_an_overlap_can_be_decided(take: Path) -> None:
    assert_says(run("concat", str(take), str(take)), 1, "--keep first")
    assert [path.name for path in take.parent.iterdir()] == ["take.h5"]


def test_wrong_times_are_told_and_make_nothing(take: Path) -> None:
    assert_says(run("crop", str(take), "--from", "2", "--to", "1"), 1, "lies before")
    assert [path.name for path in take.parent.iterdir()] == ["take.h5"]


def test_an_interrupted_command_leaves_nothing(tmp_path: Path) -> None:
    long = record(tmp_path / "long.h5", 30.0)
    with started("compact", str(long), "--level", "9") as process:
        while process.poll() is None and len(list(tmp_path.iterdir())) == 1:
            pass
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "Interrupted; nothing was left behind.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["long.h5"]


def test_export_makes_files_for_other_programs(take: Path) -> None:
    told = document(run("export", str(take), "--format", "wav", "--from", "1.5", "--json"))
    assert told["paths"] == [str(take.with_name("take wav"))]
    with wave.open(str(take.with_name("take wav") / "sound.wav")) as file:
        assert file.getframerate() == 8000
        assert 0.4 < file.getnframes() / 8000 <= 0.5


def test_several_are_copied_and_exported_and_one_that_is_broken_holds_up_no_other(
    take: Path, tmp_path: Path
) -> None:
    lab, out = tmp_path / "lab", tmp_path / "for others"
    lab.mkdir()
    other = record(lab / "other.h5", 1.0)
    broken = lab / "broken.h5"
    broken.write_bytes(b"no recording")
    done = run("copy", str(take), str(lab), "--streams", "sound", "--out", str(out), "--json")
    assert done.returncode == 1
    told = {Path(each["path"]).name: each for each in json.loads(done.stdout)}
    assert {name for name, each in told.items() if each["is_good"]} == {"take.h5", "other.h5"}
    assert "not a recording" in told["broken.h5"]["problem"]
    assert sorted(path.name for path in out.iterdir()) == ["other copy.h5", "take copy.h5"]
    with StoreReader(out / "other copy.h5") as reader:
        assert reader.stream_names == ("sound",)
    done = run("export", str(take), str(other), str(broken), "--format", "wav")
    assert done.returncode == 1
    assert "2 of 3 recordings went as they should." in done.stdout
    assert str(broken) in done.stderr
    assert (take.with_name("take wav") / "sound.wav").exists()
    assert (lab / "other wav" / "sound.wav").exists()
    broken.unlink()
    assert_says(run("export", str(take), "--format", "mp4", "--range", "much"), 1, "500:3000")
    assert_says(run("copy", str(take), str(other), "--out", str(take)), 1, "names the folder for all")
    assert_says(run("copy", str(lab), "--streams", "words"), 0)


def test_the_clock_is_corrected_from_the_command_line(tmp_path: Path) -> None:
    path = followed(tmp_path / "take.h5", follow(20, drifting()), 20)
    done = run("clock", "correct", str(path))
    assert_says(done, 0)
    assert "take.clock.json says how" in done.stdout
    told = document(run("clock", "correct", str(path), "--write", str(tmp_path / "right"), "--json"))
    assert told["paths"] == [str(tmp_path / "right.h5")]
    assert_says(run("verify", str(tmp_path / "right.h5")), 0)
    assert "take.clock.json" in run("info", str(path)).stdout
    failed = run("clock", "correct", str(tmp_path / "none.h5"))
    assert failed.returncode == 1
    assert "there is no file" in failed.stderr
