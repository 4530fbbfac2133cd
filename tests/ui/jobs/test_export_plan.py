"""What the export dialog decides: what fits, how large it gets, what is asked of the job."""

from dataclasses import replace

import pytest

from studio.app.operations.requests import CompactRequest, CopyRequest, ExportFormat, ExportRequest
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import RecordingInfo, StreamInfo
from studio.timing import NS_PER_S, TimeInterval
from studio.ui.jobs import export_plan
from studio.ui.jobs.export_plan import COMPACT, ExportPlan

SOUND = StreamInfo(
    "sound",
    StreamFormat(PayloadKind.AUDIO, "int16", rate=8000.0),
    message_count=100,
    sample_count=80_000,
    byte_count=160_000,
    first_time=0,
    last_time=10 * NS_PER_S,
)
CAMERA = replace(SOUND, name="camera", format=StreamFormat(PayloadKind.JPEG), byte_count=1_000_000)
NOTES = replace(SOUND, name="notes", format=StreamFormat(PayloadKind.EVENT), byte_count=500)
INFO = RecordingInfo(
    path="/data/s/take.h5",
    name="take",
    created=0,
    machine="m",
    clean=True,
    recovered=False,
    live=False,
    first_time=0,
    last_time=10 * NS_PER_S,
    byte_size=2_000_000,
    streams=(SOUND, CAMERA, NOTES),
)
HALF = TimeInterval(0, 5 * NS_PER_S)


def test_a_crop_asks_for_the_selection_beside_the_recording() -> None:
    plan = ExportPlan(INFO, selection=HALF, use_selection=True)
    request = plan.request()
    assert isinstance(request, CopyRequest)
    assert (request.selection.interval, request.selection.streams) == (HALF, None)
    assert request.target == "/data/s/take cut.h5"
    assert plan.title == "Crop take"
    whole = plan.changed(use_selection=False)
    assert whole.request().selection.interval == TimeInterval.INFINITE
    assert whole.expected_bytes == pytest.approx(2 * plan.expected_bytes, rel=0.01)


def test_streams_that_do_not_fit_are_left_out_and_their_ticks_are_kept() -> None:
    plan = ExportPlan(INFO, "wav", unticked=frozenset({"notes"}))
    assert [stream.name for stream in plan.streams] == ["sound"]
    request = plan.request()
    assert isinstance(request, ExportRequest)
    assert (request.format, request.selection.streams) == (ExportFormat.WAV, None)
    assert request.target == "/data/s/take wav"
    table = plan.changed(choice="csv")
    assert table.request().selection.streams == ("sound", "camera")


def test_names_and_folders_are_taken_as_typed_as_far_as_disks_allow() -> None:
    plan = ExportPlan(INFO, "mp4", folder="/elsewhere", name="P03: first/take")
    assert plan.target == "/elsewhere/P03_ first_take.mp4"
    assert isinstance(plan.changed(choice=COMPACT).request(), CompactRequest)


def test_what_is_made_is_called_as_the_session_unless_a_name_is_typed() -> None:
    plan = ExportPlan(INFO, "mp4", suggested="P03: second try")
    assert plan.target == "/data/s/P03_ second try film.mp4"
    assert plan.changed(name="mine").target == "/data/s/mine.mp4"
    assert plan.changed(suggested="...").target == "/data/s/take film.mp4"


def test_what_cannot_be_done_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = ExportPlan(INFO)
    assert plan.problem(None) == ""
    assert "may be used there" in plan.problem(1000)
    assert "No stream" in plan.changed(unticked=frozenset({"sound", "camera", "notes"})).problem(None)
    assert "needs a stream of pictures" in plan.changed(choice="mp4", unticked=frozenset({"camera"})).problem(
        None
    )
    monkeypatch.setattr(export_plan, "is_installed", lambda _: False)
    assert "pip install 'studio[media]'" in plan.changed(choice="wav").problem(None)
