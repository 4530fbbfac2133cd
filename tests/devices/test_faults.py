"""The words in which faults are written, and what they mean at which moment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.devices.faults import PRESETS, Fault, FaultKind, schedule_of
from studio.timing import NS_PER_S


def test_nothing_written_is_nothing_wrong() -> None:
    assert schedule_of("  ").active(5 * NS_PER_S) is None


def test_a_fault_lasts_from_its_second_for_its_seconds() -> None:
    schedule = schedule_of("stall@30+2, unplug@10+0.5")
    kinds = {tenth: fault.kind for tenth in range(400) if (fault := schedule.active(tenth * NS_PER_S // 10))}
    assert kinds == dict.fromkeys(range(100, 105), FaultKind.UNPLUG) | dict.fromkeys(
        range(300, 320), FaultKind.STALL
    )


def test_behind_a_slash_it_comes_again() -> None:
    schedule = schedule_of("jump@1+1 / 5")
    assert [second for second in range(15) if schedule.active(second * NS_PER_S)] == [1, 6, 11]


@pytest.mark.parametrize("text", PRESETS.values())
def test_what_the_window_offers_can_be_read(text: str) -> None:
    assert schedule_of(text).faults


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("explode@1+1", "unplug, stall, burst"),
        ("stall@1", "stall@30"),
        ("stall@-1+1", "is not a fault"),
        ("stall@1+0", "lasts no time"),
        ("stall@1+3, jump@2+1", "before 'stall' is over"),
        ("stall@1+3 / 2", "begin anew"),
        ("stall@1+3 / often", "seconds"),
        ("stall@1+3 / inf", "seconds"),
        (",", "is not a fault"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(text: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        schedule_of(text)


@given(st.text(max_size=30))
def test_any_text_is_a_schedule_or_refused(text: str) -> None:
    try:
        schedule = schedule_of(text)
    except ValueError:
        return
    assert all(isinstance(fault, Fault) for fault in schedule.faults)
