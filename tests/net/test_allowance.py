"""So much at once, and so much a second."""

from hypothesis import given
from hypothesis import strategies as st

from studio.net.allowance import Allowance
from studio.timing import NS_PER_S


def test_what_is_used_up_comes_back_with_time_and_no_more_than_there_was() -> None:
    allowance = Allowance(at_once=3, per_second=2)
    assert [allowance.take(1, 0) for _ in range(4)] == [True, True, True, False]
    assert not allowance.take(1, NS_PER_S // 4)
    assert allowance.take(1, NS_PER_S // 2)
    assert [allowance.take(1, 100 * NS_PER_S) for _ in range(4)] == [True, True, True, False]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2 * NS_PER_S)), max_size=40))
def test_never_is_more_given_than_what_there_was_and_what_has_come(wishes: list[tuple[int, int]]) -> None:
    allowance, now, given_away = Allowance(at_once=7, per_second=3), 0, 0
    for amount, later in wishes:
        now += later
        given_away += amount if allowance.take(amount, now) else 0
        assert given_away <= 7 + 3 * now / NS_PER_S + 1e-6
