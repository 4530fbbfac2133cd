"""A session that has everything a panel can show: what simulated devices record, and what goes wrong."""

from pathlib import Path
from typing import Any

import numpy as np

from studio.app.recorder import Recorder
from studio.formats.encoding import encode
from studio.formats.opencv import encode_jpeg
from studio.formats.payload import EncodedImage, Event, PayloadKind, StreamFormat
from studio.formats.shapes import Line, Points, Rectangle, Tag, shapes_message
from studio.store.batch import EncodedMessage
from studio.store.layout import NewStream
from studio.store.reader import StoreReader
from studio.store.writer import StoreWriter
from studio.timing import NS_PER_MS, NS_PER_S, SystemClock, Timestamp
from tests.app.recording_devices import all_devices
from tests.waiting import wait_until

SECONDS = 6.0
RATE = 200
POEM = """Texts may be long, and have lines.
They are shown in full, can be scrolled and copied,
and say when they were said.

""" + "\n".join(f"Line {n}: the quick brown fox jumps over the lazy dog." for n in range(5, 60))

Told = dict[str, tuple[StreamFormat, list[tuple[int, Any]]]]


def make_session(folder: Path) -> tuple[Path, Path]:
    """Record some seconds of every simulated device, and write a second partition beside it."""
    recorded = _record(folder)
    with StoreReader(recorded) as reader:
        info = reader.info()
    beside = recorded.with_name("troubles.h5")
    _write(beside, _troubles(info.first_time, info.last_time))
    return recorded, beside


def _record(folder: Path) -> Path:
    with Recorder(SystemClock()) as recorder:
        path = recorder.record(all_devices(), folder, name="Shown")
        wait_until(lambda: _rows(recorder) > SECONDS * 1000, SECONDS * 5 + 30)
        recorder.stop()
    return path


def _rows(recorder: Recorder) -> int:
    streams = [stream for device in recorder.status().devices for stream in device.streams]
    return max((stream.stored for stream in streams if stream.name == "Simulated signal"), default=0)


def _troubles(first: Timestamp, last: Timestamp) -> Told:
    """Gaps, what is no number, texts, long and short events, many messages, a picture that is none."""
    count = int((last - first) * RATE / NS_PER_S) // 10 * 10
    times = first + np.arange(1, count + 1) * (NS_PER_S // RATE)
    curve = StreamFormat(PayloadKind.SAMPLES, "float32", 2, ("left", "right"), float(RATE), "mV")
    return {
        "with gaps": (curve, _blocks(times, _waves(times - first), gaps=True)),
        "odd numbers": (curve, _blocks(times, _odd(_waves(times - first)), gaps=False)),
        "words": (
            StreamFormat(PayloadKind.STRING),
            [
                (first + n * 400 * NS_PER_MS, text)
                for n, text in enumerate(("hello", POEM, "go on", "a longer remark that needs room"))
            ],
        ),
        "answers": (
            StreamFormat(PayloadKind.JSON),
            [
                (first + n * NS_PER_S, {"trial": n, "correct": n % 2 == 0, "keys": ["a", "b"]})
                for n in range(5)
            ],
        ),
        "gaze": (StreamFormat(PayloadKind.JSON), _gaze(first, last)),
        "trials": (
            StreamFormat(PayloadKind.EVENT),
            [
                (first + n * 900 * NS_PER_MS, Event(f"trial {n + 1}", duration_ns=(n % 3) * 300 * NS_PER_MS))
                for n in range(6)
            ],
        ),
        "faces": (StreamFormat(PayloadKind.JSON), _figures(first, last)),
        "heat": (
            StreamFormat(PayloadKind.IMAGE, "float32", rate=10.0, units="°C", width=80, height=60),
            _heat(first, last),
        ),
        "many messages": (StreamFormat(PayloadKind.STRING, rate=2000.0), _many(first, last)),
        "broken pictures": (
            StreamFormat(PayloadKind.JPEG),
            [
                (first, encode_jpeg(np.full((90, 160, 3), 120, np.uint8))),
                (first + NS_PER_S, EncodedImage(b"no", 160, 90)),
            ],
        ),
        "one message": (
            StreamFormat(PayloadKind.SCALAR, "float64", units="°C"),
            [(first + 2 * NS_PER_S, 21.5)],
        ),
        "nothing inside": (StreamFormat(PayloadKind.JSON), [(first, ["no", None, "number"])]),
        "empty": (StreamFormat(PayloadKind.SCALAR, "float64"), []),
    }


def _gaze(first: Timestamp, last: Timestamp) -> list[tuple[int, Any]]:
    """Sixty looks a second, between which the eye leaps; while it blinks, a pupil has no size."""
    random = np.random.default_rng(11)
    count = int((last - first) * 60 / NS_PER_S)
    place = np.repeat(random.uniform((200, 150), (1720, 930), (count // 20 + 1, 2)), 20, axis=0)[:count]
    place += random.normal(0, 12, (count, 2)).cumsum(axis=0) * 0.2
    pupils = 3.2 + 0.4 * np.sin(np.arange(count) / 40)
    return [
        (
            first + n * NS_PER_S // 60,
            {
                "gaze": {"x": float(place[n, 0]), "y": float(place[n, 1])},
                **({} if n % 150 in range(90, 110) else {"pupil": float(pupils[n]) * 200}),
                "looks at": f"area {n // 20 % 4}",
            },
        )
        for n in range(count)
    ]


def _waves(since: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    phase = 2 * np.pi * since / NS_PER_S
    return np.stack([np.sin(phase * 0.8) * 40, np.cos(phase * 2.3) * 25 + 10], axis=1)


def _odd(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    third = len(values) // 3
    values[third : third + 12, 0] = np.nan
    values[2 * third, 0], values[2 * third + 60, 1] = np.inf, -np.inf
    return values


def _blocks(
    times: np.ndarray[Any, Any], values: np.ndarray[Any, Any], *, gaps: bool
) -> list[tuple[int, Any]]:
    """Blocks of ten rows; with gaps, a long hole and a short one."""
    share = np.arange(0, len(times), 10) / len(times)
    kept = ~((share > 0.3) & (share < 0.45) | (share > 0.7) & (share < 0.715)) if gaps else share >= 0
    return [
        (int(times[10 * n + 9]), values[10 * n : 10 * n + 10].astype(np.float32))
        for n in np.flatnonzero(kept)
    ]


def _figures(first: Timestamp, last: Timestamp) -> list[tuple[int, Any]]:
    """A box around the sun of the simulated camera, with its way and two points, ten times a second."""
    told = []
    for time in range(first, last, NS_PER_S // 10):
        angle = 2 * np.pi * ((time - first) / NS_PER_S - 0.1 * np.arange(8)) / 6
        x, y = 320 + 224 * np.sin(angle), 200 - 140 * np.cos(angle)
        box = Rectangle(float(x[0]) - 60, float(y[0]) - 50, 120, 100, Tag("face", 0.93, 3))
        way = Line(tuple(zip(x.tolist(), y.tolist(), strict=True)), tag=Tag(color="#ffb000"))
        eyes = Points(
            ((float(x[0]) - 20, float(y[0])), (float(x[0]) + 20, float(y[0]))), Tag(color="#40e0d0")
        )
        told.append((time, shapes_message(box, way, eyes, size=(640, 480))))
    return told


def _heat(first: Timestamp, last: Timestamp) -> list[tuple[int, Any]]:
    """A warm spot that wanders, and a corner where nothing was measured."""
    across, down = np.meshgrid(np.arange(80), np.arange(60))
    told = []
    for time in range(first, last, NS_PER_S // 10):
        angle = 2 * np.pi * (time - first) / NS_PER_S / 5
        away = np.hypot(across - 40 - 20 * np.sin(angle), down - 30 - 10 * np.cos(angle))
        image = (21.0 + 15.5 * np.exp(-((away / 9) ** 2)) + 0.02 * across).astype(np.float32)
        image[48:, :16] = np.nan
        told.append((time, image))
    return told


def _many(first: Timestamp, last: Timestamp) -> list[tuple[int, Any]]:
    """Two thousand a second, with a second of silence."""
    steps = np.random.default_rng(7).exponential(0.5 * NS_PER_MS, 100_000).astype(np.int64) + 1
    times = first + np.cumsum(steps)
    middle = (first + last) // 2
    keep = (times < last) & ((times < middle) | (times > middle + NS_PER_S))
    return [(time, "tick") for time in times[keep].tolist()]


def _write(path: Path, streams: Told) -> None:
    random = np.random.default_rng(3)
    writer = StoreWriter.create(path)
    writer.add_streams([NewStream(name, described) for name, (described, _) in streams.items()])
    for name, (described, messages) in streams.items():
        late = (random.gamma(2.0, 3.0, len(messages)) * NS_PER_MS).astype(np.int64).tolist()
        for number, ((time, data), lateness) in enumerate(zip(messages, late, strict=True), start=1):
            writer.append(name, EncodedMessage(time, time + lateness, number, encode(described, data)))
    writer.close()
