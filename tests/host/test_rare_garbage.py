"""A recorder looks for cyclic garbage seldom, whatever waits in its queues."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from studio.host import rare_garbage
from studio.host.rare_garbage import YOUNG_COUNT, RareGarbage


class Knot:
    """Refers to itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def garbage() -> Iterator[RareGarbage]:
    made = RareGarbage()
    made.begin()
    yield made
    made.end()


def looks_at(generation: int) -> int:
    return int(gc.get_stats()[generation]["collections"])


def test_a_growing_queue_is_hardly_ever_looked_through(garbage: RareGarbage) -> None:
    young, old = looks_at(0), looks_at(2)
    waiting = [(number, [number]) for number in range(4 * YOUNG_COUNT)]
    assert looks_at(0) - young <= 10
    assert looks_at(2) == old
    assert len(waiting) == 4 * YOUNG_COUNT


def test_what_refers_to_itself_is_found_when_it_is_time_and_nothing_else_to_do(
    garbage: RareGarbage, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = weakref.ref(Knot())
    assert not garbage.collect(lambda: False), "not due"
    monkeypatch.setattr(rare_garbage, "INTERVAL", 0)
    assert not garbage.collect(lambda: True)
    assert garbage.collect(lambda: False)
    assert gone() is None


def test_afterwards_all_is_as_before() -> None:
    before = gc.get_threshold()
    made = RareGarbage()
    made.begin()
    assert gc.get_threshold() != before
    made.end()
    assert gc.get_threshold() == before
