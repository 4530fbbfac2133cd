"""Each state of a clock that is followed has its words, and the worse reason wins."""

from dataclasses import replace

import pytest

from studio.net.sync_judgement import Situation, in_words, judged, milliseconds, signed
from studio.timing import NS_PER_MS, NS_PER_S
from studio.timing.sync_status import SyncState

GOOD = Situation(
    name="LAB-MASTER",
    address="10.0.0.2:11511",
    bound=NS_PER_MS // 5,
    bound_growth=17_000.0,
    answered=100,
    attempts=100,
    age=60 * NS_PER_S,
    silent_for=NS_PER_S,
)


@pytest.mark.parametrize(
    ("changes", "state", "words"),
    [
        ({}, SyncState.SYNCHRONISED, ""),
        ({"remark": "Rename one."}, SyncState.SYNCHRONISED, "Rename one."),
        ({"error": "No."}, SyncState.ERROR, "No."),
        ({"is_self": True}, SyncState.SELF, "this machine"),
        ({"bound": None, "attempts": 0}, SyncState.CONNECTING, "Connecting to 10.0.0.2:11511"),
        ({"bound": None, "attempts": 7, "problem": "refused"}, SyncState.CONNECTING, "attempt 7: refused"),
        ({"bound": None, "fault": "no process"}, SyncState.CONNECTING, "no process"),
        ({"answered": 9}, SyncState.SYNCING, "9 of 16"),
        ({"age": 5 * NS_PER_S}, SyncState.SYNCING, "Measuring"),
        ({"bound": 8 * NS_PER_MS}, SyncState.DEGRADED, "8.0 ms is more than 5.0 ms"),
        ({"failed_share": 0.5, "problem": "reset"}, SyncState.DEGRADED, "50% of the probes"),
        ({"is_doubtful": True}, SyncState.DEGRADED, "verified"),
        ({"held_step": 250 * NS_PER_MS}, SyncState.DEGRADED, r"set by +250 ms"),
        ({"fault": "It is started anew."}, SyncState.DEGRADED, "started anew"),
        (
            {"silent_for": 16 * NS_PER_S},
            SyncState.HOLDOVER,
            "silent for 16 s; ± 0.20 ms, reaches 5.0 ms in 4 min 42 s",
        ),
        ({"silent_for": 16 * NS_PER_S, "period": 30 * NS_PER_S}, SyncState.SYNCHRONISED, ""),
        ({"silent_for": 16 * NS_PER_S, "bound": 6 * NS_PER_MS}, SyncState.LOST, "± 6.0 ms"),
        ({"silent_for": 301 * NS_PER_S}, SyncState.LOST, "5 min 1 s"),
        ({"silent_for": 301 * NS_PER_S, "bound_growth": 0.0}, SyncState.LOST, "LAB-MASTER"),
    ],
)
def test_a_situation_has_a_state_and_says_why(
    changes: dict[str, object], state: SyncState, words: str
) -> None:
    found, text = judged(replace(GOOD, **changes))  # type: ignore[arg-type]
    assert found is state
    assert words in text
    assert bool(words) == bool(text)


def test_numbers_are_as_exact_as_one_can_read() -> None:
    assert [milliseconds(n) for n in (180_000, 7_940_000, 250_000_000)] == ["0.18 ms", "7.9 ms", "250 ms"]
    assert [signed(n) for n in (8_000_000, -8_000_000)] == ["+8.0 ms", "\u22128.0 ms"]
    assert [in_words(n * NS_PER_S) for n in (42, 60, 273, 3600, 7800)] == [
        *("42 s", "1 min", "4 min 33 s", "1 h", "2 h 10 min"),
    ]
