"""A batch: one step after another, those that fail hold up nobody, and Cancel ends all that waits."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from studio.app.operations.progress import Outcome
from studio.app.operations.requests import CompactRequest, Selection, VerifyRequest
from studio.app.status import Severity
from studio.host.job_client import JobClient
from studio.timing import SystemClock
from studio.ui.jobs.batch import Batch, Cancel, State, Step, Told
from studio.ui.jobs.batch_panel import BatchPanel
from studio.ui.jobs.batches import SHOW_BATCH, Batches
from studio.ui.jobs.job_strip import JobStrip
from studio.ui.jobs.jobs import Jobs, JobView
from studio.ui.messages import Messages
from studio.ui.theme import Theme
from tests.app.operations.recordings import record
from tests.store.recordings import small_recording

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it


class Desk:
    """A queue of batches with its strip."""

    def __init__(self, qtbot: QtBot, application: QApplication) -> None:
        self.theme = Theme("dark", application)
        self.client = JobClient(grace_s=0.5)
        self.widget = QWidget()
        qtbot.addWidget(self.widget)
        self.messages = Messages(SystemClock(), self.widget)
        self.jobs = Jobs(self.client, self.messages, self.widget)
        self.batches = Batches(self.jobs, self.messages, self.widget)
        self.strip = JobStrip(self.theme, self.jobs, self.widget)
        self.widget.show()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    made = Desk(qtbot, qapp)
    yield made
    made.client.close()


class Handwork:
    """A step that the test ends by hand."""

    def __init__(self, name: str, weight: float = 1.0) -> None:
        self.told: list[Told] = []
        self.cancels = 0
        self.step = Step(name, self._begin, weight)

    def _begin(self, told: Told) -> Cancel:
        self.told.append(told)
        return self._cancel

    def _cancel(self) -> None:
        self.cancels += 1
        self.told[0].cancelled()


def states(batch: Batch) -> list[State]:
    return [step.state for step in batch.steps]


def failing(name: str, text: str) -> Step:
    """A step that fails before it has begun."""

    def begin(told: Told) -> Cancel:
        told.failed(text)
        return lambda: pytest.fail("called off although it is over")

    return Step(name, begin)


def test_recordings_are_verified_one_after_another_and_one_that_cannot_holds_up_nobody(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    files = [tmp_path / "none.h5", small_recording(tmp_path / "a.h5")]
    batch = desk.batches.start(
        "Verify 2 sessions",
        [desk.batches.job_step(file.stem, VerifyRequest(str(file)), 1.0) for file in files],
    )
    panel = BatchPanel(desk.theme, batch, desk.widget)
    panel.show()
    seen: list[JobView] = []
    batch.changed.connect(seen.append)
    details = desk.strip.findChild(QToolButton, "job_details")
    assert isinstance(details, QToolButton)
    assert details.isVisible()
    with qtbot.waitSignal(desk.batches.finished, timeout=60_000):
        pass
    assert states(batch) == [State.FAILED, State.DONE]
    shares = [view.done for view in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert any("2 of 2: a" in view.text for view in seen)
    shown = desk.messages.log.shown
    assert shown is not None
    assert (shown.severity, shown.action, shown.target) == (
        Severity.WARNING,
        SHOW_BATCH,
        str(batch.number),
    )
    assert "1 done, 1 failed" in shown.text
    model = panel.table.model()
    assert model.index(0, 0).data() == "none"
    assert "there is no file" in model.index(0, 2).data()
    cancel = panel.findChild(QPushButton, "batch_cancel")
    assert isinstance(cancel, QPushButton)
    assert not cancel.isVisible()
    with qtbot.waitSignal(desk.batches.wanted) as wanted:
        desk.batches.take_message_action(SHOW_BATCH, str(batch.number))
    assert wanted.args == [batch]
    assert desk.jobs.running == ()


def test_the_share_of_a_step_is_its_size(desk: Desk, qtbot: QtBot) -> None:
    small, large = Handwork("small", 1.0), Handwork("large", 3.0)
    batch = desk.batches.start("Work", [small.step, large.step])
    qtbot.waitUntil(lambda: bool(small.told))
    small.told[0].finished(Outcome((), "good"))
    qtbot.waitUntil(lambda: bool(large.told))
    assert batch.view.done == 0.25
    large.told[0].progress(0.5, "half")
    assert batch.view.done == 0.625
    small.told[0].failed("too late to count")
    assert states(batch) == [State.DONE, State.RUNNING]
    large.told[0].finished(Outcome((), "made", ("a remark",), is_good=False))
    qtbot.waitUntil(lambda: batch.is_over)
    assert batch.steps[1].text == "made a remark"
    assert batch.summary == "1 done, 1 faults found"


def test_cancel_calls_off_what_runs_and_what_waits_and_the_next_batch_begins(
    desk: Desk, qtbot: QtBot
) -> None:
    first, second, later = Handwork("first"), Handwork("second"), Handwork("later")
    batch = desk.batches.start("Work", [first.step, second.step])
    behind = desk.batches.start("More work", [later.step])
    qtbot.waitUntil(lambda: bool(first.told))
    assert not later.told
    assert "waits" in behind.view.text
    assert [work.view.title for work in desk.jobs.running] == ["Work", "More work"]
    batch.cancel()
    qtbot.waitUntil(lambda: bool(later.told))
    assert states(batch) == [State.CANCELLED, State.CANCELLED]
    assert (first.cancels, second.told) == (1, [])
    later.told[0].finished(Outcome((), "good"))
    qtbot.waitUntil(lambda: desk.jobs.running == ())


def test_cancel_ends_the_real_job_that_runs_keeps_what_was_made_and_begins_nothing_more(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    short, long, never = (tmp_path / f"{name}.h5" for name in ("short", "long", "never"))
    record(short, 0.5)
    record(long, 40.0)
    record(never, 0.5)

    def compacting(path: Path) -> Step:
        target = str(path.with_name(f"{path.stem} compact.h5"))
        request = CompactRequest(Selection(str(path)), target, 9)
        return desk.batches.job_step(path.stem, request, path.stat().st_size)

    batch = desk.batches.start("Compact", [compacting(path) for path in (short, long, never)])
    panel = BatchPanel(desk.theme, batch)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: states(batch)[0] is State.DONE, timeout=60_000)
    begun = batch.view.done
    qtbot.waitUntil(lambda: batch.view.done > begun + 0.01, timeout=60_000)
    cancel = panel.findChild(QPushButton, "batch_cancel")
    assert isinstance(cancel, QPushButton)
    with qtbot.waitSignal(batch.ended, timeout=60_000):
        cancel.click()
    assert states(batch) == [State.DONE, State.CANCELLED, State.CANCELLED]
    assert batch.summary == "1 done, 2 cancelled"
    names = sorted(path.name for path in tmp_path.glob("*.h5"))
    assert names == ["long.h5", "never.h5", "short compact.h5", "short.h5"]
    shown = desk.messages.log.shown
    assert shown is not None
    assert (shown.severity, shown.text) == (Severity.NOTE, "Compact: 1 done, 2 cancelled.")
    qtbot.waitUntil(lambda: desk.jobs.running == () and desk.strip.isHidden())


def test_a_batch_that_waits_is_cancelled_without_having_begun(desk: Desk, qtbot: QtBot) -> None:
    first, later = Handwork("first"), Handwork("later")
    desk.batches.start("Work", [first.step])
    behind = desk.batches.start("More work", [later.step])
    behind.cancel()
    assert behind.is_over
    qtbot.waitUntil(lambda: bool(first.told))
    first.told[0].finished(Outcome((), "good"))
    qtbot.waitUntil(lambda: desk.jobs.running == ())
    assert later.told == []


def test_thousands_of_steps_that_fail_at_once_are_all_told(desk: Desk, qtbot: QtBot) -> None:
    begin: Callable[[int], Step] = lambda number: failing(f"session {number}", "it is gone")  # noqa: E731
    batch = desk.batches.start("Work", [begin(number) for number in range(2000)])
    qtbot.waitUntil(lambda: batch.is_over, timeout=60_000)
    assert batch.summary == "2\u202f000 failed"
