"""The chains that ship do what they say, for every kind of sound and picture that is recorded."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.app.chains.compare import compare
from studio.app.chains.examples.audio_level import SILENCE_DB, as_float, decibels
from studio.app.chains.examples.motion_energy import box, change, to_grey
from studio.app.chains.loading import describe
from studio.app.chains.preparing import read_info
from studio.app.chains.references import EXAMPLES
from studio.app.chains.requests import CompareRequest, ProcessRequest
from studio.app.chains.run import process
from studio.formats.first_message import infer_format
from studio.formats.opencv import encode_jpeg
from studio.formats.payload import EncodedImage, PayloadKind, StreamFormat
from studio.formats.shapes import Rectangle, Shapes, Tag, parse_shapes
from tests.app.chains.chain_files import Told, content
from tests.store.recordings import MS, T0, write_recording

RATE = 48_000


def processed(name: str, recording: Path, **parameters: Any) -> dict[str, list[tuple[int, Any]]]:
    request = ProcessRequest(name, (str(recording),), parameters=tuple(parameters.items()), replace=True)
    made = Path(process(request, Told()).paths[0])
    assert compare(CompareRequest(str(made)), Told()).is_good
    return content(made)


def clap(path: Path, dtype: str) -> Path:
    """Two seconds of near silence, with a tone of half the full scale from 500 to 900 ms."""
    seconds = np.arange(2 * RATE) / RATE
    tone = np.sin(2 * np.pi * 1000 * seconds) * np.where((seconds >= 0.5) & (seconds < 0.9), 0.5, 1e-4)
    scaled = tone if dtype == "float32" else tone * np.iinfo(dtype).max
    rows = scaled.astype(dtype).reshape(-1, 1)
    messages = [(T0 + (i + 1) * 10 * MS, rows[i * 480 : (i + 1) * 480]) for i in range(200)]
    described = StreamFormat(PayloadKind.AUDIO, dtype=dtype, channels=1, rate=RATE)
    return write_recording(path, {"Microphone": (described, messages)})


@pytest.mark.parametrize("dtype", ["float32", "int16", "int32"])
def test_a_loud_part_is_one_event_and_its_level_is_right(tmp_path: Path, dtype: str) -> None:
    found = processed("audio_level", clap(tmp_path / "r.h5", dtype))
    ((begun, event),) = found["loud"]
    assert abs(begun - (T0 + 500 * MS)) <= 60 * MS
    assert abs(event.duration_ns - 400 * MS) <= 100 * MS
    levels = dict(found["level"])
    assert np.diff([time for time, _ in found["level"]]).tolist() == [50 * MS] * (len(levels) - 1)
    in_the_tone = [level for time, level in levels.items() if T0 + 560 * MS < time < T0 + 890 * MS]
    assert in_the_tone == pytest.approx([20 * np.log10(0.5 / np.sqrt(2))] * len(in_the_tone), abs=0.1)
    assert event.text == "\N{MINUS SIGN}9.0 dB"
    (level,) = [s for s in read_info(str(tmp_path / "r.audio_level.h5")).streams if s.name == "level"]
    assert (level.format.units, level.format.rate) == ("dB", 20.0)


def test_what_is_short_or_not_loud_enough_is_no_event(tmp_path: Path) -> None:
    path = clap(tmp_path / "r.h5", "float32")
    assert processed("audio_level", path, shortest_ms=1000)["loud"] == []
    assert processed("audio_level", path, threshold_db=-5.0)["loud"] == []


def test_silence_has_a_level() -> None:
    assert decibels(0.0) == SILENCE_DB
    assert as_float(np.array([[-32768]], np.int16)).tolist() == [[-1.0]]


@pytest.mark.parametrize("as_jpeg", [True, False])
def test_motion_is_where_pictures_change(tmp_path: Path, as_jpeg: bool) -> None:
    dark, bright = np.zeros((120, 160, 3), np.uint8), np.full((120, 160, 3), 255, np.uint8)
    plain = [dark, dark, bright, bright]
    frames: list[EncodedImage | np.ndarray[Any, Any]] = [encode_jpeg(f) if as_jpeg else f for f in plain]
    messages = [(T0 + i * 40 * MS, frame) for i, frame in enumerate(frames)]
    path = write_recording(tmp_path / "r.h5", {"Camera": (infer_format(frames[0]), messages)})
    found = processed("motion_energy", path, smooth_s=1.0)
    assert [time for time, _ in found["motion"]] == [T0 + i * 40 * MS for i in (1, 2, 3)]
    assert [value for _, value in found["motion"]] == pytest.approx([0.0, 1.0, 0.0], abs=0.01)
    assert [value for _, value in found["smooth motion"]] == pytest.approx([0.0, 1 / 2, 1 / 3], abs=0.01)


def test_a_change_of_size_is_no_motion() -> None:
    small, large = to_grey(np.zeros((2, 2), np.uint8)), to_grey(np.full((4, 4, 3), 255, np.uint8))
    assert not change(small, large, 0.0).any()


def test_the_box_of_motion_lies_where_it_moves_whatever_the_frames_were_shrunk_to(tmp_path: Path) -> None:
    still, moved = np.zeros((240, 320), np.uint8), np.zeros((240, 320), np.uint8)
    moved[60:120, 80:240] = 255
    messages = [(T0 + i * 40 * MS, frame) for i, frame in enumerate((still, still, moved))]
    described = StreamFormat(PayloadKind.IMAGE, "uint8", width=320, height=240)
    path = write_recording(tmp_path / "r.h5", {"Camera": (described, messages)})
    nothing, something = (parse_shapes(data) for _, data in processed("motion_energy", path)["motion box"])
    assert nothing == Shapes((), (160, 120))
    assert something == Shapes((Rectangle(40, 30, 80, 30, Tag("motion")),), (160, 120))


def test_single_pixels_that_flicker_do_not_stretch_the_box() -> None:
    changed = np.zeros((100, 100), np.float32)
    changed[20:40, 30:60] = 1.0
    changed[99, 99] = changed[0, 0] = 0.5
    (found,) = parse_shapes(box(changed)).shapes
    assert found == Rectangle(30, 20, 30, 20, Tag("motion"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_setting_of_an_example_is_explained(name: str) -> None:
    found = describe(name)
    assert found.summary
    assert all(parameter.help for parameter in found.parameters)
