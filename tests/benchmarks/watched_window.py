"""The studio as it is, with a look at when its window draws, comes round, and is clicked.

python -m tests.benchmarks.watched_window LOG [arguments of the studio]

Appends to LOG, a line each, in ns of the monotonic clock: `usable` (once: Record can be clicked), `recording`
and `streams` (once, beside a recording: its size, account and Stop are shown; a live stream is), `drawn` (a
frame is due and is drawn), `beat` (a timer of 16 ms fired: the window came round to what a user does) and
`click` (the mouse was let go; the time is that of the X server, where the click began its way). And `turn`:
the moment at which one turn of the event loop is over, and the processor time of this thread in it.
"""

import sys
from pathlib import Path
from typing import Any

from studio.__main__ import prepare_window


def main(arguments: list[str]) -> int:
    """Run the studio with somebody looking on."""
    recorder = prepare_window()
    from studio.ui import application
    from tests.benchmarks.window_watch import Watch

    log = Path(arguments[0])
    make = application.make_window

    def watched(*given: Any, **more: Any) -> Any:
        window = make(*given, **more)
        Watch(window, log)
        return window

    application.make_window = watched
    return application.run_window(arguments[1:], recorder)


if __name__ == "__main__":
    sys.setswitchinterval(0.001)  # as the studio does
    sys.exit(main(sys.argv[1:]))
