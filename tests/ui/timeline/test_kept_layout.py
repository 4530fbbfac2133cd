"""A layout is kept by names and finds the same streams in another session; damaged ones break nothing."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import RecordingInfo, StreamInfo, StreamRef
from studio.ui.panels.panel_plan import LineStyle, PanelKind, PanelOptions, PanelPlan
from studio.ui.settings.kept_layouts import MOST_LAST, KeptLayouts
from studio.ui.timeline.kept_layout import bound, kept, key_of
from studio.ui.timeline.session import Session
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("qapp")  # timers need it

NUMBERS = StreamFormat(PayloadKind.SAMPLES, "float32", 3)


def partition(path: str, *names: str) -> RecordingInfo:
    streams = tuple(StreamInfo(name, NUMBERS, message_count=1, first_time=1, last_time=2) for name in names)
    return RecordingInfo(path, Path(path).stem, 0, "", True, False, False, 1, 2, 0, streams)


FIRST = Session((partition("/a/P01.h5", "imu", "hand/left"), partition("/a/motion.h5", "energy")))
SECOND = Session((partition("/b/P02.h5", "imu", "hand/left"), partition("/b/motion.h5", "energy")))
PLANS = (
    PanelPlan(
        PanelKind.CURVES,
        (StreamRef("/a/P01.h5", "imu"), StreamRef("/a/motion.h5", "energy")),
        height=180,
        options=PanelOptions(low=-1.5, line=LineStyle.STEP),
    ),
    PanelPlan(PanelKind.RATE, (StreamRef("/a/P01.h5", "hand/left"),), hidden=True),
)


def through_json(plans: tuple[PanelPlan, ...], session: Session) -> object:
    return json.loads(json.dumps(kept(plans, session)))


def test_the_same_session_gets_the_same_panels() -> None:
    assert bound(through_json(PLANS, FIRST), FIRST) == PLANS


def test_another_session_gets_them_for_its_own_streams() -> None:
    plans = bound(through_json(PLANS, FIRST), SECOND)
    assert plans[0].streams == (StreamRef("/b/P02.h5", "imu"), StreamRef("/b/motion.h5", "energy"))
    assert plans[1].streams == (StreamRef("/b/P02.h5", "hand/left"),)
    assert (plans[0].height, plans[0].options, plans[1].hidden) == (180, PLANS[0].options, True)


def test_rows_are_kept_and_layouts_that_know_none_are_read() -> None:
    refs = (StreamRef("/a/P01.h5", "imu"), StreamRef("/a/P01.h5", "hand/left"))
    plans = tuple(
        PanelPlan(PanelKind.TEXT, (ref,), beside=bool(n), share=1200 * n) for n, ref in enumerate(refs)
    )
    layout = through_json(plans, FIRST)
    assert bound(layout, FIRST) == plans
    assert [(plan.beside, plan.share) for plan in bound(layout, SECOND)] == [(False, 0), (True, 1200)]
    older = [{"kind": "text", "streams": [["P01", 0, "imu"]], "height": 0, "hidden": False, "options": {}}]
    assert bound(older, FIRST) == (PanelPlan(PanelKind.TEXT, (refs[0],)),)
    odd = [{**older[0], "beside": 1, "share": -3}, {**older[0], "share": "wide"}]
    assert all((plan.beside, plan.share) == (False, 0) for plan in bound(odd, FIRST))


def test_a_partition_is_found_by_its_name_before_its_place() -> None:
    turned = Session((partition("/c/motion.h5", "energy", "imu"), partition("/c/P01.h5", "imu")))
    plans = bound(through_json(PLANS, FIRST), turned)
    assert plans[0].streams == (StreamRef("/c/P01.h5", "imu"), StreamRef("/c/motion.h5", "energy"))


def test_what_a_session_does_not_have_is_kept_and_comes_back() -> None:
    poor = Session((partition("/d/P03.h5", "imu"),))
    plans = bound(through_json(PLANS, FIRST), poor)
    assert [poor.stream(ref) is not None for plan in plans for ref in plan.streams] == [True, False, False]
    assert bound(through_json(plans, poor), FIRST) == PLANS


def test_sessions_with_the_same_streams_have_the_same_key() -> None:
    assert key_of(FIRST) == key_of(SECOND)
    assert key_of(FIRST) != key_of(Session((partition("/a/P01.h5", "imu"),)))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["kind", "streams", "height", "hidden", "options", "low", "line", "beside", "share"]
            ),
            inner,
        )
    ),
    max_leaves=12,
)


@given(anything)
def test_whatever_stands_in_the_file_makes_panels_or_none(found: object) -> None:
    for plan in bound(found, FIRST):
        assert isinstance(plan, PanelPlan)
    assert isinstance(bound([found], FIRST), tuple)
    assert isinstance(bound([{"kind": "curves", "streams": found}], FIRST), tuple)


# The file ---------------------------------------------------------------------------------------------------


def layouts(place: Path) -> KeptLayouts:
    made = KeptLayouts(lambda: place)
    made.load()
    return made


def test_layouts_are_there_again_at_the_next_start(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "layouts.json"
    one = layouts(place)
    one.keep_last("key", ["a"])
    one.keep_named("Gait", ["b"])
    one.save()
    again = layouts(place)
    assert (again.last("key"), again.named("Gait"), again.names) == (["a"], ["b"], ("Gait",))
    again.keep_named("Gait", None)
    assert layouts(place).names == ()


def test_a_damaged_file_is_put_aside_and_told(tmp_path: Path) -> None:
    place = tmp_path / "layouts.json"
    place.write_text('{"last": {', encoding="utf-8")
    made = KeptLayouts(lambda: place)
    told: list[str] = []
    made.failed.connect(told.append)
    made.load()
    assert "layouts.json.damaged" in told[0]
    assert (tmp_path / "layouts.json.damaged").read_text(encoding="utf-8") == '{"last": {'


def test_what_a_newer_studio_keeps_there_stays(tmp_path: Path) -> None:
    place = tmp_path / "layouts.json"
    place.write_text('{"last": [], "later": 5}', encoding="utf-8")
    made = layouts(place)
    made.keep_named("x", [])
    assert json.loads(place.read_text(encoding="utf-8"))["later"] == 5


def test_only_so_many_are_remembered_and_the_newest_stay(tmp_path: Path) -> None:
    made = layouts(tmp_path / "layouts.json")
    for number in range(MOST_LAST + 5):
        made.keep_last(str(number), [number])
    made.keep_last("5", ["again"])
    made.keep_last("new", [])
    assert made.last("0") is None
    assert made.last("5") == ["again"]
    made.save()


WRITER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from studio.ui.settings.kept_layouts import KeptLayouts
application = QCoreApplication([])
layouts = KeptLayouts(lambda: Path(sys.argv[1]))
number = 0
while True:
    number += 1
    layouts.keep_named("all", [number] * 2000)
"""


def test_a_kill_in_the_middle_leaves_one_whole_layout(tmp_path: Path) -> None:
    place = tmp_path / "layouts.json"
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(place)])
    try:
        wait_until(place.exists, timeout_s=20)
        first = place.read_text(encoding="utf-8")
        wait_until(lambda: place.read_text(encoding="utf-8") != first, timeout_s=20)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    numbers = layouts(place).named("all")
    assert len(numbers) == 2000
    assert len(set(numbers)) == 1
