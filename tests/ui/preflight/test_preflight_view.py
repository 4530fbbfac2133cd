"""The card says at a glance whether one may record, in words and shapes, and takes its reasons from below."""

import pytest

from studio.app.preflight.card import Verdict
from studio.ui.preflight.preflight_view import COLUMNS, LOOKS, PreflightView, preflight_view
from tests.lab.preflight_scenes import FAILED, SCENES


def test_each_verdict_differs_in_word_icon_and_colour() -> None:
    looks = [LOOKS[verdict] for verdict in Verdict]
    for part in ("word", "icon", "role"):
        assert len({getattr(look, part) for look in looks}) == len(looks)


@pytest.mark.parametrize(
    ("name", "headline", "role", "may_record"),
    [
        ("beginning", "Beginning\u2026", "accent", False),
        ("running", "Trying everything\u2026 6 s left", "accent", False),
        ("passed", "Ready to record", "ok", True),
        ("noted", "Ready to record, with 1 note", "warning", True),
        ("failed", "Not ready: 7 reasons", "error", False),
        ("called-off", "No result", "warning", False),
    ],
)
def test_every_state_has_its_headline(name: str, headline: str, role: str, may_record: bool) -> None:
    view = preflight_view(SCENES[name])
    assert (view.headline, view.role, view.may_record) == (headline, role, may_record)
    assert view.is_running == (name in ("beginning", "running"))
    assert bool(view.report) == (name in ("passed", "noted", "failed"))


def test_each_stream_has_its_line_with_a_figure_in_each_column_then_disk_and_clock() -> None:
    view = preflight_view(SCENES["failed"])
    names = [row.name for row in view.rows]
    assert names[-2:] == ["Disk", "Clock"]
    assert names[4:6] == ["Wrist IMU/accelerometer", "Wrist IMU/gyroscope"]
    assert {len(row.cells) for row in view.rows[:-2]} == {len(COLUMNS) - 1}
    assert [row.look.word for row in view.rows] == ["Fail"] * 4 + ["Pass"] * 2 + ["Fail", "Fail"]
    assert sum(len(row.reasons) for row in view.rows) == len(FAILED.findings)
    camera = view.rows[2]
    assert camera.cells[0] == "14.9 of 30 fps"


def test_while_it_runs_nothing_is_judged() -> None:
    view = preflight_view(SCENES["running"])
    assert {row.look.word for row in view.rows} == {"\u2026"}
    assert 0.3 < view.done < 0.5
    assert isinstance(view, PreflightView)
