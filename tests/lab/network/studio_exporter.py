"""Our own exporter with a synthetic clock, as a program: `studio_exporter HOST PORT CLOCK`.

It says its port when it listens. A line on its input, another clock, takes the place of the one it has; it
answers "changed". It ends at the end of its input. Its name is that of its machine.
"""

import gc
import sys
import time

from studio.net.clock_main import SWITCH_INTERVAL_S
from studio.net.clock_serving import ClockServer
from tests.lab.network.synthetic_clock import SyntheticClock


class Told:
    """The synthetic clock as pipelines know clocks."""

    def __init__(self, clock: SyntheticClock) -> None:
        self.clock = clock

    def now(self) -> int:
        """The current time."""
        return self.clock.time_at(time.monotonic_ns())

    def from_monotonic(self, monotonic: int) -> int:
        """The time at which the monotonic clock stood there."""
        return self.clock.time_at(monotonic)


def main() -> None:
    """See the module."""
    host, port, clock = sys.argv[1:]
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.freeze()
    gc.disable()
    failures: list[BaseException] = []
    told = Told(SyntheticClock.from_text(clock))
    server = ClockServer(host, int(port), told, on_failure=failures.append)
    server.start()
    print(server.port, flush=True)
    for line in sys.stdin:
        told.clock = SyntheticClock.from_text(line)
        print("changed", flush=True)
    server.close()
    sys.exit(str(failures) if failures else 0)


if __name__ == "__main__":
    main()
