"""Values cross between processes unchanged, and nothing but values does."""

import os
import pickle
import subprocess

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.app.answers import Marks, Picture, ShapesAt
from studio.app.status import (
    DeviceStatus,
    LiveView,
    Problem,
    RecorderState,
    RecorderStatus,
    Severity,
    StreamStatus,
)
from studio.devices.device import DeviceInfo, DeviceKind, DeviceSettings, DeviceState
from studio.errors import LocalProtocolError, RemoteProtocolError
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import RecordingInfo, StreamInfo
from studio.formats.shapes import Line, Points, Rectangle, Shapes, Tag
from studio.formats.signal import SignalWindow
from studio.host.codec import decode, encode, sealed
from studio.host.picture_protocol import ReadShapes
from studio.host.protocol import Failure, Reply, Request, StartRecording

FORMAT = StreamFormat(PayloadKind.AUDIO, dtype="float32", channels=2, channel_names=("l", "r"), rate=48_000)
STATUS = RecorderStatus(
    RecorderState.RECORDING,
    time=2**62,
    devices=(
        DeviceStatus(
            "microphone:a",
            "Mikrofon ä",
            DeviceKind.MICROPHONE,
            DeviceState.LOST,
            "gone",
            (StreamStatus("mic", FORMAT, level=-3.5, live=LiveView("/x/1.ring", "samples")),),
        ),
    ),
    problems=(Problem(1, 5, Severity.ERROR, "The disk is full."),),
)
INFO = RecordingInfo(
    "/a.h5",
    "a",
    1,
    "lab",
    True,
    False,
    False,
    1,
    2,
    3,
    (StreamInfo("s", FORMAT, supplemental={"a": [1, None]}),),
)
DEVICE = DeviceInfo("camera:0", "Camera", DeviceKind.CAMERA, settings=DeviceSettings(rate=30, width=640))


@pytest.mark.parametrize(
    "value",
    [
        STATUS,
        INFO,
        Request(7, StartRecording((DEVICE,), "/folder", name="P03")),
        Failure(3, "no"),
        Reply(1, (INFO,)),
        Request(8, ReadShapes("/a.h5", "faces", 5, 0)),
        ShapesAt(5, 1, Shapes((Rectangle(1, 2, 3, 4, Tag("a", 0.5)), Points(((1, 2),)), Line(())), (8, 9))),
    ],
)
def test_a_value_comes_back_as_it_was(value: object) -> None:
    assert decode(encode(value)) == value


def test_arrays_come_back_as_they_were() -> None:
    window = SignalWindow(np.arange(5), np.full((5, 2), np.nan, np.float32), np.ones((5, 2), np.float32), 2.5)
    back = decode(encode(Reply(1, window))).value
    assert np.array_equal(back.times, window.times)
    assert np.array_equal(back.minimum, window.minimum, equal_nan=True)
    picture = Picture(np.arange(48, dtype=np.uint8).reshape(4, 4, 3)[::2], 1, 4, 4)
    assert np.array_equal(decode(encode(picture)).image, picture.image)
    assert decode(encode(Marks(np.arange(3), ("a",) * 3, np.zeros(3, np.int64), 3))).texts == ("a",) * 3
    assert decode(encode(np.float64(2.5))) == 2.5


def test_nothing_that_does_something_comes_in() -> None:
    for harmful in (os.system, subprocess.Popen, eval, print, np.load, RunAtUnpickling()):
        with pytest.raises(RemoteProtocolError, match="not a value"):
            decode(sealed(pickle.dumps(harmful)))


class RunAtUnpickling:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("true",)


def test_what_cannot_be_sent_is_our_error() -> None:
    with pytest.raises(LocalProtocolError, match="cannot be sent"):
        encode(lambda: None)


@given(st.binary(max_size=200))
def test_garbage_is_a_protocol_error(data: bytes) -> None:
    with pytest.raises(RemoteProtocolError):
        decode(data)


@given(st.data())
def test_a_damaged_message_is_found_before_it_is_read(data: st.DataObject) -> None:
    message = bytearray(encode(STATUS))
    place = data.draw(st.integers(0, len(message) - 1))
    message[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(RemoteProtocolError, match="damaged"):
        decode(bytes(message))


def test_what_is_whole_but_no_pickle_is_a_protocol_error() -> None:
    with pytest.raises(RemoteProtocolError, match="no message"):
        decode(sealed(b"hello"))


def test_an_enum_comes_back_whatever_this_python_would_make_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def as_before_3_11_4(self: DeviceKind, _protocol: int) -> tuple[object, ...]:
        return getattr, (type(self), self.name)

    monkeypatch.setattr(DeviceKind, "__reduce_ex__", as_before_3_11_4)
    assert decode(encode(DeviceKind.CAMERA)) is DeviceKind.CAMERA
