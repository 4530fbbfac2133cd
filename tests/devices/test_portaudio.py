"""The drawer of PortAudio: what is listed, what cannot be opened, and a machine without the library."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from studio.devices import portaudio
from studio.errors import DeviceError
from tests.lab.loudspeaker import Listener, write_duplex_config
from tests.lab.microphone import Microphone
from tests.waiting import wait_until

HIDDEN = """
import ctypes.util
find = ctypes.util.find_library
ctypes.util.find_library = lambda name: None if "portaudio" in name else find(name)
"""


def run_without_portaudio(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", HIDDEN + program], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_without_the_library_the_error_names_the_package() -> None:
    said = run_without_portaudio(
        "from studio.errors import DeviceError\n"
        "try:\n    import studio.devices.portaudio\n"
        "except DeviceError as error: print(error)"
    )
    assert "PortAudio is missing" in said
    assert "libportaudio2" in said


def test_without_the_library_everything_else_is_discovered() -> None:
    said = run_without_portaudio(
        "from studio.devices.discovery import discover_devices\n"
        "print(*(device.id for device in discover_devices()))"
    )
    assert "simulated:camera" in said
    assert "microphone:" not in said.replace("simulated:microphone", "")


def test_without_the_library_a_microphone_says_so_and_the_others_go_on() -> None:
    said = run_without_portaudio(
        "from studio.devices.device import DeviceInfo, DeviceKind\n"
        "from studio.devices.discovery import simulated_devices\n"
        "from tests.devices.running import Running\n"
        "from studio.devices.device import DeviceState\n"
        "info = DeviceInfo(id='microphone:x', name='x', kind=DeviceKind.MICROPHONE)\n"
        "with Running(info, simulated_devices()[3]) as running:\n"
        "    running.wait_for_state(DeviceState.LOST)\n"
        "    running.wait_for('Simulated signal', 5)\n"
        "    print(running.device.health().message)"
    )
    assert said.startswith("The microphone 'x' cannot be opened: ")
    assert "libportaudio2" in said
    assert said.endswith("It is retried every second.\n")


@pytest.mark.device
def test_the_inputs_are_listed_with_their_numbers(microphone: Microphone) -> None:
    inputs = {each.name: each for each in portaudio.list_inputs()}
    assert set(inputs) == {"mic_a", "default"}
    assert (inputs["mic_a"].rate, inputs["mic_a"].channels) == (48_000.0, 2)
    assert inputs["mic_a"].host == "ALSA"
    assert inputs["default"].is_default


def test_a_machine_without_sound_has_no_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = tmp_path / "asound.conf"
    # The system's own settings without its cards: a name that cannot be opened is all there is.
    nothing.write_text("</usr/share/alsa/alsa.conf>\npcm.!default { type hw card 99 }\n")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(nothing))
    assert not [each for each in portaudio.list_inputs() if "(hw:" not in each.name]
    with pytest.raises(DeviceError, match="no input of the name 'mic_a'"):
        portaudio.open_input(
            "mic_a", rate=48_000.0, channels=1, on_block=lambda *_: None, on_finished=lambda: None
        )


@pytest.mark.device
def test_an_output_sounds_and_says_when_it_will_be_heard(
    microphone: Microphone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = write_duplex_config(microphone, tmp_path / "asound.conf")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    moments: list[int] = []
    finished: list[bool] = []

    def fill(block: portaudio.Block, heard: int) -> None:
        assert not block.any()
        if len(moments) == 20:
            block[0] = 0.9
        moments.append(heard)

    with Listener(microphone) as listener:
        opened = portaudio.open_output(
            rate=48_000.0, channels=1, on_fill=fill, on_finished=lambda: finished.append(True)
        )
        wait_until(lambda: bool(listener.claps()))
        opened.close()
        opened.close()
    (clap,) = listener.claps()
    assert finished == [True]
    print(f"heard {(clap - moments[20]) / 1e6:.1f} ms after the moment that was told")
    assert abs(clap - moments[20]) < 40_000_000


def test_a_machine_without_a_loudspeaker_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = tmp_path / "asound.conf"
    nothing.write_text("</usr/share/alsa/alsa.conf>\npcm.!default { type hw card 99 }\n")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(nothing))
    if any("(hw:" in each.name for each in portaudio.list_inputs()):
        pytest.skip("this machine has a sound card of its own")
    with pytest.raises(DeviceError, match="no loudspeaker was found"):
        portaudio.open_output(rate=48_000.0, channels=1, on_fill=lambda *_: None, on_finished=lambda: None)


@pytest.mark.device
def test_an_input_delivers_until_closed_and_the_list_is_new_afterwards(microphone: Microphone) -> None:
    blocks: list[np.ndarray] = []  # type: ignore[type-arg]
    finished: list[bool] = []
    opened = portaudio.open_input(
        "mic_a",
        rate=48_000.0,
        channels=1,
        on_block=lambda data, *_: blocks.append(data),
        on_finished=lambda: finished.append(True),
    )
    wait_until(lambda: len(blocks) > 3)
    assert all(block.dtype == np.float32 and block.flags.owndata for block in blocks)
    opened.close()
    opened.close()
    assert finished == [True]
    microphone.kill()
    assert portaudio.list_inputs() == ()


@pytest.mark.device
def test_an_impossible_number_of_channels_is_a_clear_error(microphone: Microphone) -> None:
    with pytest.raises(DeviceError, match="channels"):
        portaudio.open_input(
            "mic_a", rate=48_000.0, channels=500, on_block=lambda *_: None, on_finished=lambda: None
        )
    assert os.environ["ALSA_CONFIG_PATH"]
    assert portaudio.list_inputs()
