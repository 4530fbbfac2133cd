"""What a curve cannot show is found: no numbers, infinities, and gaps that nobody listed."""

from dataclasses import replace

import numpy as np
import pytest

from studio.formats.signal import Gap, SignalWindow
from studio.ui.panels.signal_oddities import oddities_of, unlisted_gaps
from studio.ui.panels.stored_window import centred
from studio.ui.panels.time_axis import TimeAxis

AXIS = TimeAxis(0, 1000, 100)


def window(*values: float, gaps: tuple[Gap, ...] = ()) -> SignalWindow:
    """A sample every 100 ns."""
    rows = np.array(values)[:, None]
    return SignalWindow(np.arange(len(values), dtype=np.int64) * 100, rows, rows, 1.0, gaps)


def test_each_kind_has_its_columns_and_words() -> None:
    found = oddities_of(window(1, np.nan, 2, np.inf, -np.inf), (0,), AXIS, knows_gaps=True)
    assert (found.nothing.tolist(), found.above.tolist(), found.below.tolist()) == ([10], [30], [40])
    assert found.words == "not a number · infinite"


def test_a_row_that_stands_for_a_gap_is_no_oddity() -> None:
    listed = window(1, np.nan, 2, gaps=(Gap(50, 150),))
    assert oddities_of(listed, (0,), AXIS, knows_gaps=True).words == ""
    assert oddities_of(window(1, np.nan, 2), (0,), AXIS, knows_gaps=False).words == ""


def test_a_short_gap_stays_none_where_columns_are_drawn_at_their_centres() -> None:
    times = np.array([0, 100, 150, 200, 300], np.int64)
    rows = np.array([1, 1, np.nan, 1, 1])[:, None]
    folded = centred(SignalWindow(times, rows, rows, 64.0, (Gap(145, 155),)))
    assert folded.times[2] > 155, "its row was moved with the others"
    assert oddities_of(folded, (0,), AXIS, knows_gaps=True).words == ""


def test_columns_that_hold_numbers_besides_are_told_by_the_window() -> None:
    folded = replace(window(1, 2, 3), unknown=np.array([100, 5000], np.int64))
    found = oddities_of(folded, (0,), AXIS, knows_gaps=True)
    assert (found.nothing.tolist(), found.words) == ([10], "not a number")


def test_what_is_out_of_view_is_not_told() -> None:
    assert oddities_of(window(np.nan, 1), (0,), TimeAxis(50, 1000, 100), knows_gaps=True).words == ""


@pytest.mark.parametrize(
    ("values", "gaps"),
    [
        ((1, 2, 3), ()),
        ((1, np.nan, 3), (Gap(0, 200),)),
        ((np.nan, 1, np.nan, np.nan), (Gap(0, 100), Gap(100, 300))),
        ((np.nan,), (Gap(0, 0),)),
    ],
)
def test_gaps_that_are_not_listed_reach_from_sample_to_sample(
    values: tuple[float, ...], gaps: tuple[Gap, ...]
) -> None:
    assert unlisted_gaps(window(*values)) == gaps
