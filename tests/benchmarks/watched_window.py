"""The studio as it is, with a look at when its window draws, comes round, and is clicked.

python -m tests.benchmarks.watched_window LOG [arguments of the studio]

Appends to LOG, a line each, in ns of the monotonic clock: `usable` (once: Record can be clicked), `first`
(beside a recording: time, size, account, streams and Stop are shown before the window itself is there),
`recording` and `streams` (once: the window shows them; a live stream is drawn), `drawn` (a frame is due and
is drawn), `beat` (a timer of 16 ms fired: the window came round to what a user does) and
`click` (the mouse was let go; the time is that of the X server, where the click began its way). And `turn`:
the moment at which one turn of the event loop is over, the processor time of this thread in it, and how long
the thread waited for a processor meanwhile.
"""

import sys
from pathlib import Path
from typing import Any

from studio.__main__ import prepare_window


def main(arguments: list[str]) -> int:
    """Run the studio with somebody looking on."""
    recorder = prepare_window()
    from studio.ui import start
    from tests.benchmarks.window_watch import Arrivals

    log = Path(arguments[0])
    make = start.make_application

    def watched() -> Any:
        application = make()
        Arrivals(application, log)
        return application

    start.make_application = watched
    return start.run_window(arguments[1:], recorder)


if __name__ == "__main__":
    sys.setswitchinterval(0.001)  # as the studio does
    sys.exit(main(sys.argv[1:]))
