"""What depends on clocks or on the order of arrival is named, so that nobody compares in vain."""

from collections.abc import Callable
from typing import Any

import pytest

from studio.app.chains import Audio, Numbers, chain
from studio.app.chains.comparable import declared, not_reproducible
from studio.app.chains.definition import chain_of
from studio.engine import DeliveryPolicy, Emitter, Pipeline, generators, timers
from studio.engine.interpolators import available, reproducible
from studio.engine.operators import merge_all
from studio.timing import NS_PER_MS, RelativeTimeInterval

Build = Callable[[Emitter[Any], Emitter[Any]], object]

NOT_THE_SAME: dict[str, Build] = {
    "pair": lambda a, b: a.pair(b),
    "merge": lambda a, b: merge_all([a, b]),
    "fuse": lambda a, b: a.fuse(b, available.nearest()),
    "Timer": lambda a, b: timers.timer(a.pipeline, 10 * NS_PER_MS),
    "Repeat": lambda a, b: a.sample(10 * NS_PER_MS),
    "Once": lambda a, b: generators.once(a.pipeline, 1),
    "latency": lambda a, b: a.latency(),
    "delay": lambda a, b: a.delay(5),
    "LatestMessage": lambda a, b: a.select(abs, DeliveryPolicy.LATEST_MESSAGE),
    "LatencyConstrained": lambda a, b: a.select(abs, DeliveryPolicy.latency_constrained(5)),
    "Dice (declared": lambda a, b: Dice(a),
}

THE_SAME: dict[str, Build] = {
    "select": lambda a, b: a.select(abs).where(bool).changes(),
    "join": lambda a, b: a.join(b, reproducible.nearest(RelativeTimeInterval.around(5))),
    "fuse": lambda a, b: a.fuse(b),
    "zip": lambda a, b: a.zip(b),
    "window": lambda a, b: a.window(RelativeTimeInterval.past(50)).select(len),
    "sample": lambda a, b: a.sample(b),
    "throttle": lambda a, b: a.select(abs, DeliveryPolicy.THROTTLE),
}


class Dice:
    """A component that owns up."""

    name = "Dice"
    is_reproducible = False

    def __init__(self, stream: Emitter[Any]) -> None:
        stream.pipe_to(stream.pipeline.create_receiver(self, lambda data, envelope: None))


def reasons(build: Build) -> tuple[str, ...]:
    with Pipeline() as p:
        owner = object()
        build(p.create_emitter(owner, "a"), p.create_emitter(owner, "b"))
        return not_reproducible(p)


@pytest.mark.parametrize("name", NOT_THE_SAME)
def test_what_may_differ_is_named(name: str) -> None:
    found = reasons(NOT_THE_SAME[name])
    assert len(found) == 1
    assert name in found[0]


@pytest.mark.parametrize("name", THE_SAME)
def test_what_is_the_same_in_every_run_is_not(name: str) -> None:
    assert reasons(THE_SAME[name]) == ()


def test_parts_inside_a_part_are_found() -> None:
    def build(a: Emitter[Any], b: Emitter[Any]) -> None:
        inner = a.pipeline.create_subpipeline("inner")
        a.bridge_to(inner).latency()

    assert "latency" in reasons(build)[0]


def test_an_author_can_say_so() -> None:
    @chain(reproducible=False)
    def dice(numbers: Numbers) -> Emitter[float]:
        """Throws."""
        return numbers

    @chain
    def plain(sound: Audio) -> Emitter[Any]:
        """Passes on."""
        return sound

    found = chain_of(dice)
    assert found is not None
    assert declared(found) == ("dice (declared as not reproducible)",)
    other = chain_of(plain)
    assert other is not None
    assert declared(other) == ()
