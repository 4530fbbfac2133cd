"""Playing recordings back: what is shown when, and that no key or drag confuses the player."""

from pathlib import Path

import numpy as np
import pytest

from studio.app.player_status import Direction, PlayerState
from studio.engine import Emitter
from studio.formats.opencv import encode_jpeg
from studio.formats.payload import EncodedImage
from studio.formats.recording import StreamRef
from studio.timing import NS_PER_S, TimeInterval, monotonic_ns
from tests.app.playing import FRAME, Spectator, crowding, filmed
from tests.store.recordings import JPEG, MS, SECOND, T0, write_recording
from tests.waiting import wait_until


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return filmed(tmp_path / "film.h5")


def assert_shown(times: list[int], first: int, last: int) -> None:
    """All of these pictures and no others, each once and in order. A busy computer may pass some over."""
    expected = [T0 + i * FRAME for i in range(first, last + 1)]
    assert times == sorted(set(times) & set(expected))
    assert times[-1] == expected[-1]
    print(f"{len(expected) - len(times)} of {len(expected)} pictures came too late to be shown")
    assert len(times) > len(expected) // 2


def test_every_picture_of_the_interval_is_shown_once_in_order_at_its_moment(film: Path) -> None:
    interval = TimeInterval(T0 + 5 * FRAME, T0 + 25 * FRAME)
    with Spectator(film, "camera", "sound", "numbers") as seen:
        seen.does(seen.player.play, interval)
        end = seen.waits_for(PlayerState.STOPPED)
        assert_shown(seen.screen.times, 5, 25)
        # The first may come when the recording has been read; from then on they keep their distances.
        offsets = sorted(shown - time for shown, time in seen.screen.shown[2:])
        spread_ms = (offsets[-1] - offsets[0]) / MS
        print(f"pictures were at most {spread_ms:.1f} ms apart from their places")
        assert offsets[len(offsets) // 2] - offsets[0] < 25 * MS * crowding()
        assert (end.time, end.rate, end.problem.count("without sound")) == (interval.right, 0.0, 1)


def test_sound_that_is_switched_off_is_missed_only_when_it_is_switched_on(film: Path) -> None:
    with Spectator(film, "camera", "sound") as seen:
        seen.does(seen.player.mute, True)
        seen.does(seen.player.play, TimeInterval(T0, T0 + 5 * FRAME))
        assert not seen.waits_for(PlayerState.STOPPED).problem
        seen.does(seen.player.mute, False)
        wait_until(lambda: "without sound" in seen.status.problem)


def test_it_shows_what_the_importer_posted_and_nothing_else(film: Path) -> None:
    def every_second(stream: StreamRef, emitter: Emitter[object]) -> Emitter[object]:
        if stream.name != "camera":
            return emitter
        return emitter.process(
            lambda data, envelope, out: (
                out.post(data, envelope.originating_time)
                if (envelope.originating_time - T0) // FRAME % 2
                else None
            )
        )

    with Spectator(film, "camera", between=every_second) as seen:
        seen.does(seen.player.play, TimeInterval(T0, T0 + 10 * FRAME), speed=4.0)
        seen.waits_for(PlayerState.STOPPED)
        assert seen.screen.times
        assert all((time - T0) // FRAME % 2 for time in seen.screen.times)


def test_a_seek_shows_the_new_place_soon_and_goes_on_from_there(film: Path) -> None:
    with Spectator(film, "camera", "sound") as seen:
        seen.does(seen.player.play, TimeInterval(T0, T0 + 3 * SECOND))
        taken = []
        for place in (50, 10, 30, 60, 5):
            target = T0 + place * FRAME
            known, begun = len(seen.screen.shown), monotonic_ns()
            assert seen.does(seen.player.seek, target).state is PlayerState.PLAYING
            wait_until(lambda known=known: len(seen.screen.shown) > known)  # type: ignore[misc]
            shown, time = seen.screen.shown[known]
            taken.append(shown - begun)
            assert target <= time <= target + 3 * FRAME
        print("a seek took", [f"{each / MS:.0f} ms" for each in taken])
        assert sorted(taken)[len(taken) // 2] <= 100 * MS * crowding()


def test_many_seeks_do_not_pile_up(film: Path) -> None:
    with Spectator(film, "camera", "sound") as seen:
        seen.does(seen.player.play, TimeInterval(T0, T0 + 3 * SECOND))
        for place in range(99):
            seen.player.seek(T0 + place % 70 * FRAME)
        begun = monotonic_ns()
        status = seen.does(seen.player.seek, T0 + 20 * FRAME)
        assert monotonic_ns() - begun < NS_PER_S * crowding()
        assert status.runs < 60
        assert T0 + 20 * FRAME <= status.time < T0 + 30 * FRAME


def test_pause_stands_still_and_resume_goes_on_without_a_hole(film: Path) -> None:
    with Spectator(film, "camera") as seen:
        seen.does(seen.player.play, TimeInterval(T0, T0 + 20 * FRAME))
        wait_until(lambda: len(seen.screen.shown) >= 4)
        paused = seen.does(seen.player.pause)
        shown = len(seen.screen.shown)
        assert (paused.state, paused.rate) == (PlayerState.PAUSED, 0.0)
        assert seen.does(seen.player.set_loop, False).time == paused.time
        assert len(seen.screen.shown) == shown
        seen.does(seen.player.resume)
        seen.waits_for(PlayerState.STOPPED)
        assert_shown(seen.screen.times, 0, 20)


def test_steps_go_to_the_neighbours_of_a_stream(film: Path) -> None:
    with Spectator(film, "camera", "numbers") as seen:
        camera, numbers = seen.streams["camera"], seen.streams["numbers"]
        seen.does(seen.player.seek, T0 + 3 * FRAME)
        places = [
            seen.does(seen.player.step, direction, stream).time - T0
            for direction, stream in [
                (Direction.FORWARD, camera),
                (Direction.FORWARD, camera),
                (Direction.FORWARD, numbers),
                (Direction.BACKWARD, camera),
                (Direction.BACKWARD, camera),
                (Direction.FORWARD, None),
                (Direction.BACKWARD, None),
            ]
        ]
        assert places == [
            4 * FRAME,
            5 * FRAME,
            5 * FRAME + 10 * MS,
            5 * FRAME,
            4 * FRAME,
            4 * FRAME + 10 * MS,
            4 * FRAME,
        ]
        assert seen.screen.times[-1] == T0 + 4 * FRAME
        assert seen.status.state is PlayerState.PAUSED
        seen.does(seen.player.seek, T0)
        assert seen.does(seen.player.step, Direction.BACKWARD, camera).time == T0
        seen.does(seen.player.seek, T0 + 3 * SECOND)
        assert seen.does(seen.player.step, Direction.FORWARD, camera).time == T0 + 3 * SECOND


def test_a_loop_begins_again_until_it_is_taken_away(film: Path) -> None:
    with Spectator(film, "camera") as seen:
        seen.does(seen.player.play, TimeInterval(T0 + FRAME, T0 + 4 * FRAME), loop=True)
        wait_until(lambda: seen.screen.times.count(T0 + FRAME) >= 3)
        assert set(seen.screen.times) <= {T0 + i * FRAME for i in range(1, 5)}
        seen.does(seen.player.set_loop, False)
        assert seen.waits_for(PlayerState.STOPPED).time == T0 + 4 * FRAME


def test_sixteen_times_as_fast_takes_a_sixteenth_and_as_fast_as_possible_even_less(film: Path) -> None:
    whole = TimeInterval(T0, T0 + 3 * SECOND)
    with Spectator(film, "camera", "sound", "numbers") as seen:
        begun = monotonic_ns()
        seen.does(seen.player.play, whole, speed=16.0)
        seen.waits_for(PlayerState.STOPPED)
        assert 3 / 16 <= (monotonic_ns() - begun) / NS_PER_S < crowding()
        assert seen.screen.times == sorted(set(seen.screen.times))
        seen.does(seen.player.play, whole, enforce_clock=False)
        status = seen.waits_for(PlayerState.STOPPED)
        assert status.time == whole.right
        seen.does(seen.player.play, TimeInterval(T0, T0 + SECOND), enforce_clock=False, loop=True)
        wait_until(lambda: seen.status.runs >= status.runs + 3)
        told = [each.time for _, each in seen.statuses if each.runs > status.runs]
        assert max(told) <= T0 + SECOND


def test_the_speed_changes_while_it_plays(film: Path) -> None:
    with Spectator(film, "camera") as seen:
        seen.does(seen.player.play, TimeInterval(T0, T0 + 3 * SECOND), speed=0.1)
        assert seen.status.rate == pytest.approx(0.1)
        before = seen.does(seen.player.set_speed, 8.0)
        assert before.rate == pytest.approx(8.0)
        assert before.time < T0 + SECOND
        seen.waits_for(PlayerState.STOPPED)
        assert seen.does(seen.player.set_speed, 99.0).problem


def test_what_cannot_be_played_is_said(film: Path, tmp_path: Path) -> None:
    with Spectator(film, "camera") as seen:
        assert "Nothing was recorded" in seen.does(seen.player.play, TimeInterval(T0 - 9, T0 - 3)).problem
        nowhere = (StreamRef(str(tmp_path / "none.h5"), "camera"),)
        assert "none.h5" in seen.does(seen.player.load, nowhere).problem
        # Whoever plays without having read the first answer hears it again.
        assert "none.h5" in seen.does(seen.player.play, TimeInterval(T0, T0 + 9)).problem
        seen.does(seen.player.load, ())
        assert "no stream with data" in seen.does(seen.player.play, TimeInterval(T0, T0 + 9)).problem
        assert "has no stream 'x'" in seen.does(seen.player.load, (StreamRef(str(film), "x"),)).problem
        seen.does(seen.player.load, tuple(seen.streams.values()))
        assert not seen.does(seen.player.play, TimeInterval(T0, T0 + SECOND)).problem


def test_damaged_pictures_are_told_of_and_the_others_are_shown(tmp_path: Path) -> None:
    good = encode_jpeg(np.full((54, 96, 3), 90, np.uint8))
    damaged = EncodedImage(good.data[:20], 96, 54)
    pictures = [(T0 + i * FRAME, damaged if i == 3 else good) for i in range(8)]
    path = write_recording(tmp_path / "film.h5", {"camera": (JPEG, pictures)})
    with Spectator(path, "camera") as seen:
        seen.does(seen.player.play, TimeInterval(T0, T0 + 7 * FRAME))
        wait_until(lambda: "'camera' are damaged" in seen.status.problem)
        seen.waits_for(PlayerState.STOPPED)
        assert T0 + 3 * FRAME not in seen.screen.times
        assert seen.screen.times[-1] == T0 + 7 * FRAME


def test_a_recording_that_is_taken_away_while_it_plays_is_missed_by_name(film: Path) -> None:
    with Spectator(film, "camera") as seen:
        seen.does(seen.player.play, TimeInterval(T0, T0 + 3 * SECOND), loop=True)
        film.rename(film.with_name("elsewhere.h5"))
        status = seen.waits_for(PlayerState.STOPPED)
        assert "film.h5 is not there any more" in status.problem


def test_keys_that_come_at_the_wrong_moment_do_nothing(film: Path) -> None:
    with Spectator(film, "camera") as seen:
        for command in (seen.player.pause, seen.player.resume, seen.player.stop):
            status = seen.does(command)
            assert (status.state, status.problem) == (PlayerState.STOPPED, "")
