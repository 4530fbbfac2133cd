"""`studio record` from the outside: what a script starts, interrupts and reads."""

import json
import signal
from pathlib import Path

import pytest

from studio.app.session_description import read_session
from studio.store.reader import StoreReader
from studio.store.verification import verify
from tests.app.test_recorder import read_plainly
from tests.cli.running import assert_says, document, run, started
from tests.lab.camera import CameraServer
from tests.waiting import wait_until


def test_a_second_of_everything_simulated_ends_in_a_file_and_a_summary(tmp_path: Path) -> None:
    out = tmp_path / "a.h5"
    done = run("record", "--device", "simulated", "--seconds", "1", "--out", str(out), "--json")
    assert_says(done, 0)
    summary = document(done)
    assert summary["path"] == str(out)
    assert summary["complete"] is True
    assert 0.9 < summary["duration_s"] < 3
    assert summary["byte_size"] == out.stat().st_size
    plain = read_plainly(out)["streams"]
    assert len(summary["streams"]) == len(plain) == 8
    for stream in summary["streams"]:
        assert stream["produced"] == stream["stored"] + stream["dropped"] == plain[stream["name"]]["produced"]
        assert stream["stored"] == plain[stream["name"]]["stored"]


def test_people_get_a_table_and_no_escape_sequences_in_a_pipe(tmp_path: Path) -> None:
    done = run("record", "--device", "Simulated IMU", "--seconds", "0.5", "--out", str(tmp_path / "a.h5"))
    assert_says(done, 0, "Recording Simulated IMU into")
    assert "Simulated IMU/gyroscope" in done.stdout
    assert "produced" in done.stdout
    assert str(tmp_path / "a.h5") in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupting_finishes_the_recording_properly(number: signal.Signals, tmp_path: Path) -> None:
    out = tmp_path / "a.h5"
    arguments = (
        "record",
        "--device",
        "simulated:signal",
        "--device",
        "simulated:camera",
        "--out",
        str(out),
        "--json",
    )
    with started(*arguments) as process:
        wait_until(lambda: out.exists() and _fewest_messages(out) > 5, timeout_s=30, what="data in the file")
        process.send_signal(number)
        process.send_signal(number)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    summary = json.loads(output)
    assert summary["interrupted"] is True
    assert all(stream["stored"] == stream["produced"] > 0 for stream in summary["streams"])
    with StoreReader(out, repair=False) as reader:
        assert reader.info().clean
    assert verify(out).findings == ()


def _fewest_messages(path: Path) -> int:
    with StoreReader(path, repair=False) as reader:
        return min((stream.message_count for stream in reader.info().streams), default=0)


def test_without_out_a_session_is_made_in_the_folder(tmp_path: Path) -> None:
    name = "P03: [red] 測定/x"
    for number in range(2):
        done = run(
            *("record", "--device", "simulated:imu", "--seconds", "0.3", "--json"),
            *("--folder", str(tmp_path), "--name", name, "--participant", "Ada"),
        )
        assert_says(done, 0)
        folder = Path(document(done)["path"]).parent
        assert folder.name == "P03_ [red] 測定_x" + (" 2" if number else "")
        session = read_session(folder)
        assert session is not None
        assert (session.name, session.participant) == (name, "Ada")
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.device
def test_an_address_is_a_camera(camera_server: CameraServer, tmp_path: Path) -> None:
    out = tmp_path / "a.h5"
    done = run("record", "--device", camera_server.url, "--seconds", "2", "--out", str(out), "--json")
    assert_says(done, 0)
    (stream,) = document(done)["streams"]
    assert stream["kind"] == "jpeg"
    assert stream["stored"] > 5


def test_a_camera_that_delivers_nothing_is_a_failure(tmp_path: Path) -> None:
    address = "http://127.0.0.1:9/camera"
    done = run("record", "--device", address, "--seconds", "1", "--out", str(tmp_path / "a.h5"), "--json")
    assert_says(done, 1, "Nothing was delivered by")
    assert document(done)["problems"][0]["severity"] == "error"


def test_a_device_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    done = run("record", "--device", "Micro", "--seconds", "1", "--out", str(tmp_path / "a.h5"), "--json")
    assert_says(done, 1, "no device called 'Micro'", "'Simulated microphone'")
    assert "no device called" in document(done)["error"]
    assert list(tmp_path.iterdir()) == []


def test_what_exists_is_not_touched(tmp_path: Path) -> None:
    out = tmp_path / "a.h5"
    out.write_text("mine")
    done = run("record", "--device", "simulated:imu", "--seconds", "1", "--out", str(out))
    assert_says(done, 1, "nothing is ever overwritten")
    assert out.read_text() == "mine"


@pytest.mark.parametrize("option", ["--out", "--folder"])
def test_a_place_that_cannot_be_written_is_said(option: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for place in (tmp_path / "file" / "a.h5", Path("/proc/1/a.h5")):
        done = run("record", "--device", "simulated:imu", "--seconds", "1", option, str(place))
        assert_says(done, 1, "cannot be written")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--seconds", "ten"),
        ("--seconds", "-1"),
        ("--bogus",),
        ("--out", "a.h5", "--name", "session"),
    ],
)
def test_a_command_that_makes_no_sense_is_exit_code_two(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert_says(run("record", "--device", "simulated", *arguments), 2, "Error")


def test_faults_are_rehearsed_and_all_of_them_accounted_for(tmp_path: Path) -> None:
    out = tmp_path / "a.h5"
    wanted = ("record", "--device", "simulated:signal", "--seconds", "1.5", "--out", str(out), "--json")
    done = run(*wanted, "--rehearse", "unplug@0.3+0.4")
    assert_says(done, 0)
    assert "unplugged" in done.stderr
    (stream,) = document(done)["streams"]
    assert stream["gaps"] == 1
    assert stream["produced"] == stream["stored"] + stream["dropped"]
    assert stream["dropped"] == pytest.approx(400, abs=40)
    assert verify(out).is_sound


def test_faults_that_cannot_be_are_said_before_anything_is_recorded(tmp_path: Path) -> None:
    out = tmp_path / "a.h5"
    done = run("record", "--device", "simulated:signal", "--out", str(out), "--rehearse", "explode@1+1")
    assert done.returncode == 1
    assert "unplug, stall" in done.stderr
    assert not out.exists()


def test_a_session_is_gone_on_with_in_a_further_file(tmp_path: Path) -> None:
    made = run("record", "--device", "Simulated IMU", "--seconds", "0.3", "--folder", str(tmp_path), "--json")
    first = Path(document(made)["path"])
    into = ("record", "--device", "Simulated IMU", "--seconds", "0.3", "--session", str(first.parent))
    second = Path(document(run(*into, "--json"))["path"])
    assert second == first.with_name(f"{first.stem} 2.h5")
    assert_says(run(*into, "--name", "other"), 2, "--session names one that exists")
