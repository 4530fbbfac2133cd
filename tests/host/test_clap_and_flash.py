"""Sound and picture of a film are played together: a clap is heard when its flash is seen."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from studio.app.player_status import PlayerState, PlayerStatus
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import StreamRef
from studio.host.frame_ring import FrameRingReader
from studio.host.player_client import PlayerClient
from studio.host.player_protocol import Load, Play
from studio.timing import TimeInterval, monotonic_ns
from tests.app.clapping import FRAME, clapping, flashes
from tests.app.playing import crowding
from tests.lab.loudspeaker import RATE, Listener, write_duplex_config
from tests.lab.microphone import Microphone
from tests.store.recordings import MS, SECOND, T0, write_recording
from tests.waiting import wait_until

SECONDS = 4
BRIGHT = 128
NOISE = StreamFormat(PayloadKind.AUDIO, "int16", 1, (), RATE)
BLOCK = 960


class Watcher:
    """Looks into the ring of the player all the time."""

    def __init__(self) -> None:
        self.statuses: list[PlayerStatus] = [PlayerStatus()]
        self.seen: list[tuple[int, int, bool]] = []
        """Monotonic ns, originating time, whether it was a flash."""
        self.link = PlayerClient(self.statuses.append, lambda text: None)

    def watch(self) -> None:
        """Until it stops."""
        wait_until(lambda: bool(self.statuses[-1].rings and self.statuses[-1].rings[0].view.path), 20)
        ring = FrameRingReader(self.statuses[-1].rings[0].view.path)
        number, pause = 0, threading.Event()
        while self.statuses[-1].state is not PlayerState.STOPPED:
            frame = ring.newest(number)
            if frame is not None:
                number = frame.number
                self.seen.append((monotonic_ns(), frame.originating_time, frame.image.mean() > BRIGHT))
            pause.wait(0.001)
        ring.close()


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    made = Watcher()
    yield made
    made.link.close()


@pytest.mark.device
def test_a_clap_is_heard_when_its_flash_is_seen(
    microphone: Microphone, watcher: Watcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = write_duplex_config(microphone, tmp_path / "asound.conf")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    film = clapping(tmp_path / "film.h5", seconds=SECONDS)
    with Listener(microphone) as listener:
        watcher.link.send(Load((StreamRef(str(film), "camera"), StreamRef(str(film), "sound"))))
        watcher.link.send(Play(TimeInterval(T0, T0 + SECONDS * SECOND)))
        wait_until(lambda: watcher.statuses[-1].state is PlayerState.PLAYING, 20)
        watcher.watch()
        claps = listener.claps()
    assert [status.problem for status in watcher.statuses if status.problem] == []
    seen = {time: shown for shown, time, bright in watcher.seen if bright}
    assert set(seen) <= set(flashes(SECONDS))
    assert len(seen) >= SECONDS - 1  # a crowded computer may pass a picture over
    # The loudspeaker may open while the first flash is over.
    offsets = np.array([min((clap - shown for clap in claps), key=abs) for shown in list(seen.values())[1:]])
    least, median, most = np.percentile(offsets, [0, 50, 100]) / MS
    print(
        f"{len(claps)} claps heard, {len(seen)} flashes seen; sound after picture: "
        f"median {median:.1f} ms, from {least:.1f} to {most:.1f} ms"
    )
    assert len(claps) >= SECONDS - 1
    assert np.abs(np.median(offsets)) <= FRAME
    assert np.abs(offsets).max() <= FRAME * crowding()


@pytest.mark.device
def test_what_is_heard_is_what_was_recorded_sample_for_sample_and_the_clock_follows(
    microphone: Microphone, watcher: Watcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = write_duplex_config(microphone, tmp_path / "asound.conf")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    noise = (np.random.default_rng(0).standard_normal(int(2.5 * RATE)) * 3000).astype(np.int16)
    # The microphone of the recording ran slow by a thousandth.
    blocks = [
        (T0 + round((begin + BLOCK - 1) * 1.001 * SECOND / RATE), noise[begin : begin + BLOCK, None])
        for begin in range(0, len(noise), BLOCK)
    ]
    path = write_recording(tmp_path / "noise.h5", {"sound": (NOISE, blocks)})
    with Listener(microphone) as listener:
        watcher.link.send(Load((StreamRef(str(path), "sound"),)))
        watcher.link.send(Play(TimeInterval(T0, T0 + 3 * SECOND)))
        wait_until(lambda: watcher.statuses[-1].state is PlayerState.PLAYING, 20)
        wait_until(lambda: watcher.statuses[-1].state is PlayerState.STOPPED, 20)
        heard = listener.heard()
    # From where the loudspeaker was open on, in one piece.
    probe = noise[len(noise) // 2 :][:4000].astype(np.float32) / 32768
    begin = int(np.correlate(heard, probe, "valid").argmax()) - len(noise) // 2
    sample = np.arange(len(noise) // 3, len(noise) - int(RATE / 4))
    assert np.array_equal(heard[begin + sample], noise[sample].astype(np.float32) / 32768)
    rates = [status.rate for status in watcher.statuses if status.rate]
    print(f"the clock of the replay ran at {rates[-1]:.5f}")
    assert 0.99 <= min(rates) <= max(rates) <= 1.01


@pytest.mark.device
def test_a_loudspeaker_that_vanishes_is_missed_and_the_film_goes_on(
    microphone: Microphone, watcher: Watcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = write_duplex_config(microphone, tmp_path / "asound.conf")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    film = clapping(tmp_path / "film.h5", seconds=SECONDS)
    watcher.link.send(Load((StreamRef(str(film), "camera"), StreamRef(str(film), "sound"))))
    watcher.link.send(Play(TimeInterval(T0, T0 + SECONDS * SECOND), loop=True))
    wait_until(lambda: watcher.statuses[-1].has_sound, 20)
    microphone.kill()
    wait_until(lambda: "loudspeaker has gone" in watcher.statuses[-1].problem, 20)
    before = watcher.statuses[-1]
    assert (before.state, before.has_sound) == (PlayerState.PLAYING, False)
    wait_until(lambda: watcher.statuses[-1].time > before.time + 300 * MS)
    microphone.start()
    watcher.link.send(Play(TimeInterval(T0, T0 + SECONDS * SECOND)))
    wait_until(lambda: watcher.statuses[-1].has_sound, 20)
