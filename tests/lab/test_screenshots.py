"""The pictures show every kind of panel; the windows that take them are tried by the command itself."""

from studio.app.preflight.card import PreflightPhase, Verdict
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import RecordingInfo, StreamInfo
from studio.timing.sync_status import SyncState
from studio.ui.panels.panel_plan import PanelKind
from tests.lab.clock_scenes import SCENES
from tests.lab.panel_pictures import plans_for
from tests.lab.preflight_scenes import SCENES as PREFLIGHTS

NAMES = ("Simulated microphone", "Simulated camera", "Simulated signal", "IMU/accelerometer")


def test_every_kind_of_panel_has_a_picture_of_its_own_name() -> None:
    streams = tuple(StreamInfo(name, StreamFormat(PayloadKind.SCALAR)) for name in NAMES)
    info = RecordingInfo("/a.h5", "a", 0, "", True, False, False, 0, 1, 0, streams)
    plans = plans_for((info,))
    assert {plan.kind for plan in plans.values()} == set(PanelKind)
    assert {kind.value for kind in PanelKind} <= set(plans)


def test_every_state_of_the_clock_has_a_picture() -> None:
    states = {scene.clock.sync.state for scene in SCENES.values() if scene.clock is not None}
    assert states == set(SyncState)


def test_every_end_of_a_preflight_has_a_picture() -> None:
    there = [status for status in PREFLIGHTS.values() if status is not None]
    assert {status.phase for status in there} == set(PreflightPhase)
    assert {status.card.verdict for status in there if status.card is not None} == set(Verdict)
