"""The recorder's side of the live views: every kind of payload, new sizes, full memory, never an error."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from studio.engine.message import Envelope
from studio.formats.opencv import encode_jpeg
from studio.formats.payload import Event, PayloadKind, StreamFormat
from studio.host.message_ring import LARGEST
from studio.host.ring_sinks import RingSinks, shrunk
from studio.host.rings import FrameRingReader, MessageRingReader, SampleRingReader, TextRingReader
from studio.timing import NS_PER_S


def at(time: int) -> Envelope:
    return Envelope(source_id=1, sequence_id=time, originating_time=time, creation_time=time)


def test_sound_of_16_bits_is_shown_at_full_scale_one(tmp_path: Path) -> None:
    sinks = RingSinks(tmp_path)
    sink = sinks.open("mic", StreamFormat(PayloadKind.AUDIO, dtype="int16", channels=2, rate=48_000))
    assert sink is not None
    sink.put(np.array([[-32768, 16384], [0, 32767]], np.int16), at(NS_PER_S))
    reader = SampleRingReader(sink.view.path)
    window = reader.window(0, NS_PER_S, 100)
    assert sink.view.kind == "samples"
    assert window.minimum.tolist() == [[-1.0, 0.5], [0.0, pytest.approx(1, abs=1e-4)]]
    reader.close()
    sinks.close_all()
    assert list(tmp_path.iterdir()) == []


def test_a_single_value_is_a_row(tmp_path: Path) -> None:
    sinks = RingSinks(tmp_path)
    sink = sinks.open("level", StreamFormat(PayloadKind.SCALAR, dtype="float64"))
    assert sink is not None
    for second in (1, 2, 3):
        sink.put(second / 2, at(second * NS_PER_S))
    reader = SampleRingReader(sink.view.path)
    assert reader.window(0, 4 * NS_PER_S, 100).minimum[:, 0].tolist() == [0.5, 1.0, 1.5]
    reader.close()
    sinks.close_all()


def test_another_number_of_channels_is_another_file(tmp_path: Path) -> None:
    sinks = RingSinks(tmp_path)
    sink = sinks.open("imu", StreamFormat(PayloadKind.SAMPLES, dtype="float32", channels=3, rate=100))
    assert sink is not None
    before = sink.view.path
    sink.put(np.ones((5, 6)), at(NS_PER_S))
    assert sink.view.path != before
    reader = SampleRingReader(sink.view.path)
    assert reader.channels == 6
    reader.close()
    sinks.close_all()


def test_a_large_picture_is_shrunk_and_a_small_one_is_not(tmp_path: Path) -> None:
    sinks = RingSinks(tmp_path)
    sink = sinks.open("camera", StreamFormat(PayloadKind.IMAGE, dtype="uint8", width=1920, height=1080))
    assert sink is not None
    sink.put(np.full((1080, 1920, 3), 77, np.uint8), at(5))
    large = FrameRingReader(sink.view.path)
    frame = large.newest()
    assert frame is not None
    assert frame.image.shape == (540, 960, 3)
    assert (frame.image == 77).all()
    assert (frame.number, frame.originating_time) == (1, 5)
    assert large.newest(after_number=1) is None
    first_path = sink.view.path
    sink.put(np.full((120, 160), 9, np.uint8), at(6))  # grey, and of another size
    assert sink.view.path != first_path
    small = FrameRingReader(sink.view.path)
    frame = small.newest()
    assert frame is not None
    assert frame.image.shape == (120, 160, 3)
    assert (frame.image == 9).all()
    large.close()
    small.close()
    sinks.close_all()


@pytest.mark.parametrize("dtype", ["uint16", "float32"])
def test_measured_values_are_shown_as_they_are(tmp_path: Path, dtype: str) -> None:
    sinks = RingSinks(tmp_path)
    described = StreamFormat(PayloadKind.IMAGE, dtype, width=1920, height=1080)
    sink = sinks.open("depth", described)
    assert sink is not None
    values = np.where(np.arange(1920) % 2, 4000, 1000) * np.ones((1080, 1), dtype)
    sink.put(values.astype(dtype), at(5))
    sink.put(np.zeros((1080, 1920), np.uint8), at(6))
    assert sink.skipped == 1, "what is of another type is not shown"
    reader = FrameRingReader(sink.view.path)
    frame = reader.newest()
    assert frame is not None
    assert (frame.image.dtype.name, frame.image.shape, frame.originating_time) == (dtype, (540, 960), 5)
    assert set(np.unique(frame.image)) <= {1000, 4000}, "shrunk without a mean of far and near"
    reader.close()
    sinks.close_all()


def test_a_jpeg_of_unknown_size_is_shown(tmp_path: Path) -> None:
    sinks = RingSinks(tmp_path)
    sink = sinks.open("camera", StreamFormat(PayloadKind.JPEG))
    assert sink is not None
    sink.put(encode_jpeg(np.full((1200, 2400, 3), 128, np.uint8), 90), at(1))
    reader = FrameRingReader(sink.view.path)
    frame = reader.newest()
    assert frame is not None
    assert frame.image.shape == (480, 960, 3)
    assert abs(int(frame.image.mean()) - 128) < 3
    reader.close()
    sinks.close_all()


def test_texts_events_and_json_are_shown(tmp_path: Path) -> None:
    sinks = RingSinks(tmp_path)
    shown = {}
    for kind, data in (
        (PayloadKind.STRING, "Grüße " * 100),
        (PayloadKind.EVENT, Event("beep", duration_ns=7)),
        (PayloadKind.JSON, {"a": [1, 2]}),
    ):
        sink = sinks.open("s", StreamFormat(kind))
        assert sink is not None
        sink.put(data, at(3))
        is_json = kind is PayloadKind.JSON
        reader = (MessageRingReader if is_json else TextRingReader)(sink.view.path)
        (shown[kind],) = reader.newest(10)
        reader.close()
    assert shown[PayloadKind.STRING].text.startswith("Grüße Grüße")
    assert len(shown[PayloadKind.STRING].text.encode()) <= 256
    assert (shown[PayloadKind.EVENT].text, shown[PayloadKind.EVENT].duration_ns) == ("beep", 7)
    assert json.loads(shown[PayloadKind.JSON].text) == {"a": [1, 2]}
    sinks.close_all()


def test_only_the_newest_texts_are_kept_in_order(tmp_path: Path) -> None:
    sinks = RingSinks(tmp_path)
    sink = sinks.open("s", StreamFormat(PayloadKind.STRING))
    assert sink is not None
    for number in range(1, 2001):
        sink.put(str(number), at(number))
    reader = TextRingReader(sink.view.path)
    assert [text.time for text in reader.newest(3)] == [1998, 1999, 2000]
    assert [text.time for text in reader.newest(10_000)] == list(range(2000 - 510, 2001))
    assert reader.total == 2000
    reader.close()
    sinks.close_all()


def test_json_is_there_whole_until_there_is_too_much_of_it(tmp_path: Path) -> None:
    sinks = RingSinks(tmp_path)
    sink = sinks.open("s", StreamFormat(PayloadKind.JSON))
    assert sink is not None
    messages = [{"n": n, "long": "ö" * n} for n in range(1, 301)]
    for number, message in enumerate(messages, start=1):
        sink.put(message, at(number))
    reader = MessageRingReader(sink.view.path)
    assert [json.loads(each.data) for each in reader.since(0)] == messages
    assert [each.number for each in reader.since(298)] == [299, 300]
    sink.put({"large": "x" * LARGEST}, at(301))
    (large,) = reader.since(300)
    assert (large.is_whole, len(large.data)) == (False, 256)
    before = reader.total
    for number in range(200):  # 40 MB at once: a second of it may be written in half a minute
        sink.put({"n": number, "much": "y" * 200_000}, at(400 + number))
    assert 1 <= reader.total - before < 20, "the screen must not keep the recording busy"
    kept = list(reader.since(0))
    assert kept[-1].number == reader.total
    assert all(json.loads(each.data) for each in kept if each.is_whole), "what was overwritten is left out"
    reader.close()
    sinks.close_all()


@pytest.mark.parametrize("data", ["text", None, np.zeros((0, 0, 3), np.uint8), np.zeros(5), object(), 3])
def test_data_of_an_unexpected_kind_never_fail_the_recording(tmp_path: Path, data: object) -> None:
    sinks = RingSinks(tmp_path)
    for kind in PayloadKind:
        sink = sinks.open(kind.value, StreamFormat(kind, channels=2, rate=10, width=64, height=48))
        if sink is not None:
            sink.put(data, at(1))
    sinks.close_all()


def test_after_closing_late_messages_are_ignored(tmp_path: Path) -> None:
    sinks = RingSinks(tmp_path)
    sink = sinks.open("mic", StreamFormat(PayloadKind.AUDIO, dtype="float32", rate=48_000))
    assert sink is not None
    sinks.close_all()
    sink.put(np.zeros((10, 1)), at(1))
    assert sink.skipped == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.disk
def test_a_full_memory_disk_costs_the_preview_and_nothing_else(tmp_path: Path) -> None:
    if os.geteuid() != 0 or os.system(f"mount -t tmpfs -o size=3m none {tmp_path} 2>/dev/null") != 0:
        pytest.skip("needs the right to mount")
    try:
        sinks = RingSinks(tmp_path)
        camera = StreamFormat(PayloadKind.IMAGE, dtype="uint8", width=1920, height=1080)
        first = sinks.open("camera", camera)
        assert first is not None  # shrunk further until it fits
        first.put(np.zeros((1080, 1920, 3), np.uint8), at(1))
        reader = FrameRingReader(first.view.path)
        frame = reader.newest()
        assert frame is not None
        assert frame.image.shape == (270, 480, 3)
        reader.close()
        (tmp_path / "other").write_bytes(bytes(os.statvfs(tmp_path).f_bavail * 4096))
        assert sinks.open("camera 2", camera) is None
        assert sinks.open("mic", StreamFormat(PayloadKind.AUDIO, dtype="float32", rate=48_000)) is None
        assert sinks.open("texts", StreamFormat(PayloadKind.STRING)) is None
        sinks.close_all()
    finally:
        os.system(f"umount {tmp_path}")


def test_pictures_keep_their_shape() -> None:
    assert shrunk(1920, 1080) == (960, 540)
    assert shrunk(640, 480) == (640, 480)
    assert shrunk(480, 1080) == (240, 540)
    assert shrunk(1920, 1080, smaller=4) == (240, 135)
    assert shrunk(100_000, 1) == (960, 1)


def test_a_picture_is_copied_into_the_memory_of_one_that_is_no_longer_looked_at(tmp_path: Path) -> None:
    sinks = RingSinks(tmp_path)
    sink = sinks.open("camera", StreamFormat(PayloadKind.IMAGE, dtype="uint8", width=100, height=50))
    assert sink is not None
    image = np.arange(100 * 50 * 3, dtype=np.uint32).astype(np.uint8).reshape(50, 100, 3)
    sink.put(image, at(5))
    reader = FrameRingReader(sink.view.path)
    first = reader.newest()
    assert first is not None
    sink.put(image[::-1], at(6))
    second = reader.newest(after_number=1, into=first.image)
    assert second is not None
    assert second.image is first.image
    assert np.array_equal(second.image, image[::-1])
    sink.put(image, at(7))
    other_size = np.zeros((5, 5, 3), np.uint8)
    third = reader.newest(after_number=2, into=other_size)
    assert third is not None
    assert np.array_equal(third.image, image)
    assert not other_size.any()
    reader.close()
    sinks.close_all()
