"""How fast messages go through the engine, against a direct call in the same run.

python tests/benchmarks/bench_engine.py [messages]
"""

import sys
import threading
import time
from collections.abc import Callable
from statistics import median

import numpy as np

from studio.engine import REPLAY_ALL, DeliveryPolicy, Pipeline

RUNS = 3


class Flood:
    """Posts as fast as it can from a thread of its own."""

    def __init__(self, pipeline: Pipeline, count: int, payload: object) -> None:
        self.pipeline = pipeline
        self.count = count
        self.payload = payload
        self.out = pipeline.create_emitter(self, "out")

    def start(self, notify_completion_time: Callable[[int], None]) -> None:
        self.notify = notify_completion_time
        self.thread = self.pipeline.spawn("flood", self.run)

    def run(self, _cancelled: threading.Event) -> None:
        start, post, payload = self.pipeline.start_time, self.out.post, self.payload
        for index in range(self.count):
            post(payload, start + index)
        self.notify(start + self.count - 1)

    def stop(self, _final: int, notify_completed: Callable[[], None]) -> None:
        notify_completed()


def direct_calls(count: int) -> float:
    """Calls a second of a plain function with two arguments: the floor."""
    received = []

    def receive(data: int, _envelope: int) -> None:
        received.append(data)

    began = time.perf_counter()
    for index in range(count):
        receive(index, index)
    return count / (time.perf_counter() - began)


def through_pipeline(count: int, payload: object, stages: int, threads: int, policy: DeliveryPolicy) -> float:
    """Messages a second from a flooding source through `stages` components into a receiver."""
    received: list[object] = []
    with Pipeline(thread_count=threads) as p:
        stream = Flood(p, count, payload).out
        for _ in range(stages):
            stream = stream.select(lambda data: data, policy)
        stream.pipe_to(p.create_receiver(received, lambda data, _envelope: received.append(data)), policy)
        began = time.perf_counter()
        p.run(REPLAY_ALL)
        took = time.perf_counter() - began
    if len(received) != count:
        raise RuntimeError(f"{count} messages were posted, {len(received)} received")
    return count / took


def latency_us(count: int) -> tuple[float, float]:
    """Median and 99th percentile of the way of a single message into a receiver, microseconds."""
    delays: list[float] = []
    arrived = threading.Event()
    with Pipeline() as p:
        source = Flood(p, 0, None)

        def receive(posted: float, _envelope: object) -> None:
            delays.append(time.perf_counter() - posted)
            arrived.set()

        source.out.pipe_to(p.create_receiver(delays, receive))
        source.start = lambda notify: notify(2**63 - 1)  # type: ignore[method-assign]
        p.run_async(REPLAY_ALL)
        for index in range(count):
            arrived.clear()
            source.out.post(time.perf_counter(), index + 1)
            arrived.wait()
    delays.sort()
    return median(delays) * 1e6, delays[int(len(delays) * 0.99)] * 1e6


def main() -> None:
    """Print the rates and their ratio to the floor."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    floor = median(direct_calls(count) for _ in range(RUNS))
    print(f"direct call               {floor:12,.0f} /s")
    unlimited = DeliveryPolicy.UNLIMITED
    block = np.zeros((300, 64), np.int16)  # frozen by the first post, shared from then on
    cases = [
        ("post -> receiver, int", 1, 0, 2),
        ("post -> receiver, array", block, 0, 2),
        ("post -> receiver, 1 worker", 1, 0, 1),
        ("post -> 2 stages -> receiver", 1, 2, 2),
    ]
    for name, payload, stages, threads in cases:
        rates = [through_pipeline(count, payload, stages, threads, unlimited) for _ in range(RUNS)]
        rate = median(rates)
        print(
            f"{name:30} {rate:9,.0f} messages/s {rate * (stages + 1):9,.0f} hops/s  floor/{floor / rate:.0f}"
        )
    middle, worst = latency_us(2_000)
    print(f"one message, idle pipeline     median {middle:.0f} us, 99 % {worst:.0f} us")


if __name__ == "__main__":
    main()
