"""Pictures between receiver and screen: what is decoded, what is shown when, what costs nothing."""

import numpy as np
import pytest

from studio.app.player_pictures import LATE, SHOWN_INTERVAL, PictureTrack
from studio.app.player_status import MOVES, Move, PlayerState
from studio.engine import Envelope
from studio.formats.opencv import encode_jpeg
from studio.formats.payload import EncodedImage
from studio.timing import NS_PER_MS, NS_PER_S
from tests.app.playing import Screen
from tests.waiting import wait_until

T0 = 10**18
PICTURE = encode_jpeg(np.zeros((4, 6, 3), np.uint8))


class Shown:
    """A track with its screen, and a clock that stands where it is put."""

    def __init__(self) -> None:
        self.now = T0
        self.woken = 0
        self.screen = Screen()
        self.track = PictureTrack(self.screen, self._wake, lambda: self.now)
        self.track.begin(1.0, paced=True)

    def _wake(self) -> None:
        self.woken += 1

    def receives(self, *times: int, data: EncodedImage = PICTURE) -> None:
        for time in times:
            self.track.receive(data, Envelope(0, 1, time, time))


def test_each_picture_waits_for_its_moment_and_the_newest_due_is_shown() -> None:
    shown = Shown()
    shown.receives(T0 + 10, T0 + 20, T0 + 30)
    assert shown.woken == 1
    assert shown.track.next_time == T0 + 10
    assert shown.track.show_due(T0 + 9) is None
    assert shown.track.show_due(T0 + 20) == T0 + 20
    assert shown.track.show_due(T0 + 20) is None
    assert shown.track.show_due(T0 + 99) == T0 + 30
    assert shown.screen.times == [T0 + 20, T0 + 30]
    assert shown.track.passed_over == 1
    assert shown.track.next_time is None


def test_at_normal_speed_all_are_decoded_and_faster_only_what_eyes_can_see() -> None:
    shown = Shown()
    times = [T0 + n * NS_PER_MS for n in range(40)]
    shown.receives(*times)
    assert shown.track.passed_over == 0
    shown.track.begin(16.0, paced=True)
    shown.receives(*(T0 + n * 10 * NS_PER_MS for n in range(100)))
    expected = 1 + int(99 * 10 * NS_PER_MS // (-(-SHOWN_INTERVAL * 16 // (10 * NS_PER_MS)) * 10 * NS_PER_MS))
    assert 100 - shown.track.passed_over == expected


def test_what_comes_late_is_passed_over_but_now_and_then_something_is_seen() -> None:
    shown = Shown()
    shown.receives(T0)
    shown.now = T0 + NS_PER_S
    shown.receives(*(T0 + n for n in range(1, 50)))
    assert shown.track.passed_over == 49
    number = iter(range(100, 10**9))

    def comes_through() -> bool:
        before = shown.track.passed_over
        shown.receives(T0 + next(number))
        return shown.track.passed_over == before

    wait_until(comes_through)
    shown.receives(shown.now - LATE // 2)
    assert shown.track.show_due(shown.now) == shown.now - LATE // 2


def test_a_run_that_is_to_end_decodes_nothing_any_more() -> None:
    shown = Shown()
    shown.receives(T0)
    shown.track.end()
    shown.receives(T0 + NS_PER_S)
    assert shown.track.show_due(T0 + 2 * NS_PER_S) == T0
    shown.track.begin(1.0, paced=True)
    shown.receives(T0 + 5)
    assert shown.track.show_due(T0 + 9) == T0 + 5


def test_a_damaged_picture_is_counted_and_the_next_is_shown() -> None:
    shown = Shown()
    shown.receives(T0, data=EncodedImage(b"no picture", 6, 4))
    shown.receives(T0 + 1)
    assert shown.track.refused == 1
    assert shown.track.show_due(T0 + 9) == T0 + 1


@pytest.mark.parametrize("state", PlayerState)
def test_whatever_it_does_it_can_be_played_sought_stopped_and_fail(state: PlayerState) -> None:
    moves = {move for known, move in MOVES if known is state}
    assert {Move.SEEK, Move.STOP, Move.FAIL, Move.PLAY, Move.STEP} <= moves
    assert MOVES[state, Move.STOP] is PlayerState.STOPPED
    assert MOVES[state, Move.PLAY] is PlayerState.PLAYING
