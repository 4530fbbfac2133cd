"""Follows an exporter and writes down, many times a second, what it takes that clock for.

`clock_follower HOST PORT DURATION_S FILE BUSY_THREADS`. A line a reading: the monotonic moment, the offset of
the clock that a pipeline would run on, the bound that is promised for it, when the exporter was last heard,
the median round trip then (all ns), and the state. It says "ready" when there is an offset at all; the
duration counts from then on.
"""

import random
import sys
import threading
import time
from pathlib import Path

from tests.benchmarks.clock_following import Following

READINGS_PER_S = 20
FIRST_LOOK_S = 0.01


def busy(stop: threading.Event) -> None:
    """Compute, without ever letting go of the interpreter by itself."""
    number = 0
    while not stop.is_set():
        number = (number * 1103515245 + 12345) % 2**31


def main() -> None:
    """See the module."""
    host, port, duration_s, file, busy_threads = sys.argv[1:]
    stop = threading.Event()
    threads = [threading.Thread(target=busy, args=(stop,)) for _ in range(int(busy_threads))]
    for thread in threads:
        thread.start()
    random_ = random.Random(1)
    with Path(file).open("w", encoding="utf-8") as readings, Following(host, int(port)) as following:
        while following.read() is None:
            time.sleep(FIRST_LOOK_S)
        print("ready", flush=True)
        end = time.monotonic() + float(duration_s)
        while time.monotonic() < end:
            time.sleep(random_.uniform(0.5, 1.5) / READINGS_PER_S)
            reading = following.read()
            if reading is not None:
                print(*reading, file=readings)
    stop.set()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
