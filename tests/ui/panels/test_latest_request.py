"""Never more than one question is on its way, and the last one wished for is always asked."""

from hypothesis import given
from hypothesis import strategies as st

from studio.ui.panels.latest_request import LatestRequest


@given(steps=st.lists(st.one_of(st.integers(0, 5), st.none()), max_size=60))
def test_one_at_a_time_and_the_newest_wins(steps: list[int | None]) -> None:
    latest: LatestRequest[int] = LatestRequest()
    outstanding: list[int] = []
    wanted, answered = None, None

    def asked(request: int | None) -> None:
        if request is not None:
            outstanding.append(request)
        assert len(outstanding) <= 1

    for step in steps:
        if step is None and outstanding:
            answered = outstanding.pop()
            asked(latest.settle())
        elif step is not None:
            wanted = step
            asked(latest.want(step))
    while outstanding:
        answered = outstanding.pop()
        asked(latest.settle())
    assert answered == wanted


def test_what_is_known_is_not_asked_again() -> None:
    latest: LatestRequest[str] = LatestRequest()
    assert latest.want("a") == "a"
    assert latest.want("a") is None
    assert latest.settle() is None
    assert latest.want("a") is None
    assert latest.want("b") == "b"


def test_anew_asks_what_is_known_and_what_is_on_its_way() -> None:
    latest: LatestRequest[str] = LatestRequest()
    assert latest.want("a") == "a"
    assert latest.want_anew("a") is None
    assert latest.settle() == "a"
    assert latest.settle() is None
    assert latest.want_anew("a") == "a"


def test_what_was_replaced_is_counted() -> None:
    latest: LatestRequest[int] = LatestRequest()
    for n in range(10):
        latest.want(n)
    assert latest.settle() == 9
    assert latest.skipped == 8
