"""Of each late round it is told whether the window computed for so long or waited for a processor."""

from studio.timing import NS_PER_MS
from tests.benchmarks.rows_window import BEAT_MS, LATE_MS, why_late
from tests.benchmarks.window_run import Turn

PUNCTUAL = BEAT_MS * NS_PER_MS
LATE = (LATE_MS + 5) * NS_PER_MS


def turn(ended_ms: float, used_ms: float, waited_ms: float) -> Turn:
    return Turn(round(ended_ms * NS_PER_MS), round(used_ms * NS_PER_MS), round(waited_ms * NS_PER_MS))


def test_only_turns_between_when_a_round_was_due_and_when_it_came_count() -> None:
    rounds = [0, PUNCTUAL, PUNCTUAL + LATE, 2 * PUNCTUAL + LATE]
    turns = [
        turn(15, 1, 7),
        turn(31, 1, 7),  # over before the round was due, at 32 ms
        turn(45, 4, 9),
        turn(47, 1, 1),  # in which it came, at 46 ms
        turn(60, 3, 7),
    ]
    told = why_late(rounds, turns)
    assert told == "1 of 3, late by 14.0 ms (10.0 ms waited for a processor, 5.0 computed)"


def test_where_nothing_was_late_there_is_nothing_to_explain() -> None:
    assert why_late([0, PUNCTUAL, 2 * PUNCTUAL], [turn(10, 1, 1)]) == "0 of 2"
