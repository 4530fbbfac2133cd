"""What is played into a virtual microphone is what a program records from it."""

import sys
from pathlib import Path

import numpy as np
import pytest

from tests.lab.microphone import Microphone
from tests.lab.process import LabProcess
from tests.lab.sound import chirp, find, write_wav
from tests.waiting import wait_until

# In a process of its own: PortAudio reads the list of devices once, and never again.
RECORDER = """
import sys
import threading
from pathlib import Path
import sounddevice
name, out = sys.argv[1], Path(sys.argv[2])
with out.open("wb", buffering=0) as file:
    def write(data, frames, times, status):
        assert not status, status
        file.write(bytes(data))
    def finished():
        out.with_suffix(".finished").touch()
    stream = sounddevice.RawInputStream(
        device=name, samplerate=48000, channels=1, dtype="int16", callback=write, finished_callback=finished
    )
    with stream:
        threading.Event().wait(60)
"""


def recorder(name: str, out: Path) -> LabProcess:
    """Record microphone `name` to a file of raw samples, until killed."""
    return LabProcess([sys.executable, "-c", RECORDER, name, str(out)], log=out.with_suffix(".log"))


@pytest.mark.device
def test_a_chirp_played_is_the_chirp_recorded(microphone: Microphone, tmp_path: Path) -> None:
    played = chirp(1.0)
    out = tmp_path / "heard.raw"
    with recorder("mic_a", out) as recording:
        recording.wait_until_ready(out)
        wait_until(lambda: out.stat().st_size > 0, 10.0, f"sound: {recording.log.read_text()}")
        microphone.play(write_wav(tmp_path / "chirp.wav", played))
        so_far = out.stat().st_size
        wait_until(lambda: out.stat().st_size > so_far + 48_000, 10.0, "half a second after it")
    match = find(played, np.fromfile(out, np.int16))
    assert match.correlation > 0.99


@pytest.mark.device
def test_pulling_out_one_microphone_leaves_the_other(microphone: Microphone, tmp_path: Path) -> None:
    with Microphone(tmp_path_short(microphone), name="mic_b") as other:
        assert other.server != microphone.server
        out = tmp_path / "heard.raw"
        with recorder("mic_a", out) as recording:
            recording.wait_until_ready(out)
            wait_until(lambda: out.stat().st_size > 0, 10.0, "sound")
            other.kill()
            so_far = out.stat().st_size
            wait_until(lambda: out.stat().st_size > so_far + 9600, 10.0, "sound without the other")
            microphone.kill()
            wait_until(out.with_suffix(".finished").exists, 10.0, "the end of the stream")


def tmp_path_short(microphone: Microphone) -> Path:
    """The folder in which the first microphone lives: its path is short enough for sockets."""
    return Path(microphone.server.removeprefix("unix:")).parents[1]


@pytest.mark.device
def test_a_microphone_plugged_in_again_is_heard_again(microphone: Microphone, tmp_path: Path) -> None:
    microphone.kill()
    microphone.start()
    out = tmp_path / "heard.raw"
    with recorder("mic_a", out) as recording:
        recording.wait_until_ready(out)
        wait_until(lambda: out.stat().st_size > 9600, 10.0, "sound")
