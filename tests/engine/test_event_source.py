"""Streams of what outside events bring (rule E91)."""

from typing import TYPE_CHECKING

import pytest

from studio.engine import Pipeline
from studio.engine.timers import EventSource
from tests.engine.components import Collector
from tests.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable


class Bell:
    """Something that tells whoever listens."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[int], None]] = []

    def ring(self, value: int) -> None:
        for listener in tuple(self.listeners):
            listener(value)


@pytest.mark.rules("E91")
def test_ten_events_come_in_order_and_nobody_listens_after_the_end() -> None:
    bell = Bell()
    with Pipeline("p") as p:
        source: EventSource[int] = EventSource(p, bell.listeners.append, bell.listeners.remove)
        result = Collector(p, source.out.select(lambda i: i / 10))
        p.run_async()
        for i in range(10):
            bell.ring(i)
        wait_until(lambda: len(result.values) == 10)
    assert result.values == [i / 10 for i in range(10)]
    assert result.times == sorted(set(result.times))
    assert bell.listeners == []
