"""What is said when a recording is behind: once for each reason, with what to do, and when it is over."""

import pytest

from studio.app.backlog import (
    ABREAST_BELOW,
    BEHIND_AFTER,
    LOSS_REASONS,
    BacklogWatch,
    behind_words,
    losing_text,
)
from studio.app.problems import ProblemList
from studio.app.status import HeldUp, Severity
from studio.store.layout import LOSS_DTYPE
from studio.timing import NS_PER_S, SystemClock

WAITING = 34_000_000


@pytest.fixture
def problems() -> ProblemList:
    return ProblemList(SystemClock())


def told(problems: ProblemList) -> list[tuple[Severity, str]]:
    return [(problem.severity, problem.text) for problem in problems.newest]


def test_a_slow_disk_is_said_once_and_taken_back(problems: ProblemList) -> None:
    watch = BacklogWatch()
    for lag in (0, BEHIND_AFTER - 1, BEHIND_AFTER, 9 * NS_PER_S, ABREAST_BELOW, ABREAST_BELOW - 1, 0):
        watch.look(lag, WAITING, HeldUp.BY_DISK, problems)
    (slow, slow_text), (fast, fast_text) = told(problems)
    assert (slow, fast) == (Severity.WARNING, Severity.NOTE)
    assert "The disk is slow" in slow_text
    assert "34.0 MB wait in memory" in slow_text
    assert "The disk keeps up again" in fast_text
    assert watch.held_up is HeldUp.NOT


def test_who_is_short_of_processors_is_not_sent_to_look_for_another_disk(problems: ProblemList) -> None:
    watch = BacklogWatch()
    watch.look(BEHIND_AFTER, WAITING, HeldUp.BY_PROCESSORS, problems)
    watch.look(0, 0, HeldUp.SOMEHOW, problems)
    (_, text), (_, over) = told(problems)
    assert "The processors are all busy" in text
    assert "Close other programs" in text
    assert "disk" not in text + over


def test_a_reason_that_is_found_later_is_said_too_but_no_doubt_after_certainty(problems: ProblemList) -> None:
    watch = BacklogWatch()
    found = (HeldUp.SOMEHOW, HeldUp.SOMEHOW, HeldUp.BY_PROCESSORS, HeldUp.SOMEHOW, HeldUp.BY_DISK)
    for verdict in (*found, *found):
        watch.look(BEHIND_AFTER, WAITING, verdict, problems)
        assert watch.held_up is verdict
    watch.look(0, 0, HeldUp.SOMEHOW, problems)
    texts = [text.split(":")[0] for _, text in told(problems)]
    assert texts == [
        "This machine does not keep up",
        "The processors are all busy",
        "The disk is slow",
        "The recording keeps up again; all that waited is written.",
    ]


@pytest.mark.parametrize("verdict", [each for each in HeldUp if each is not HeldUp.NOT])
def test_every_verdict_has_its_words_and_a_remedy(verdict: HeldUp, problems: ProblemList) -> None:
    BacklogWatch().look(BEHIND_AFTER, WAITING, verdict, problems)
    (_, text), losing = told(problems)[0], losing_text(verdict, "video", 7)
    assert text.startswith(behind_words(verdict))
    for said in (text, losing):
        assert ("isk" in said) >= (verdict in (HeldUp.BY_DISK, HeldUp.BY_BOTH))
        assert ("rocessors" in said) >= (verdict in (HeldUp.BY_PROCESSORS, HeldUp.BY_BOTH))
        assert said.endswith(".")
    assert "7 of 'video'" in losing


def test_the_reasons_fit_into_the_loss_account() -> None:
    room = LOSS_DTYPE["reason"].itemsize
    assert all(len(reason.encode()) < room for reason in LOSS_REASONS.values())
    assert len(set(LOSS_REASONS.values())) == len(LOSS_REASONS)
