"""Real sound through PortAudio: what is played arrives, is timed, and an unplugged microphone costs a gap."""

from pathlib import Path

import numpy as np
import pytest

from studio.devices.device import DeviceInfo, DeviceKind, DeviceSettings, DeviceState
from studio.timing import NS_PER_MS, NS_PER_S, monotonic_ns
from tests.devices.running import Running
from tests.lab.microphone import Microphone, write_alsa_config
from tests.lab.places import Places
from tests.lab.process import LabProcess
from tests.lab.sound import chirp, find, write_wav
from tests.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.device


def info_of(name: str, *, rate: float = 48_000.0, channels: int = 1) -> DeviceInfo:
    return DeviceInfo(
        id=f"microphone:{name}",
        name=name,
        kind=DeviceKind.MICROPHONE,
        settings=DeviceSettings(source=name, rate=rate, channels=channels),
    )


def as_integers(samples: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    return np.round(samples * 32768).astype(np.int16)


def sample_times(running: Running, stream: str, rate: float) -> np.ndarray:  # type: ignore[type-arg]
    """Time of every sample, reckoned back from the last one of each block (decision 3)."""
    received = running.received[stream]
    times = [
        time - (np.arange(len(block))[::-1] * NS_PER_S / rate).astype(np.int64)
        for block, time in zip(received.payloads, received.times, strict=True)
    ]
    return np.concatenate(times)


def test_what_is_played_is_what_is_delivered(microphone: Microphone, tmp_path: Path) -> None:
    played = chirp(1.5)
    wav = write_wav(tmp_path / "chirp.wav", played)
    with Running(info_of(microphone.name)) as running:
        running.wait_for_state(DeviceState.RUNNING)
        before = running.pipeline.clock.now()
        microphone.play(wav)
        running.stop()
    samples = as_integers(running.only.samples())
    match = find(played, samples[:, 0])
    assert match.correlation > 0.999
    began = sample_times(running, microphone.name, 48_000.0)[match.first]
    # The virtual microphone hands out a quarter of PortAudio's buffer at the very moment it takes the sound,
    # so that its samples look up to 25 ms older than they are.
    assert -40 * NS_PER_MS < began - before < 500 * NS_PER_MS
    assert running.reports.gaps == []


def test_everything_produced_is_delivered_and_the_last_sample_is_at_the_click(microphone: Microphone) -> None:
    with Running(info_of(microphone.name)) as running:
        running.wait_for(microphone.name, 40)
        running.stop()
    (health,) = running.device.health().streams
    assert health.produced == running.only.rows
    assert health.dropped == health.gaps == 0
    assert 0 <= running.stop_time - running.only.times[-1] + NS_PER_MS <= 50 * NS_PER_MS
    assert running.device.health().state is DeviceState.CLOSED


def test_sample_times_strictly_increase_and_keep_the_rate(microphone: Microphone) -> None:
    with Running(info_of(microphone.name)) as running:
        running.wait_for(microphone.name, 100)
        running.stop()
    times = running.only.times
    assert (np.diff(times) > 0).all()
    half = len(times) // 2
    rows = sum(len(block) for block in running.only.payloads[half + 1 :])
    assert rows * NS_PER_S / (times[-1] - times[half]) == pytest.approx(48_000.0, rel=0.005)
    assert all(e.creation_time >= e.originating_time for _, e in running.only.messages)


def test_a_stereo_view_of_it_holds_the_same_sound_twice(microphone: Microphone, tmp_path: Path) -> None:
    played = chirp(0.5)
    with Running(info_of(microphone.name, channels=2)) as running:
        running.wait_for_state(DeviceState.RUNNING)
        microphone.play(write_wav(tmp_path / "chirp.wav", played))
        running.stop()
    samples = as_integers(running.only.samples())
    assert find(played, samples[:, 0]).correlation > 0.999
    assert np.array_equal(samples[:, 0], samples[:, 1])


def test_two_microphones_keep_their_own_rates(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        Microphone(places.runtime, name="mic_a") as one,
        Microphone(places.runtime, name="mic_b", rate=44_100, channels=2) as other,
    ):
        monkeypatch.setenv(
            "ALSA_CONFIG_PATH", str(write_alsa_config(places.runtime / "a.conf", [one, other]))
        )
        with Running(info_of("mic_a"), info_of("mic_b", rate=44_100.0, channels=2)) as running:
            running.wait_for("mic_a", 60)
            running.wait_for("mic_b", 60)
            running.stop()
    for name, rate, channels in (("mic_a", 48_000.0, 1), ("mic_b", 44_100.0, 2)):
        received = running.received[name]
        assert received.samples().shape[1] == channels
        rows = received.rows - len(received.payloads[0])
        elapsed = received.times[-1] - received.times[0]
        assert rows * NS_PER_S / elapsed == pytest.approx(rate, rel=0.02)


def test_an_unplugged_microphone_is_missed_retried_and_back(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Microphone(places.runtime, name="mic_a") as one, Microphone(places.runtime, name="mic_b") as other:
        monkeypatch.setenv(
            "ALSA_CONFIG_PATH", str(write_alsa_config(places.runtime / "a.conf", [one, other]))
        )
        with Running(info_of("mic_a"), info_of("mic_b")) as running:
            running.wait_for("mic_a", 30)
            running.wait_for("mic_b", 30)
            one.kill()
            unplugged = monotonic_ns()
            running.wait_for_state(DeviceState.LOST)
            assert monotonic_ns() - unplugged < PATIENCE * NS_PER_S
            message = running.device.health().message
            assert message == "The microphone 'mic_a' stopped answering. It is retried every second."
            heard = len(running.received["mic_a"].messages)
            one.start()
            running.wait_for_state(DeviceState.RUNNING)
            running.wait_for("mic_a", heard + 30)
            running.stop()
        (gap,) = running.reports.gaps
        assert gap.stream == "mic_a"
        assert 0.3 * NS_PER_S < gap.to_time - gap.from_time < 8 * NS_PER_S
        assert gap.expected == pytest.approx((gap.to_time - gap.from_time) * 48e3 / NS_PER_S, rel=0.01)
        assert gap.from_time in running.received["mic_a"].times
        lost, unharmed = (device.health().streams[0] for device in running.devices)
        assert lost.produced == running.received["mic_a"].rows + gap.expected
        assert (lost.dropped, lost.gaps) == (gap.expected, 1)
        assert unharmed.produced == running.received["mic_b"].rows
        assert unharmed.dropped == 0
        assert np.diff(running.received["mic_b"].times).max() < 200 * NS_PER_MS
        texts = [text for device, text in running.reports.notes if device == "microphone:mic_a"]
        assert "stopped answering" in texts[0]
        assert "answers again" in texts[1]


def test_a_microphone_that_stays_away_is_a_gap_up_to_the_click(microphone: Microphone) -> None:
    with Running(info_of(microphone.name)) as running:
        running.wait_for(microphone.name, 20)
        microphone.kill()
        running.wait_for_state(DeviceState.LOST)
        running.stop()
    (gap,) = running.reports.gaps
    assert gap.from_time == running.only.times[-1]
    assert abs(gap.to_time - running.stop_time) < 50 * NS_PER_MS
    (health,) = running.device.health().streams
    assert health.produced == running.only.rows + gap.expected


def test_a_microphone_that_dies_just_before_stop_is_a_gap_up_to_the_click(microphone: Microphone) -> None:
    with Running(info_of(microphone.name)) as running:
        running.wait_for(microphone.name, 10)
        microphone.kill()
        killed_at = monotonic_ns()
        # Long enough to count, too short for the watchdog.
        wait_until(lambda: monotonic_ns() - killed_at > 200 * NS_PER_MS)
        running.stop()
    (gap,) = running.reports.gaps
    assert running.only.times[-1] <= gap.from_time < gap.to_time
    assert abs(running.stop_time - gap.to_time) <= 50 * NS_PER_MS
    (health,) = running.device.health().streams
    assert health.gaps == 1
    assert health.produced == running.only.rows + gap.expected


def test_a_microphone_plugged_in_later_is_found(microphone: Microphone) -> None:
    microphone.kill()
    with Running(info_of(microphone.name)) as running:
        running.wait_for_state(DeviceState.LOST)
        assert running.device.health().message.startswith("The microphone 'mic_a' cannot be opened: ")
        assert running.device.health().message.endswith(". It is retried every second.")
        microphone.start()
        running.wait_for(microphone.name, 10)
        running.stop()
    (gap,) = running.reports.gaps
    assert gap.to_time <= running.only.times[0]
    assert len(running.reports.notes) == 2


def test_a_microphone_of_an_unknown_name_says_so(microphone: Microphone) -> None:
    with Running(info_of("nobody")) as running:
        running.wait_for_state(DeviceState.LOST)
        assert "there is no input of the name 'nobody'" in running.device.health().message
        running.stop()
    assert running.only.messages == []


def test_its_level_is_measured(microphone: Microphone, tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "chirp.wav", chirp(1.0))
    with Running(info_of(microphone.name)) as running:
        running.wait_for(microphone.name, 20)
        assert running.device.health().streams[0].level == -120.0
        player = microphone.play_meanwhile(wav)
        wait_until(lambda: -7.0 < (running.device.health().streams[0].level or -120.0) < -5.0)
        player.kill()
        running.stop()


def test_a_sound_system_that_hangs_holds_up_neither_stop_nor_the_others(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Microphone(places.runtime, name="mic_a") as one, Microphone(places.runtime, name="mic_b") as other:
        config = write_alsa_config(places.runtime / "a.conf", [one, other])
        monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
        with Running(info_of("mic_a"), info_of("mic_b")) as running:
            running.wait_for("mic_a", 10)
            running.wait_for("mic_b", 10)
            daemon(one).freeze()
            running.wait_for_state(DeviceState.LOST)
            heard = len(running.received["mic_b"].messages)
            running.wait_for("mic_b", heard + 10)
            began = monotonic_ns()
            running.stop()
            assert monotonic_ns() - began < 2 * PATIENCE * NS_PER_S
        daemon(one).thaw()
        (gap,) = running.reports.gaps
        assert gap.stream == "mic_a"
        unharmed = running.devices[1].health().streams[0]
        assert unharmed.produced == running.received["mic_b"].rows
        counted = running.device.health().streams[0]
        assert counted.produced == running.received["mic_a"].rows + gap.expected


def test_a_sound_system_that_hung_is_heard_again(microphone: Microphone) -> None:
    with Running(info_of(microphone.name)) as running:
        running.wait_for(microphone.name, 10)
        daemon(microphone).freeze()
        running.wait_for_state(DeviceState.LOST)
        heard = len(running.only.messages)
        daemon(microphone).thaw()
        running.wait_for(microphone.name, heard + 10)
        assert running.device.health().state is DeviceState.RUNNING
        running.stop()
    (gap,) = running.reports.gaps
    (health,) = running.device.health().streams
    assert health.produced == running.only.rows + gap.expected


def daemon(microphone: Microphone) -> LabProcess:
    """The sound system behind a virtual microphone."""
    assert microphone._daemon is not None
    return microphone._daemon
