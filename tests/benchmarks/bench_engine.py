"""How fast messages go through the engine, beside others in the same run.

python -m tests.benchmarks.bench_engine [messages]

Prints a table: messages a second through three stages and through a join, latency from post to receipt,
processor time at rest, and how throughput changes with components and threads.
"""

import importlib.util
import sys
import threading
import time
from collections.abc import Callable
from statistics import median

import numpy as np

from studio.engine import REPLAY_ALL, DeliveryPolicy, Emitter, Pipeline
from studio.timing import TIME_MAX
from tests.benchmarks import rivals

RUNS = 3


class Flood:
    """Posts as fast as it can, in its Start or from a thread of its own."""

    def __init__(self, pipeline: Pipeline, count: int, payload: object, *, own_thread: bool = False) -> None:
        self.pipeline = pipeline
        self.count = count
        self.payload = payload
        self.own_thread = own_thread
        self.out: Emitter[object] = pipeline.create_emitter(self, "out")

    def start(self, notify_completion_time: Callable[[int], None]) -> None:
        self.notify = notify_completion_time
        if self.own_thread:
            self.pipeline.spawn("flood", self.run)
        else:
            self.run(threading.Event())

    def run(self, _cancelled: threading.Event) -> None:
        start, post, payload = self.pipeline.start_time, self.out.post, self.payload
        for index in range(self.count):
            post(payload, start + index)
        self.notify(start + self.count - 1)

    def stop(self, _final: int, notify_completed: Callable[[], None]) -> None:
        notify_completed()


def chain(
    count: int,
    *,
    stages: int = rivals.STAGES,
    threads: int = 0,
    payload: object = 1,
    own_thread: bool = False,
    policy: DeliveryPolicy = DeliveryPolicy.UNLIMITED,
) -> float:
    """Messages a second from a source through `stages` components into a receiver."""
    received: list[object] = []
    with Pipeline(thread_count=threads, default_delivery_policy=policy) as p:
        stream = Flood(p, count, payload, own_thread=own_thread).out
        for _ in range(stages):
            stream = stream.select(lambda data: data)
        stream.pipe_to(p.create_receiver(received, lambda data, _envelope: received.append(data)))
        began = time.perf_counter()
        p.run(REPLAY_ALL)
        took = time.perf_counter() - began
    if len(received) != count:
        raise RuntimeError(f"{count} messages were posted, {len(received)} received")
    return count / took


def join(count: int) -> float:
    """Pairs a second of two streams with the same times."""
    received: list[object] = []
    with Pipeline() as p:
        left, right = Flood(p, count, 1).out, Flood(p, count, 2).out
        joined = left.join(right)
        joined.pipe_to(p.create_receiver(received, lambda data, _envelope: received.append(data)))
        began = time.perf_counter()
        p.run(start=1_000_000, enforce_replay_clock=False)
        took = time.perf_counter() - began
    if len(received) != count:
        raise RuntimeError(f"{count} pairs were due, {len(received)} received")
    return count / took


def latency_us(rate: int, seconds: float) -> tuple[float, float]:
    """Median and 99th percentile from post to receipt at `rate` messages a second, microseconds."""
    delays: list[float] = []
    with Pipeline() as p:
        source = Flood(p, 0, None)
        source.run = lambda _cancelled: source.notify(TIME_MAX)  # type: ignore[method-assign]
        receiver = p.create_receiver(delays, lambda posted, _e: delays.append(time.perf_counter() - posted))
        source.out.pipe_to(receiver)
        p.run_async(REPLAY_ALL)
        began = time.perf_counter()
        for index in range(int(rate * seconds)):
            while (ahead := began + index / rate - time.perf_counter()) > 0:
                time.sleep(ahead)
            source.out.post(time.perf_counter(), index + 1)
    delays.sort()
    return median(delays) * 1e6, delays[int(len(delays) * 0.99)] * 1e6


def idle_cpu(seconds: float) -> float:
    """Share of one processor that a running pipeline without messages takes, percent."""
    with Pipeline() as p:
        source = Flood(p, 0, None)
        source.run = lambda _cancelled: source.notify(TIME_MAX)  # type: ignore[method-assign]
        for _ in range(100):
            source.out.select(lambda data: data)
        p.run_async()
        before = time.process_time()
        time.sleep(seconds)
        return (time.process_time() - before) / seconds * 100


def best(measure: Callable[[], float | None]) -> float | None:
    """Middle of some runs; None if there is nothing to run."""
    results = [result for result in (measure() for _ in range(RUNS)) if result is not None]
    return median(results) if results else None


def show(name: str, rate: float | None) -> None:
    """A line of the table."""
    text = "not installed, skipped" if rate is None else f"{rate:12,.0f} messages/s"
    print(f"{name:44} {text}", flush=True)


def compare(count: int) -> None:
    """Three stages, everybody in turn."""
    print(f"three stages, {count:,} messages, middle of {RUNS} runs")
    show("SimpleQueue, a thread a stage", best(lambda: rivals.simple_queue_threads(count)))
    show("reactivex, nested calls", best(lambda: rivals.reactivex_maps(count)))
    show("ezmsg, one process", rivals.ezmsg_units(min(count, 20_000)))
    show("studio", best(lambda: chain(count)))
    show("studio, source with its own thread", best(lambda: chain(count, own_thread=True)))
    throttled = DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE
    show("studio, synchronous or throttled", best(lambda: chain(count, policy=throttled)))
    block = np.zeros((300, 64), np.int16)  # frozen by the first post, shared from then on
    show("studio, arrays of 38 kB", best(lambda: chain(count, payload=block)))
    show("studio, post to one receiver", best(lambda: chain(count, stages=0)))
    if hasattr(Emitter, "join"):
        show("studio, join of two streams", best(lambda: join(count // 4)))


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    if importlib.util.find_spec("ezmsg") is None or importlib.util.find_spec("reactivex") is None:
        print("for the comparison: pip install ezmsg reactivex")
    compare(count)
    print("threads and components")
    for threads in (1, 2, 8):
        show(f"studio, {threads} threads", best(lambda threads=threads: chain(count, threads=threads)))
    for stages in (1, 10, 100, 1000):
        messages = max(20, 2 * count // (stages + 1))
        rate = chain(messages, stages=stages)
        show(f"studio, {stages} components ({rate * (stages + 1):,.0f} hops/s)", rate)
    middle, worst = latency_us(10_000, 2.0)
    print(f"latency at 10,000 messages/s: median {middle:.0f} us, 99 % {worst:.0f} us")
    print(f"processor at rest, 100 components: {idle_cpu(2.0):.2f} %")


if __name__ == "__main__":
    main()
