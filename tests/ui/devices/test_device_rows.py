"""What the lines of the devices list say in every situation a user can meet."""

from dataclasses import replace

import pytest

from studio.app.status import DeviceStatus, LiveView, RecorderState, RecorderStatus, StreamStatus
from studio.devices.device import DeviceInfo, DeviceKind, DeviceState
from studio.formats.payload import PayloadKind, StreamFormat
from studio.ui.devices.device_book import DeviceBook
from studio.ui.devices.device_rows import LOCKED_HINT, DeviceRow, device_rows

MICROPHONE = DeviceInfo(id="microphone:a", name="A", kind=DeviceKind.MICROPHONE, detail="48 kHz, 1 channel")
CAMERA = DeviceInfo(id="camera:0", name="Camera", kind=DeviceKind.CAMERA)
BOOK = DeviceBook(found=(MICROPHONE, CAMERA), ticked=frozenset({MICROPHONE.id}))
SOUND = StreamStatus(
    name="A",
    format=StreamFormat(PayloadKind.AUDIO, rate=48000),
    produced=96000,
    rate=48001.2,
    level=-18.0,
    last_time=1,
)
PICTURES = StreamStatus(
    name="Camera",
    format=StreamFormat(PayloadKind.IMAGE, width=1280, height=720, rate=30),
    rate=29.97,
    live=LiveView(path="ring", kind="frames"),
)


def status(state: RecorderState, *devices: DeviceStatus) -> RecorderStatus:
    return RecorderStatus(state=state, time=1, devices=devices)


def sounding(state: DeviceState = DeviceState.RUNNING, stream: StreamStatus = SOUND) -> DeviceStatus:
    return DeviceStatus(id=MICROPHONE.id, name="A", kind=MICROPHONE.kind, state=state, streams=(stream,))


def row(rows: tuple[DeviceRow, ...], device_id: str) -> DeviceRow:
    return next(found for found in rows if found.id == device_id)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_before_the_recorder_answers_the_choice_is_shown() -> None:
    microphone, camera = device_rows(BOOK, None)
    assert (microphone.ticked, camera.ticked) == (True, False)
    assert (microphone.detail, camera.detail) == ("48 kHz, 1 channel", "off")
    assert microphone.has_level
    assert not camera.has_picture
    assert not microphone.locked


def test_a_living_microphone_shows_rate_and_level() -> None:
    found = row(device_rows(BOOK, status(RecorderState.PREVIEW, sounding())), MICROPHONE.id)
    assert plain(found.detail) == "live \u00b7 48 kHz"
    assert (found.state_role, found.level, found.dropped) == ("ok", -18.0, 0)


def test_a_living_camera_shows_size_rate_and_where_its_picture_is() -> None:
    camera = DeviceStatus(
        id=CAMERA.id, name="Camera", kind=CAMERA.kind, state=DeviceState.RUNNING, streams=(PICTURES,)
    )
    book = BOOK.with_tick(CAMERA.id, True)
    found = row(device_rows(book, status(RecorderState.PREVIEW, camera)), CAMERA.id)
    assert plain(found.detail) == "live \u00b7 1280\u00d7720 \u00b7 30.0 fps"
    assert found.picture == LiveView(path="ring", kind="frames")


@pytest.mark.parametrize("state", [DeviceState.LOST, DeviceState.OPENING, DeviceState.STALLED])
def test_a_device_that_is_not_well_shows_no_rate_and_no_picture(state: DeviceState) -> None:
    device = replace(sounding(state), message="The microphone 'A' stopped answering.")
    found = row(device_rows(BOOK, status(RecorderState.PREVIEW, device)), MICROPHONE.id)
    assert "kHz" not in found.detail
    assert found.state_role == ("warning" if state is DeviceState.OPENING else "error")
    assert "stopped answering" in found.tooltip
    assert found.picture is None


def test_drops_of_all_streams_are_added_and_told_apart_in_the_tooltip() -> None:
    streams = (replace(SOUND, dropped=3, gaps=1), replace(SOUND, name="A/second", dropped=4))
    device = replace(sounding(), streams=streams)
    found = row(device_rows(BOOK, status(RecorderState.RECORDING, device)), MICROPHONE.id)
    assert found.dropped == 7
    assert "A/second" in found.tooltip
    assert "1 gaps" in found.tooltip


def test_the_account_of_a_stream_that_is_recorded_is_in_the_tooltip() -> None:
    stream = replace(SOUND, stored=90_000, dropped=5_000, refused=4_000)
    found = row(device_rows(BOOK, status(RecorderState.RECORDING, sounding(stream=stream))), MICROPHONE.id)
    assert (
        "96,000 samples, 90,000 stored, 1,000 on the way, 5,000 dropped (4,000 for want of speed or room)"
        in plain(found.tooltip).replace("\u202f", ",")
    )


def test_while_recording_every_row_is_locked_and_says_why() -> None:
    rows = device_rows(BOOK, status(RecorderState.RECORDING, sounding()))
    assert all(found.locked and LOCKED_HINT in found.tooltip for found in rows)


def test_a_recording_met_at_the_start_shows_what_it_records_not_what_was_ticked() -> None:
    other = DeviceStatus(id="camera:9", name="Nine", kind=DeviceKind.CAMERA, state=DeviceState.RUNNING)
    rows = device_rows(BOOK, status(RecorderState.RECORDING, other))
    assert [(found.id, found.ticked) for found in rows] == [
        (MICROPHONE.id, False),
        (CAMERA.id, False),
        ("camera:9", True),
    ]


def test_an_unticked_device_that_the_preview_still_runs_is_shown_as_off() -> None:
    book = BOOK.with_tick(MICROPHONE.id, False)
    found = row(device_rows(book, status(RecorderState.PREVIEW, sounding())), MICROPHONE.id)
    assert not found.ticked
    assert found.state_role == "muted"


def test_many_channels_and_events_are_said_in_their_own_way() -> None:
    imu = DeviceInfo(id="imu", name="IMU", kind=DeviceKind.SIGNAL)
    keys = DeviceInfo(id="keys", name="Keys", kind=DeviceKind.EVENTS)
    book = DeviceBook(found=(imu, keys), ticked=frozenset({"imu", "keys"}))
    axes = StreamStatus(name="IMU", format=StreamFormat(PayloadKind.SAMPLES, channels=3), rate=100)
    presses = StreamStatus(name="Keys", format=StreamFormat(PayloadKind.EVENT), produced=12)
    running = DeviceState.RUNNING
    rows = device_rows(
        book,
        status(
            RecorderState.PREVIEW,
            DeviceStatus(id="imu", name="IMU", kind=imu.kind, state=running, streams=(axes,)),
            DeviceStatus(id="keys", name="Keys", kind=keys.kind, state=running, streams=(presses,)),
        ),
    )
    assert plain(rows[0].detail) == "live \u00b7 3 \u00d7 100 Hz"
    assert plain(rows[1].detail) == "live \u00b7 12 events"
