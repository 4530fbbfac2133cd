"""Says on how many threads the window paints. Paints nothing itself.

Qt's paint engine shares a large picture out among threads of its own and waits for the slowest of them.
Beside a recorder, a camera and whatever else runs, each of them has to wait for a processor first. With two
processors that took 60 % more of their time, and a tenth less of the window's where nothing else ran.
"""

import os

FEWEST_PROCESSORS = 4
"""With so many, some are likely to be free for a part of a picture."""
_PAINT_ALONE = "QT_NO_GUI_THREADPOOL"


def paint_alone_on_few_processors(processors: int) -> bool:
    """Let the GUI thread paint by itself where there are few; whether it does. Before anything is painted.

    Who has chosen by the environment is left alone.
    """
    if processors < FEWEST_PROCESSORS:
        os.environ.setdefault(_PAINT_ALONE, "1")
    return _PAINT_ALONE in os.environ
