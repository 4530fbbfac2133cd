"""What interpolators answer, message by message (rules E205-E212)."""

from typing import Any

import pytest

from studio.engine import Envelope, Message
from studio.engine.interpolators import (
    INSUFFICIENT_DATA,
    Created,
    DoesNotExist,
    Interpolator,
    available,
    reproducible,
)
from studio.timing import TIME_MIN, RelativeTimeInterval

Window = RelativeTimeInterval
PAST_5 = Window(-5, 0)
FUTURE = Window(2, 5)


def messages(*times: int) -> list[Message[str]]:
    return [Message(f"m{time}", Envelope(1, n, time, time)) for n, time in enumerate(times, start=1)]


def asked(interpolator: Interpolator[Any, Any], *times: int, at: int = 10, closed: bool = False) -> Any:
    return interpolator.interpolate(at, messages(*times), 99 if closed else None)


@pytest.mark.rules("E205")
@pytest.mark.parametrize("make", [reproducible.exact, reproducible.nearest, reproducible.last])
def test_without_messages_only_the_end_of_the_stream_is_certain(make: Any) -> None:
    assert asked(make()) == INSUFFICIENT_DATA
    assert isinstance(asked(make(), closed=True), DoesNotExist)


@pytest.mark.rules("E205")
def test_a_default_fills_in_what_does_not_exist_but_does_not_hurry() -> None:
    assert asked(reproducible.exact_or_default("none"), 5, 11) == Created("none", 10)
    assert asked(reproducible.exact_or_default("none"), 5) == INSUFFICIENT_DATA
    assert asked(reproducible.nearest_or_default("none", PAST_5), 10) == Created("m10", 10)
    assert asked(reproducible.first_or_default("none", PAST_5), 11) == Created("none", 5)
    assert asked(reproducible.last_or_default("none", PAST_5), 11) == Created("none", 5)
    made = reproducible.adjacent_or_default(lambda _b, after, _r: after, "none")
    assert asked(made, 11) == Created("none", 10)


@pytest.mark.rules("E206")
@pytest.mark.parametrize(
    ("times", "answer"),
    [
        ((8,), INSUFFICIENT_DATA),
        ((8, 13), Created("m8", 8)),
        ((8, 12), Created("m12", 12)),
        ((8, 9, 12), Created("m9", 9)),
        ((10,), Created("m10", 10)),
        ((14,), Created("m14", 14)),
    ],
)
def test_nearest_is_certain_when_nothing_nearer_can_come(times: tuple[int, ...], answer: object) -> None:
    assert asked(reproducible.nearest(), *times) == answer


@pytest.mark.rules("E206")
def test_nearest_in_a_past_window_need_not_wait_for_the_time_itself() -> None:
    window = Window(-5, -2)
    assert asked(reproducible.nearest(window), 8) == Created("m8", 8)
    assert asked(reproducible.nearest(window), 7) == INSUFFICIENT_DATA
    assert asked(reproducible.nearest(window), 7, closed=True) == Created("m7", 7)
    assert asked(reproducible.nearest(window), 3, 9) == DoesNotExist(8)


@pytest.mark.rules("E207")
@pytest.mark.parametrize("window", [FUTURE, Window(0, 5, left_inclusive=False)])
def test_e207_that_nothing_comes_in_a_future_window_is_certain_only_beyond_it(window: Window) -> None:
    nearest = reproducible.nearest(window)
    assert asked(nearest, 10) == INSUFFICIENT_DATA
    assert asked(nearest, 10, 13) == Created("m13", 13)
    assert asked(nearest, 10, 16) == DoesNotExist(10)
    assert asked(nearest, 10, closed=True) == DoesNotExist(10)


@pytest.mark.rules("E208")
def test_exact_takes_only_what_has_that_time() -> None:
    assert asked(reproducible.exact(), 9, 10) == Created("m10", 10)
    assert asked(reproducible.exact(), 9, 11) == DoesNotExist(10)
    assert asked(reproducible.exact(), 9) == INSUFFICIENT_DATA


@pytest.mark.rules("E209")
def test_first_is_certain_as_soon_as_it_is_there() -> None:
    first = reproducible.first(PAST_5)
    assert asked(first, 4, 6, 9) == Created("m6", 5)
    assert asked(first, 4) == INSUFFICIENT_DATA
    assert asked(first, 4, 11) == DoesNotExist(5)
    assert asked(first, 4, closed=True) == DoesNotExist(5)


@pytest.mark.rules("E209", "E212")
@pytest.mark.parametrize("module", [reproducible, available])
def test_first_needs_a_left_end(module: Any) -> None:
    with pytest.raises(NotImplementedError, match="left end"):
        module.first(Window.past())


@pytest.mark.rules("E210")
@pytest.mark.parametrize(
    ("window", "times", "answer"),
    [
        (PAST_5, (6, 9), INSUFFICIENT_DATA),
        (PAST_5, (6, 10), Created("m10", 10)),
        (PAST_5, (6, 9, 11), Created("m9", 9)),
        (PAST_5, (4, 11), DoesNotExist(5)),
        (Window(-5, 0, right_inclusive=False), (6, 10), Created("m6", 6)),
        (Window.past(), (1, 2, 12), Created("m2", 2)),
        (Window.past(), (12,), DoesNotExist(TIME_MIN)),
        (Window.INFINITE, (1, 2, 12), INSUFFICIENT_DATA),
    ],
)
def test_last_is_certain_at_or_beyond_the_right_end(
    window: Window, times: tuple[int, ...], answer: object
) -> None:
    assert asked(reproducible.last(window), *times) == answer


@pytest.mark.rules("E210")
def test_last_of_an_unbounded_window_is_known_at_the_end() -> None:
    assert asked(reproducible.last(), 1, 2, 12, closed=True) == Created("m12", 12)


@pytest.mark.rules("E211")
def test_adjacent_looks_at_the_messages_on_both_sides() -> None:
    pair: Interpolator[Any, Any] = reproducible.adjacent(lambda before, after, ratio: (before, after, ratio))
    assert asked(pair, 5, 8, 12, 20) == Created(("m8", "m12", 0.5), 8)
    assert asked(pair, 8, 10) == Created(("m8", "m10", 1.0), 8)
    assert asked(pair, 10) == Created((None, "m10", 1.0), 10)
    assert asked(pair, 11) == DoesNotExist(10)
    assert asked(pair, 8) == INSUFFICIENT_DATA
    assert asked(pair, 8, closed=True) == DoesNotExist(8)


@pytest.mark.rules("E211")
def test_adjacent_refuses_gaps_as_long_as_the_limit() -> None:
    assert asked(reproducible.adjacent(lambda b, a, _r: (b, a), 4), 8, 12) == DoesNotExist(8)
    assert asked(reproducible.adjacent(lambda b, a, _r: (b, a), 5), 8, 12) == Created(("m8", "m12"), 8)


@pytest.mark.rules("E211")
def test_a_line_between_two_numbers() -> None:
    given = [Message(2.0, Envelope(1, 1, 0, 0)), Message(4.0, Envelope(1, 2, 10, 10))]
    answers = [reproducible.linear().interpolate(time, given, None) for time in (1, 5, 10)]
    assert [a.value for a in answers if isinstance(a, Created)] == pytest.approx([2.2, 3.0, 4.0])


@pytest.mark.rules("E212")
def test_e212_available_ones_choose_among_what_is_there_and_never_wait() -> None:
    assert asked(available.exact(), 9) == DoesNotExist(10)
    assert asked(available.nearest(), 4, 8) == Created("m8", 8)
    assert asked(available.first(PAST_5), 6, 9) == Created("m6", 5)
    assert asked(available.last(PAST_5), 6, 9) == Created("m9", 9)
    for made in (
        available.exact_or_default("none"),
        available.nearest_or_default("none"),
        available.first_or_default("none", PAST_5),
        available.last_or_default("none"),
    ):
        answer = asked(made)
        assert isinstance(answer, Created)
        assert answer.value == "none"
        assert not made.is_reproducible
