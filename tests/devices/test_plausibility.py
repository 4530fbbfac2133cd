"""What a device may send, and that nothing else gets past its outlet."""

import numpy as np
import pytest

from studio.devices.madness import garbled, misshapen
from studio.devices.plausibility import AHEAD_LIMIT, BEHIND_LIMIT, wrong_data, wrong_time
from studio.formats.payload import Event, PayloadKind, StreamFormat
from studio.timing import NS_PER_S

NOW = 1_790_000_000 * NS_PER_S
SIGNAL = StreamFormat(PayloadKind.SAMPLES, dtype="float32", channels=2, rate=100.0)
IMAGE = StreamFormat(PayloadKind.IMAGE, dtype="uint8")


def judged(time: int, last_time: int | None = None) -> str:
    return wrong_time(time, last_time=last_time, earliest=NOW - BEHIND_LIMIT, now=NOW)


@pytest.mark.parametrize("time", [NOW, NOW - NS_PER_S, NOW + AHEAD_LIMIT, NOW - BEHIND_LIMIT])
def test_times_about_now_are_right(time: int) -> None:
    assert judged(time) == ""
    assert judged(time, time - 1) == ""


@pytest.mark.parametrize("time", [0, -(2**63), 1, NOW - BEHIND_LIMIT - 1])
def test_times_of_long_ago_are_not(time: int) -> None:
    assert "long ago" in judged(time)


@pytest.mark.parametrize("time", [2**63 - 1, NOW + AHEAD_LIMIT + 1])
def test_times_far_ahead_are_not(time: int) -> None:
    assert "ahead" in judged(time)


def test_times_that_have_been_are_not() -> None:
    assert "have been" in judged(NOW, NOW)
    assert "have been" in judged(NOW - 1, NOW)


def test_the_times_of_a_mad_driver_are_all_noticed() -> None:
    assert all(judged(garbled(None, NOW + 1000 * number)[1], NOW - 1) for number in range(5))


@pytest.mark.parametrize(
    "data", [np.zeros((5, 2), np.float32), np.zeros((1, 2), np.float16), np.zeros((5, 2), np.int16)]
)
def test_blocks_of_the_right_width_are_right(data: object) -> None:
    assert wrong_data(SIGNAL, data) == ""


@pytest.mark.parametrize("shape", [(10, 10), (10, 10, 1), (10, 10, 3), (10, 10, 4)])
def test_pictures_may_have_any_size(shape: tuple[int, ...]) -> None:
    assert wrong_data(IMAGE, np.zeros(shape, np.uint8)) == ""


@pytest.mark.parametrize(
    "data",
    [
        None,
        np.zeros((5, 3), np.float32),
        np.zeros((0, 2), np.float32),
        np.zeros(10, np.float32),
        np.zeros((5, 2), np.complex64),
        np.array([["a", "b"]]),
    ],
)
def test_other_blocks_are_not(data: object) -> None:
    assert "wrong size or type" in wrong_data(SIGNAL, data)


@pytest.mark.parametrize(
    "data",
    [b"", np.zeros((0, 4), np.uint8), np.zeros((4, 4, 2), np.uint8), np.zeros((4, 4), float), np.zeros(4)],
)
def test_what_is_no_picture_is_noticed(data: object) -> None:
    assert "no picture" in wrong_data(IMAGE, data)


def test_what_is_no_event_is_noticed() -> None:
    events = StreamFormat(PayloadKind.EVENT)
    assert wrong_data(events, Event("tone")) == ""
    assert "no event" in wrong_data(events, "tone")


@pytest.mark.parametrize(
    ("described", "data"),
    [
        (SIGNAL, np.zeros((5, 2), np.float32)),
        (IMAGE, np.zeros((4, 4, 3), np.uint8)),
        (StreamFormat(PayloadKind.EVENT), Event("tone")),
    ],
)
def test_the_data_of_a_mad_driver_are_all_noticed(described: StreamFormat, data: object) -> None:
    assert all(wrong_data(described, misshapen(data, NOW + 1000 * number)[0]) for number in range(4))
