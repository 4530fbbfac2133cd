"""The player process: shows what it plays, seeks at once, ends with its window, comes back when killed."""

import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from studio.app.player_status import Direction, PlayerState, PlayerStatus
from studio.formats.recording import StreamRef
from studio.host.frame_ring import FrameRingReader
from studio.host.player_client import PlayerClient
from studio.host.player_protocol import (
    Load,
    Pause,
    Play,
    PlayerCommand,
    Resume,
    Seek,
    SetLoop,
    SetSpeed,
    Step,
    StopPlaying,
)
from studio.host.protocol import StopRecording
from studio.store.reader import StoreReader
from studio.timing import NS_PER_S, TIME_MAX, TimeInterval, monotonic_ns
from tests.app.playing import FRAME, crowding, filmed
from tests.host.conftest import MakeClient
from tests.lab.places import Places
from tests.store.recordings import MS, SECOND, T0
from tests.waiting import wait_until

WHOLE = TimeInterval(T0, T0 + 3 * SECOND)


class WatchedPlayer:
    """A link and what came over it."""

    def __init__(self, **options: float) -> None:
        self._lock = threading.Lock()
        self.statuses: list[PlayerStatus] = []
        self.lost: list[str] = []
        self.link = PlayerClient(self._take, self.lost.append, **options)

    def _take(self, status: PlayerStatus) -> None:
        with self._lock:
            self.statuses.append(status)

    @property
    def status(self) -> PlayerStatus:
        with self._lock:
            return self.statuses[-1] if self.statuses else PlayerStatus()

    def does(self, command: PlayerCommand) -> PlayerStatus:
        number = self.link.send(command)
        wait_until(lambda: self.status.answered >= number, 20, f"{command} to be carried out")
        return self.status


@pytest.fixture
def player() -> Iterator[WatchedPlayer]:
    watched = WatchedPlayer()
    yield watched
    watched.link.close()
    watched.link.close()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return filmed(tmp_path / "film.h5")


def player_processes(places: Places) -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if "player" in each.cmdline()]


def test_every_command_reaches_the_player_and_the_pictures_reach_a_ring(
    player: WatchedPlayer, film: Path
) -> None:
    camera = StreamRef(str(film), "camera")
    player.does(Load((camera,)))
    player.does(Play(WHOLE, speed=2.0))
    wait_until(lambda: bool(player.status.rings and player.status.rings[0].view.path))
    ring = FrameRingReader(player.status.rings[0].view.path)
    wait_until(lambda: ring.newest() is not None)
    player.does(SetSpeed(1.0))
    player.does(SetLoop(True))
    paused = player.does(Pause())
    assert (paused.state, paused.loop, paused.speed) == (PlayerState.PAUSED, True, 1.0)
    stepped = player.does(Step(Direction.FORWARD, camera))
    frame = ring.newest()
    assert frame is not None
    assert frame.originating_time == stepped.time
    assert frame.image.shape == (54, 96, 3)
    assert player.does(Resume()).state is PlayerState.PLAYING
    assert player.does(StopPlaying()).state is PlayerState.STOPPED
    ring.close()


def test_a_seek_is_seen_within_a_tenth_of_a_second(player: WatchedPlayer, film: Path) -> None:
    player.does(Load((StreamRef(str(film), "camera"), StreamRef(str(film), "sound"))))
    player.does(Play(WHOLE, loop=True))
    wait_until(lambda: bool(player.status.rings and player.status.rings[0].view.path))
    ring = FrameRingReader(player.status.rings[0].view.path)
    taken = []
    for place in (50, 8, 30, 61, 3, 44, 20):
        newest, begun = ring.newest(), monotonic_ns()
        known = newest.number if newest else 0
        player.link.send(Seek(T0 + place * FRAME))

        def is_there(place: int = place, known: int = known) -> bool:
            frame = ring.newest(known)
            return frame is not None and 0 <= frame.originating_time - T0 - place * FRAME <= 3 * FRAME

        wait_until(is_there)
        taken.append(monotonic_ns() - begun)
    ring.close()
    print("seek until the picture is there:", ", ".join(f"{each / MS:.0f} ms" for each in sorted(taken)))
    assert sorted(taken)[len(taken) // 2] <= 100 * MS * crowding()


def test_a_hundred_seeks_in_two_seconds_do_not_pile_up(player: WatchedPlayer, film: Path) -> None:
    player.does(Load((StreamRef(str(film), "camera"), StreamRef(str(film), "sound"))))
    player.does(Play(WHOLE))
    pause = threading.Event()
    for place in range(100):
        player.link.send(Seek(T0 + place % 70 * FRAME))
        pause.wait(0.02)
    begun = monotonic_ns()
    status = player.does(Seek(T0 + 40 * FRAME))
    print(f"after 100 seeks the last was done in {(monotonic_ns() - begun) / MS:.0f} ms")
    assert monotonic_ns() - begun < NS_PER_S // 2 * crowding()
    assert T0 + 40 * FRAME <= status.time < T0 + 60 * FRAME


def test_a_recording_is_played_while_it_is_written_up_to_its_last_commit(
    player: WatchedPlayer, new_client: MakeClient, tmp_path: Path
) -> None:
    recorder = new_client()
    recorder.wait_until_connected()
    path = recorder.record(tmp_path, "camera", "microphone")
    wait_until(lambda: recorder.stored() > 2 * 48_000, 30, "two seconds of sound")
    with StoreReader(path) as reader:
        info = reader.info()
    assert info.live
    player.does(Load(tuple(StreamRef(str(path), stream.name) for stream in info.streams)))
    ends = []
    for _ in range(2):
        player.does(Play(TimeInterval(info.first_time, TIME_MAX), speed=16.0))
        wait_until(lambda: player.status.state is PlayerState.STOPPED, 20)
        ends.append(player.status.time)
        assert [text for text in {player.status.problem} if "sound" not in text and text] == []
        recorded = recorder.stored()
        wait_until(lambda recorded=recorded: recorder.stored() > recorded + 24_000, 30)  # type: ignore[misc]
    assert info.last_time <= ends[0] < ends[1]
    recorder.ask(StopRecording())
    player.does(Play(TimeInterval(ends[1], TIME_MAX)))  # it has been closed meanwhile
    assert player.status.state is PlayerState.PLAYING


def test_a_killed_player_is_told_of_and_the_next_play_starts_it_anew(
    player: WatchedPlayer, film: Path, places: Places
) -> None:
    player.does(Load((StreamRef(str(film), "camera"),)))
    player.does(Play(WHOLE))
    (process,) = player_processes(places)
    process.kill()
    wait_until(lambda: bool(player.lost))
    assert "ended unexpectedly: it was killed" in player.lost[0]
    assert "started anew when you press Play" in player.lost[0]
    status = player.does(Play(WHOLE))
    assert (status.state, status.problem) == (PlayerState.PLAYING, "")
    wait_until(lambda: bool(player.status.rings and player.status.rings[0].view.path))
    assert len(player_processes(places)) == 1


def test_a_player_that_hangs_is_ended_and_told_of(film: Path, places: Places) -> None:
    watched = WatchedPlayer(time_limit_s=0.5)
    watched.does(Load((StreamRef(str(film), "camera"),)))
    (process,) = player_processes(places)
    process.suspend()
    watched.link.send(Play(WHOLE))
    wait_until(lambda: bool(watched.lost))
    assert "did not answer for 0.5 seconds" in watched.lost[0]
    assert watched.does(Play(WHOLE)).state is PlayerState.PLAYING
    watched.link.close()


def test_a_player_ends_with_its_window_and_leaves_nothing(
    player: WatchedPlayer, film: Path, places: Places
) -> None:
    player.does(Load((StreamRef(str(film), "camera"),)))
    player.does(Play(WHOLE))
    player.link.close()
    assert player_processes(places) == []
    assert not player.lost
    assert list(places.runtime.rglob("player-*/*")) == []


def test_a_player_that_is_closed_before_it_was_used_never_starts(places: Places) -> None:
    watched = WatchedPlayer()
    watched.link.close()
    watched.link.send(StopPlaying())
    assert player_processes(places) == []
