"""Streams to be ticked: thousands are filtered, ticked and told without a widget for each."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import RecordingInfo, StreamInfo
from studio.timing import NS_PER_S, monotonic_ns
from studio.ui.jobs.export_plan import ExportPlan
from studio.ui.jobs.stream_choice import StreamChoice
from tests.store.recordings import SCALAR, T0

CHECKED, UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked
CHECK_ROLE = Qt.ItemDataRole.CheckStateRole
MANY = 20_000
TEXT = StreamFormat(PayloadKind.STRING)


def streams(count: int) -> tuple[StreamInfo, ...]:
    """Every tenth is of words."""
    return tuple(
        StreamInfo(f"unit {number % 7}.channel {number}", TEXT if number % 10 == 0 else SCALAR)
        for number in range(count)
    )


def is_scalar(stream: StreamInfo) -> bool:
    return stream.format is SCALAR


def test_thousands_are_filtered_and_ticked_together(qtbot: QtBot) -> None:
    choice, found = StreamChoice(), streams(MANY)
    qtbot.addWidget(choice)
    told: list[frozenset[str]] = []
    choice.changed.connect(told.append)
    choice.show_streams(found, frozenset(), is_scalar)
    assert choice.ticks.rowCount() == MANY
    assert told == []
    choice.filter.setText("3.CHANNEL 1234")
    names = [choice.ticks.index(row).data().split("   ")[0] for row in range(choice.ticks.rowCount())]
    assert names == [s.name for s in found if "3.channel" in s.name and "1234" in s.name]
    choice._none.click()
    assert told[-1] == {s.name for s in found if s.name in names and is_scalar(s)}
    choice.filter.clear()
    assert choice.ticks.amounts == (MANY - MANY // 10 - len(told[-1]), MANY - MANY // 10)
    first = choice.ticks.index(1)
    assert choice.ticks.setData(first, UNCHECKED.value, CHECK_ROLE)
    assert first.data(CHECK_ROLE) is UNCHECKED
    assert found[1].name in told[-1]
    assert not choice.ticks.flags(choice.ticks.index(0)) & Qt.ItemFlag.ItemIsEnabled


def test_a_tick_among_thousands_is_answered_at_once(qtbot: QtBot) -> None:
    info = RecordingInfo("/r.h5", "r", T0, "m", True, False, False, T0, T0, 1, streams(MANY))
    plan, choice = ExportPlan(info, "csv"), StreamChoice()
    qtbot.addWidget(choice)
    begun = monotonic_ns()
    choice.show_streams(info.streams, plan.unticked, plan.takes)
    plan = plan.changed(unticked=frozenset({"unit 0.channel 0"}))
    assert plan.problem(10**9) == ""
    assert plan.expected_bytes >= 0
    assert monotonic_ns() - begun < 10 * NS_PER_S  # a tenth of a second on a free machine
