"""`studio info`, `verify`, `repair` and `devices`: what they say, and what scripts can rely on."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import h5py
import pytest

from tests.cli.running import assert_says, document, run, started
from tests.store.clock_logs import followed, whole
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A short recording of everything simulated, as its bytes."""
    path = tmp_path_factory.mktemp("recording") / "a.h5"
    done = run("record", "--device", "simulated", "--seconds", "0.7", "--out", str(path))
    assert done.returncode == 0, done.stderr
    return path.read_bytes()


@pytest.fixture
def sound(recording: bytes, tmp_path: Path) -> Path:
    """A copy of the recording for this test alone."""
    path = tmp_path / "[bold] a.h5"
    path.write_bytes(recording)
    return path


def test_colours_wanted_in_a_pipe_cut_no_name_short_and_draw_no_line_to_be_rewritten(sound: Path) -> None:
    done = run("info", str(sound), FORCE_COLOR="1", COLUMNS="40")
    assert_says(done, 0)
    assert "Simulated IMU/accelerometer" in done.stdout
    assert done.stderr == ""


def test_info_tells_what_is_in_a_recording(sound: Path) -> None:
    done = run("info", str(sound))
    assert_says(done, 0)
    assert str(sound) in done.stdout
    assert "Simulated IMU/accelerometer" in done.stdout
    assert "m/s²" in done.stdout
    told = document(run("info", str(sound), "--json"))
    assert told["clean"] is True
    assert told["losses"] == []
    counts = {stream["name"]: stream["sample_count"] for stream in told["streams"]}
    with h5py.File(sound) as file:
        assert counts["Simulated microphone"] == len(file["streams/Simulated microphone/data"]) > 20_000


def test_info_and_verify_tell_how_exact_the_clock_was(tmp_path: Path) -> None:
    path = followed(tmp_path / "r.h5", whole(20), 20)
    for verb in ("info", "verify"):
        done = run(verb, str(path))
        assert_says(done, 0)
        assert "Clock: It followed LAB-MASTER (10.0.0.2:11511, studio) by two-sided" in done.stdout
        assert "within \u00b1 0.18 ms of it" in done.stdout
        assert "80 of 100 questions were answered" in done.stdout
        (told,) = document(run(verb, str(path), "--json"))["clock"]
        assert (told["machine"], told["bound_max"], told["limit"]) == ("LAB-MASTER", 180_019, 5_000_000)


def test_a_recording_alone_is_described_where_there_is_no_screen(sound: Path) -> None:
    assert run(str(sound)).stdout == run("info", str(sound)).stdout


def test_verify_finds_a_sound_recording_sound(sound: Path) -> None:
    done = run("verify", str(sound))
    assert_says(done, 0)
    assert "is sound" in done.stdout
    assert document(run("verify", str(sound), "--json"))["is_sound"] is True


def test_verify_finds_a_changed_sample_and_says_where(sound: Path) -> None:
    with h5py.File(sound, "r+") as file:
        file["streams/Simulated signal/data"][10, 0] += 5.0
    done = run("verify", str(sound), "--json")
    assert_says(done, 1)
    told = document(done)
    assert told["is_sound"] is False
    assert "Simulated signal" in told["findings"][0]["where"]
    assert "Simulated signal" in run("verify", str(sound)).stdout


def test_a_sound_recording_needs_no_repair(sound: Path) -> None:
    before = sound.read_bytes()
    done = run("repair", str(sound), "--json")
    assert_says(done, 0)
    assert document(done)["repaired"] is False
    assert sound.read_bytes() == before


@pytest.mark.kill
def test_a_recording_whose_recorder_was_killed_can_be_repaired(tmp_path: Path) -> None:
    out = tmp_path / "a.h5"
    with started("record", "--device", "simulated:signal", "--out", str(out)) as process:
        wait_until(lambda: out.exists() and out.stat().st_size > 0, timeout_s=30)
        wait_until(lambda: document(run("info", str(out), "--json"))["streams"][0]["message_count"] > 20)
        assert_says(run("repair", str(out)), 1, "is being recorded right now")
        process.send_signal(signal.SIGKILL)
        process.wait()
    told = run("info", str(out))
    assert_says(told, 0)
    assert "studio repair" in told.stdout
    assert document(run("repair", str(out), "--json"))["repaired"] is True
    assert "put in order" in run("info", str(out)).stdout
    assert_says(run("verify", str(out)), 0)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("no recording"),
    "cut off": lambda path: os.truncate(path, path.stat().st_size // 2),
    "zeros": lambda path: path.write_bytes(bytes(100_000)),
    "not there": lambda path: path.unlink(),
    "folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_no_recording_is_one_sentence(damage: str, sound: Path) -> None:
    DAMAGES[damage](sound)
    for verb in ("info", "verify", "repair") if damage == "cut off" else ("info",):
        done = run(verb, str(sound), "--json")
        assert_says(done, 1, "studio: ")
        assert len(done.stderr.splitlines()) == 1
        assert document(done)["error"]


def test_a_foreign_hdf5_file_is_no_recording(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x"] = [1, 2, 3]
    assert_says(run("info", str(tmp_path / "a.h5")), 1, "not a recording")


def test_devices_lists_the_simulated_ones_with_their_ids() -> None:
    told = document(run("devices", "--json"))
    assert {"simulated:camera", "simulated:microphone"} <= {each["id"] for each in told["devices"]}
    assert "Simulated camera" in run("devices").stdout


def test_a_terminal_of_few_letters_ends_no_command(sound: Path) -> None:
    done = run("info", str(sound), PYTHONIOENCODING="ascii")
    assert_says(done, 0)
    assert "m/s?" in done.stdout
