"""Names what in a built chain may make two runs over the same data differ. Looks at the graph, runs nothing.

What a component of the user's own does inside cannot be seen: one with several inputs whose result depends on
their order says so with an attribute `is_reproducible = False`, or its chain with `reproducible=False`.
"""

from collections.abc import Iterator
from typing import Any

from studio.app.chains.definition import Chain
from studio.engine import Pipeline, Receiver
from studio.engine.element import Element
from studio.engine.generators import Generator
from studio.engine.operators.fusing import Fuse
from studio.engine.operators.merging import Merger
from studio.engine.operators.pairing import Pair
from studio.engine.operators.processing import Processor
from studio.engine.timers import EventSource, Timer

_BY_CLOCK = {
    "Latency": "latency (looks at when a message was created)",
    "Delay": "delay (waits by the clock)",
}


def declared(chain: Chain) -> tuple[str, ...]:
    """What its author says."""
    return () if chain.is_reproducible else (f"{chain.name} (declared as not reproducible)",)


def not_reproducible(pipeline: Pipeline) -> tuple[str, ...]:
    """Each part that depends on clocks or on the order of arrival; empty: runs can be compared."""
    found = (text for element in _elements(pipeline.elements) for text in _reasons(element))
    return tuple(dict.fromkeys(found))


def _elements(elements: tuple[Element, ...]) -> Iterator[Element]:
    for element in elements:
        yield element
        if element.nested is not None:
            yield from _elements(element.nested.graph.elements)


def _reasons(element: Element) -> Iterator[str]:
    owner = element.owner
    name = str(getattr(owner, "name", type(owner).__name__))
    match owner:
        case Pair():
            yield "pair (takes what has arrived last)"
        case Merger():
            yield "merge (goes by order of arrival)"
        case Fuse() if not owner.is_reproducible:
            yield "fuse with an interpolator that takes what is there (use join, or a reproducible one)"
        case Timer() | EventSource():
            yield f"{name} (ticks by the clock)"
        case Generator():
            yield f"{name} (its times begin with the run; sample by a stream instead)"
        case Processor() if owner.name in _BY_CLOCK:
            yield _BY_CLOCK[owner.name]
        case _ if getattr(owner, "is_reproducible", True) is False and not isinstance(owner, Fuse):
            yield f"{name} (declared as not reproducible)"
    yield from (f"{name}: {text}" for receiver in element.receivers.values() for text in _drops(receiver))


def _drops(receiver: Receiver[Any]) -> Iterator[str]:
    policy = receiver.policy
    limits = (policy.maximum_queue_size, policy.maximum_latency, policy.maximum_bytes)
    if any(limit is not None for limit in limits) and policy.throttle_queue_size is None:
        yield f"its delivery policy may drop messages ({policy.name})"
