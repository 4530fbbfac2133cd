"""The recorder as a process: started, found, shared, left alone, ended; recordings outlive its clients."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import h5py
import pytest

from studio.app.status import RecorderState
from studio.errors import RemoteFailure, RoleError
from studio.host.client import loss_sentence
from studio.host.endpoint import Endpoint
from studio.host.going_on_protocol import GoOnRecording
from studio.host.lives import lives
from studio.host.protocol import DropMarker, GetStatus, Quit, StartPreview, StartRecording, StopRecording
from studio.host.rings import FrameRingReader, SampleRingReader
from studio.host.role_names import ANOTHER_HAS_THE_LOCK, Role
from studio.host.roles import role_command
from studio.host.run_directory import RunDirectory
from studio.store.notes_journal import read_notes
from studio.store.reader import StoreReader
from studio.store.verification import verify
from studio.timing import NS_PER_S, monotonic_ns
from tests.host.conftest import MakeClient
from tests.host.watched import devices, recorder_pid, recorder_processes, wait_for_end
from tests.lab.places import Places
from tests.waiting import PATIENCE, wait_until


def test_one_recorder_serves_all_who_start_at_once(new_client: MakeClient, places: Places) -> None:
    clients = [new_client() for _ in range(4)]
    for client in clients:
        client.wait_until_connected()
        assert client.wait_for_state(RecorderState.IDLE).devices == ()
    wait_until(lambda: len(recorder_processes(places)) == 1, 20, "the others' giving way")
    assert recorder_processes(places)[0].pid == recorder_pid()
    assert all(client.losses == [] for client in clients)


def test_a_recorder_that_finds_another_gives_way(new_client: MakeClient) -> None:
    new_client().wait_until_connected()
    second = subprocess.run(role_command(Role.RECORDER), timeout=30, check=False)
    assert second.returncode == ANOTHER_HAS_THE_LOCK


def test_record_and_stop_leave_a_file_that_plain_h5py_reads(new_client: MakeClient, tmp_path: Path) -> None:
    client = new_client()
    path = client.record(tmp_path)
    assert client.wait_for_state(RecorderState.RECORDING).path == str(path)
    finished = client.ask(StopRecording())
    assert finished.path == str(path)
    assert client.wait_for_state(RecorderState.IDLE).path == ""
    with h5py.File(path) as file:
        assert len(file["streams"]) == len(finished.streams) > 3
    assert verify(path).is_sound
    for stream in finished.streams:
        assert stream.produced == stream.stored + stream.dropped


def test_live_views_of_a_preview_can_be_read_by_another_process(new_client: MakeClient) -> None:
    client = new_client()
    client.ask(StartPreview(devices()))
    status = client.wait_for_state(RecorderState.PREVIEW)
    views = [stream.live for device in status.devices for stream in device.streams if stream.live]
    signals = [SampleRingReader(view.path) for view in views if view.kind == "samples"]
    pictures = [FrameRingReader(view.path) for view in views if view.kind == "frames"]
    assert signals
    assert pictures
    for reader in signals:
        wait_until(lambda reader=reader: reader.newest_time > 0, 10, "samples")
        assert reader.age_s < 5
        right = reader.newest_time
        assert len(reader.window(right - NS_PER_S, right, 100).times) > 0
        reader.close()
    for reader in pictures:
        wait_until(lambda reader=reader: reader.newest() is not None, 10, "a picture")
        reader.close()
    client.ask(StopRecording())
    assert list(RunDirectory.open().memory.glob("rings-*/*")) == []


RECORD_AND_WAIT = """
import sys
from pathlib import Path
from tests.host.watched import WatchedClient
client = WatchedClient()
print(client.record(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


def test_a_killed_client_does_not_end_the_recording(new_client: MakeClient, tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", RECORD_AND_WAIT, str(tmp_path)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        path = window.stdout.readline().strip()
        pid = recorder_pid()
        window.kill()
    another = new_client()
    status = another.wait_for_state(RecorderState.RECORDING)
    assert (status.path, recorder_pid()) == (path, pid)
    before = another.stored()
    wait_until(lambda: another.stored() > before + 100, 20, "the recording's going on")
    assert another.ask(StopRecording()).path == path
    assert verify(Path(path)).is_sound


def test_a_client_stopped_for_a_while_costs_the_recording_nothing(
    new_client: MakeClient, tmp_path: Path
) -> None:
    arguments = [sys.executable, "-c", RECORD_AND_WAIT, str(tmp_path)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        window.stdout.readline()
        window.send_signal(signal.SIGSTOP)
        other = new_client()
        other.wait_until_connected()
        begun, received = monotonic_ns(), len(other.statuses)
        wait_until(lambda: len(other.statuses) > received + 15, 10, "fifteen statuses")
        assert monotonic_ns() - begun < 5 * PATIENCE * NS_PER_S
        finished = other.ask(StopRecording())
        assert sum(stream.dropped for stream in finished.streams) == 0
        window.kill()


def test_told_to_end_it_finishes_the_recording_first(new_client: MakeClient, tmp_path: Path) -> None:
    client = new_client()
    path = client.record(tmp_path)
    pid = recorder_pid()
    os.kill(pid, signal.SIGTERM)
    wait_until(lambda: client.losses != [], 20, "the news")
    assert "finished and closed" in client.losses[0]
    assert wait_for_end(pid) in (0, None)
    reader = StoreReader(path)
    assert reader.info().clean
    assert not reader.info().recovered
    reader.close()
    assert verify(path).is_sound
    client.wait_until_connected(2)  # and a new one is there to go on with
    assert recorder_pid() != pid


def test_a_killed_recorder_is_told_with_what_is_safe_and_gone_on_with_in_its_session(
    new_client: MakeClient, tmp_path: Path
) -> None:
    client = new_client()
    path = client.record(tmp_path, ":imu")
    pid = recorder_pid()
    os.kill(pid, signal.SIGKILL)
    unanswered = client.link.request(GetStatus())
    wait_until(lambda: client.losses != [], 20, "the news")
    assert str(path) in client.losses[0]
    assert "is safe" in client.losses[0]
    client.wait_until_connected(2)
    assert len(client.losses) == 1
    assert recorder_pid() != pid
    error = unanswered.exception(20)
    assert error is None or isinstance(error, RoleError)
    told = client.wait_for_state(RecorderState.IDLE).interrupted
    assert told is not None
    assert (told.path, told.device_names) == (str(path), ("Simulated IMU",))
    second = Path(client.ask(GoOnRecording()))
    assert second.parent == path.parent
    assert second != path
    client.ask(StopRecording())
    assert client.wait_for_state(RecorderState.IDLE).interrupted is None
    assert verify(second).is_sound
    assert verify(path, still_for=0).findings == ()


def test_nobody_there_it_leaves_and_cleans_up(new_client: MakeClient, places: Places) -> None:
    client = new_client("--leave-after-s", "0.3")
    client.ask(StartPreview(devices("imu")))
    pid = recorder_pid()
    client.link.close()
    assert wait_for_end(pid) in (0, None)
    directory = RunDirectory.open()
    left = {path.name for path in directory.path.iterdir() if not path.name.startswith("clock-")}
    assert left == {"recorder.lock", "recorder.log"}


def test_it_stays_while_it_records_though_nobody_looks(new_client: MakeClient, tmp_path: Path) -> None:
    client = new_client("--leave-after-s", "0.2")
    path = client.record(tmp_path, "imu")
    pid = recorder_pid()
    client.link.close()
    size = path.stat().st_size
    begun = monotonic_ns()
    wait_until(
        lambda: monotonic_ns() - begun > NS_PER_S and path.stat().st_size > size, 20, "a second of recording"
    )
    assert lives(pid)
    another = new_client()
    assert another.wait_for_state(RecorderState.RECORDING).path == str(path)
    another.ask(StopRecording())


def test_quit_is_refused_while_recording_and_no_loss_otherwise(
    new_client: MakeClient, tmp_path: Path
) -> None:
    client = new_client()
    client.record(tmp_path, "imu")
    with pytest.raises(RemoteFailure, match="Stop the recording first"):
        client.ask(Quit())
    client.ask(StopRecording())
    pid = recorder_pid()
    assert client.ask(Quit()) is None
    wait_for_end(pid)
    client.link.close()
    assert client.losses == []


def test_what_cannot_be_done_is_said_in_words(new_client: MakeClient, tmp_path: Path) -> None:
    client = new_client()
    (tmp_path / "file").write_text("")
    for command in (
        StartRecording((), str(tmp_path)),
        StartPreview(()),
        StartRecording(devices("imu"), str(tmp_path / "file" / "below")),
    ):
        with pytest.raises(RemoteFailure) as failure:
            client.ask(command)
        assert len(failure.value.text) > 20
        assert "Traceback" not in failure.value.text
    assert client.ask(GetStatus()).state is RecorderState.IDLE


def test_stale_files_of_a_dead_recorder_do_not_matter(new_client: MakeClient) -> None:
    directory = RunDirectory.open()
    stale = Endpoint.new(directory.path, "recorder")
    Path(stale.address).touch()
    stale.publish(directory.file("recorder.json"))
    directory.file("recorder.lock").write_text("stale")
    (directory.rings_folder(99) / "1-frames.ring").touch()
    client = new_client()
    client.wait_until_connected()
    assert not Path(stale.address).exists()
    assert not (directory.memory / "rings-99").exists()


def test_a_closed_client_says_so(new_client: MakeClient) -> None:
    client = new_client()
    client.link.close()
    client.link.close()
    with pytest.raises(RoleError):
        client.ask(GetStatus())


def test_a_recorder_that_cannot_start_is_told_once_with_its_log(
    new_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    client = new_client()
    waiting = client.link.request(GetStatus())
    error = waiting.exception(20)
    assert isinstance(error, RoleError)
    assert "recorder.log" in str(error)
    wait_until(lambda: client.losses != [], 10, "the news")
    assert len(client.losses) == 1
    monkeypatch.undo()


def test_the_loss_sentence_fits_what_was_going_on() -> None:
    assert "Nothing was being recorded" in loss_sentence(None, "")
    assert loss_sentence(None, "It has ended.") == "It has ended."


def test_the_window_side_needs_no_store_codec_or_sound() -> None:
    check = (
        "import sys, studio.host.client, studio.host.reader_client, studio.host.devices_client, "
        "studio.host.rings, studio.host.window_instance\n"
        "print([name for name in ('h5py', 'cv2', 'sounddevice') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[]\n"


def test_markers_outlive_the_recorder(new_client: MakeClient, tmp_path: Path) -> None:
    client = new_client()
    path = client.record(tmp_path)
    dropped = [client.ask(DropMarker(f"m{n}", monotonic_ns(), f"text {n}")) for n in range(20)]
    os.kill(recorder_pid(), signal.SIGKILL)
    book = read_notes(path)
    assert sorted(book.notes, key=lambda note: note.time) == dropped
    assert book.unreadable == 0
    client.wait_until_connected(2)  # to the recorder that comes instead, and is ended with the client


def test_a_marker_without_a_recording_is_refused_in_words(new_client: MakeClient) -> None:
    client = new_client()
    client.wait_until_connected()
    with pytest.raises(RemoteFailure, match="Nothing is being recorded"):
        client.ask(DropMarker("m", monotonic_ns()))
