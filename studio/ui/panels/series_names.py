"""Which curve of a panel of members is which: what is chosen for them is kept by name, curves are numbered.

Members are found while one looks around; each keeps its number, and so its colour. Values only; no Qt.
"""

from dataclasses import replace

import numpy as np

from studio.formats.series import SeriesWindow
from studio.formats.signal import SignalWindow
from studio.ui.panels.panel_plan import PanelOptions, channel_key

FIRST = "0:"
"""Keys name the stream of the plan first; a panel of members has one."""


def member_key(name: str) -> str:
    """What a member is called in the options of its panel."""
    return f"{FIRST}{name}"


def with_new(names: tuple[str, ...], found: tuple[str, ...]) -> tuple[str, ...]:
    """The names that are known, and behind them those that were found besides."""
    return tuple(dict.fromkeys((*names, *found)))


def numbered(options: PanelOptions, names: tuple[str, ...]) -> PanelOptions:
    """The options with numbers of curves in place of the names of members; others wait for theirs."""
    keys = {member_key(name): channel_key(0, number) for number, name in enumerate(names)}
    return replace(
        options,
        hidden_channels=tuple(keys[key] for key in options.hidden_channels if key in keys),
        looks=tuple(replace(look, key=keys[look.key]) for look in options.looks if look.key in keys),
    )


def placed(window: SeriesWindow, names: tuple[str, ...]) -> SignalWindow:
    """The curves of a window where the names have their places; NaN for members it does not know."""
    if window.names == names:
        return window.signal
    low, high = np.full((2, len(window.signal.times), len(names)), np.nan)
    places = [names.index(name) for name in window.names]
    low[:, places], high[:, places] = window.signal.minimum, window.signal.maximum
    return replace(window.signal, minimum=low, maximum=high)
