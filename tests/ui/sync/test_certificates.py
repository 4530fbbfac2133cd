"""How exact a recorded session is, in the inspector of sessions."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from studio.app.answers import RecordedClock
from studio.app.browse import Browser
from studio.app.session_entries import PartitionEntry, SessionEntry
from studio.host.protocol import ReadClock
from studio.timing.clock_summary import ClockSummary
from studio.ui.sync.certificate_box import MOST, Certificate, CertificateBox, main_figure
from studio.ui.sync.sync_plot import SyncPlot
from studio.ui.theme import Theme
from tests.store.clock_logs import followed, whole
from tests.ui.sync.test_clock_texts import plain
from tests.ui.sync.test_clock_window import ClockStudio, studio

__all__ = ["studio"]
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> RecordedClock:
    path = followed(tmp_path_factory.mktemp("certificates") / "vm.h5", whole(40), 40)
    browser = Browser()
    (clock,) = browser.read_clock(str(path))
    browser.close()
    return clock


@pytest.fixture
def box(qtbot: QtBot) -> Iterator[CertificateBox]:
    made = CertificateBox(Theme("dark"))
    made.resize(320, 600)
    made.show()
    yield made
    made.deleteLater()
    qtbot.waitUntil(lambda: not isValid(made))


def words(box: CertificateBox) -> str:
    shown = (label.text() for label in box.findChildren(QLabel) if label.isVisible())
    return plain("\n".join(shown))


def test_a_recording_that_followed_says_how_exact_and_draws_it(
    box: CertificateBox, recorded: RecordedClock
) -> None:
    box.show_certificates((Certificate("vm", recorded),))
    assert "It followed LAB-MASTER" in words(box)
    assert "\u00b1 " in words(box)
    (plot,) = box.findChildren(SyncPlot)
    assert "bound from" in plot.accessibleDescription()
    assert not box.grab().isNull()


def test_titles_stand_there_only_where_there_are_several(
    box: CertificateBox, recorded: RecordedClock
) -> None:
    box.show_certificates((Certificate("left", recorded), Certificate("right", recorded)))
    assert "left" in words(box)
    box.show_certificates((Certificate("left", recorded),))
    assert "left" not in words(box)
    box.show_certificates(tuple(Certificate(f"p{n}", recorded) for n in range(3 * MOST)))
    box.show_certificates(())
    assert words(box) == ""


@pytest.mark.parametrize(
    ("summary", "bound", "kind"),
    [
        (ClockSummary("reference"), "", "The reference itself"),
        (ClockSummary("own"), "", "This machine's own clock"),
        (ClockSummary("following", bound_max=178_000), "\u00b1 178 \u00b5s", "guaranteed throughout"),
        (
            ClockSummary("following", bound_max=178_000, unknown_s=60.0),
            "\u00b1 178 \u00b5s",
            "guaranteed, but not throughout",
        ),
        (
            ClockSummary("following", bound_max=178_000, doubtful=((1, 2),)),
            "\u00b1 178 \u00b5s",
            "guaranteed, but not throughout",
        ),
        (ClockSummary("following"), "", "Nothing is guaranteed"),
    ],
)
def test_what_is_guaranteed_is_said_first(summary: ClockSummary, bound: str, kind: str) -> None:
    said, what = main_figure(RecordedClock(summary, None))
    assert (plain(said), what) == (bound, kind)


def test_the_certificate_of_a_picked_session_is_asked_for_while_somebody_looks(
    studio: ClockStudio,
    recorded: RecordedClock,
    tmp_path: Path,
) -> None:
    def entry(*names: str, live: bool = False) -> SessionEntry:
        parts = tuple(PartitionEntry(str(tmp_path / name), name, live=live, byte_size=5) for name in names)
        return SessionEntry(str(tmp_path), "Study 7", parts)

    def asked() -> int:
        return len([body for body in studio.far_end.bodies() if isinstance(body, ReadClock)])

    panel, dock = studio.window.session_panel, studio.window.sessions_dock
    dock.picked.emit(entry("vm.h5"))
    assert asked() == 0
    panel.show()
    studio.qtbot.waitUntil(lambda: asked() == 1)
    dock.picked.emit(entry("vm.h5"))
    assert asked() == 1  # the same again
    studio.far_end.answer_to(ReadClock(str(tmp_path / "vm.h5")), (recorded,))
    studio.qtbot.waitUntil(panel.clocks.isVisible)
    dock.picked.emit(entry("other.h5", live=True))
    assert not panel.clocks.isVisible()
    assert asked() == 2
    dock.picked.emit(entry("other.h5"))
    assert asked() == 3  # it has ended meanwhile
