"""The engine beside bare threads and, where they are installed, others; `bench_engine` has more of it."""

from collections.abc import Iterator

from tests.benchmarks import rivals
from tests.benchmarks.bench_engine import best, chain, latency_us
from tests.benchmarks.table import Row, beside


def measure(quick: bool) -> Iterator[Row]:
    """Three stages, and a message from post to receiver."""
    count = 5_000 if quick else 40_000
    own = best(lambda: chain(count))
    assert own is not None
    told = f"{own / 1e3:.0f} thousand messages/s"
    rates = {
        "bare threads and queues": best(lambda: rivals.simple_queue_threads(count)),
        "reactivex, nested calls": best(lambda: rivals.reactivex_maps(count)),
        "ezmsg, one process": rivals.ezmsg_units(min(count, 10_000)),
    }
    for name, rate in rates.items():
        if rate is None:
            yield Row("engine, three stages", told, peer=f"{name}: not installed")
        else:
            yield beside("engine, three stages", told, f"{name}: {rate / 1e3:.0f} thousand/s", own / rate)
    middle, worst = latency_us(10_000, 0.5 if quick else 2.0)
    yield Row("engine, post to receiver at 10,000 messages/s", f"{middle:.0f} us, p99 {worst:.0f} us")
