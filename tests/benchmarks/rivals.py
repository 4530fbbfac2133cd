"""The same work done by others: three stages that pass on integers, into a last one that counts."""

import importlib.util
import queue
import threading
import time
from itertools import pairwise
from typing import Any

STAGES = 3


def simple_queue_threads(count: int) -> float:
    """The floor of anything with threads: a bare thread and queue for each stage; messages a second."""
    queues: list[queue.SimpleQueue[int | None]] = [queue.SimpleQueue() for _ in range(STAGES + 1)]

    def stage(source: "queue.SimpleQueue[int | None]", target: "queue.SimpleQueue[int | None]") -> None:
        while (item := source.get()) is not None:
            target.put(item)
        target.put(None)

    pairs = list(pairwise(queues))
    threads = [threading.Thread(target=stage, args=pair) for pair in pairs]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for index in range(count):
        queues[0].put(index)
    queues[0].put(None)
    received = 0
    while queues[-1].get() is not None:
        received += 1
    took = time.perf_counter() - began
    for thread in threads:
        thread.join()
    assert received == count
    return count / took


def reactivex_maps(count: int) -> float | None:
    """Nested calls on one thread, no queue, no clock; None if it is not installed."""
    if importlib.util.find_spec("reactivex") is None:
        return None
    import reactivex
    from reactivex import operators as ops

    received: list[int] = []
    subject: Any = reactivex.Subject()
    subject.pipe(*(ops.map(lambda x: x) for _ in range(STAGES))).subscribe(received.append)
    began = time.perf_counter()
    for index in range(count):
        subject.on_next(index)
    took = time.perf_counter() - began
    assert len(received) == count
    return count / took


def ezmsg_units(count: int) -> float | None:
    """Units in one process, connected by its own transport; None if it is not installed."""
    if importlib.util.find_spec("ezmsg") is None:
        return None
    from tests.benchmarks.rival_ezmsg import run

    return run(count)
