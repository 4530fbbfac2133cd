"""What people are told of the clock of a recording, and when the recording ends because of it."""

from dataclasses import replace

import pytest

from studio.app.clock_sync import ClockRole, ClockSettings, ClockSyncStatus, WhenLost
from studio.app.clock_watch import ClockWatch
from studio.app.problems import ProblemList
from studio.app.status import Severity
from studio.timing import NS_PER_MS, SystemClock
from studio.timing.sync_status import Reference, SyncState, SyncStatus

WELL = SyncStatus(
    SyncState.SYNCHRONISED, reference=Reference("10.0.0.2", 11511, "LAB-MASTER"), bound=180_000, answered=40
)


class Told:
    """A watch and what it told."""

    def __init__(self, *, is_followed: bool = True, when_lost: WhenLost = WhenLost.CONTINUE) -> None:
        self.problems = ProblemList(SystemClock())
        self.notes: list[str] = []
        self.watch = ClockWatch(self.problems, self.notes.append, is_followed=is_followed)
        self.settings = ClockSettings(role=ClockRole.FOLLOW, when_lost=when_lost)

    def look(self, sync: SyncStatus, **changes: str) -> bool:
        """Whether the recording shall end."""
        return self.watch.look(ClockSyncStatus(settings=self.settings, sync=sync, **changes))  # type: ignore[arg-type]

    @property
    def texts(self) -> list[str]:
        """What was told; each is in the log of the recording, too."""
        texts = [problem.text for problem in self.problems.newest]
        assert texts == self.notes
        return texts

    @property
    def severities(self) -> list[Severity]:
        """How bad it was."""
        return [problem.severity for problem in self.problems.newest]


def test_of_a_clock_that_is_followed_well_there_is_nothing_to_tell() -> None:
    told = Told()
    assert not any(told.look(WELL) for _ in range(3))
    assert told.texts == []


def test_silence_and_its_end_are_told_once_each() -> None:
    told = Told()
    for state in (SyncState.SYNCHRONISED, SyncState.HOLDOVER, SyncState.HOLDOVER, SyncState.SYNCHRONISED):
        assert not told.look(replace(WELL, state=state))
    assert told.texts == [
        "LAB-MASTER does not tell the time any more. The clock runs on at its last known rate.",
        "LAB-MASTER tells the time again.",
    ]


@pytest.mark.parametrize(
    ("when_lost", "severity", "ends", "words"),
    [
        (WhenLost.CONTINUE, Severity.NOTE, False, "goes on"),
        (WhenLost.WARN, Severity.WARNING, False, "goes on"),
        (WhenLost.STOP, Severity.ERROR, True, "was stopped and closed"),
    ],
)
def test_what_happens_without_a_reference_is_what_was_chosen(
    when_lost: WhenLost, severity: Severity, ends: bool, words: str
) -> None:
    told = Told(when_lost=when_lost)
    told.look(WELL)
    lost = replace(WELL, state=SyncState.LOST, bound=5_400_000)
    assert told.look(lost) is ends
    assert told.look(lost) is False, "once is enough"
    assert told.severities[-1] is severity
    assert words in told.texts[-1]
    assert "5.4 ms" in told.texts[-1]


def test_a_reference_that_was_set_is_told_once_per_step() -> None:
    told = Told()
    told.look(WELL)
    for step in (250, 250, -40, 0):
        told.look(replace(WELL, state=SyncState.DEGRADED, held_step=step * NS_PER_MS))
    assert [text.partition(" meanwhile")[0] for text in told.texts] == [
        "The clock of LAB-MASTER was set by +250 ms",
        "The clock of LAB-MASTER was set by \u221240 ms",
    ]


def test_a_recording_that_began_without_an_offset_says_so_and_nothing_more() -> None:
    told = Told(is_followed=False, when_lost=WhenLost.STOP)
    assert not told.look(SyncStatus(SyncState.CONNECTING, "No reply yet."))
    assert not told.look(WELL)
    assert not told.look(replace(WELL, state=SyncState.LOST))
    assert len(told.texts) == 1
    assert "(No reply yet)" in told.texts[0]
    assert "this machine's own clock" in told.texts[0]


def test_a_recording_that_was_begun_despite_the_gate_says_so() -> None:
    told = Told()
    told.look(
        replace(WELL, bound=9 * NS_PER_MS), gate="Not synchronised well enough: \u00b1 9 ms, limit 5 ms."
    )
    assert told.texts == [
        "The recording began despite its clock. Not synchronised well enough: \u00b1 9 ms, limit 5 ms."
    ]


def test_who_follows_nobody_hears_nothing() -> None:
    told = Told()
    told.settings = ClockSettings(role=ClockRole.REFERENCE)
    assert not told.look(SyncStatus(SyncState.ERROR, "The port is taken."))
    assert told.texts == []
