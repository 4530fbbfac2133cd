"""Films, measured with ffprobe and PyAV: pictures at their times, claps heard when flashes are seen."""

import json
import subprocess
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from studio.app.operations.exporting import export
from studio.app.operations.progress import Unwatched
from studio.app.operations.requests import ExportFormat, ExportRequest, Selection
from studio.formats.opencv import encode_jpeg
from studio.formats.payload import PayloadKind, StreamFormat
from studio.timing import TimeInterval
from tests.app.operations.recordings import record
from tests.lab.missing import skip_unless_installed
from tests.store.recordings import SECOND, T0

FPS = 25
SOUND_RATE = 16_000
FLASH_FRAMES = (20, 70, 120)
PICTURES = StreamFormat(PayloadKind.JPEG, rate=float(FPS), width=65, height=48)
SOUND = StreamFormat(PayloadKind.AUDIO, dtype="float32", channels=1, rate=float(SOUND_RATE))
DRIFT = 1.002
"""The sound card's clock runs so much too fast: without care the last clap would be 10 ms late."""


def frame_times() -> list[int]:
    """Uneven, with a second missing after frame 90."""
    random = np.random.default_rng(2)
    return [
        T0 + n * SECOND // FPS + int(random.integers(0, 12_000_000)) + (SECOND if n > 90 else 0)
        for n in range(150)
    ]


def clap_and_flash(path: Path) -> Path:
    """Six seconds in which each flash has a clap at the very moment it begins; the sound has a gap."""
    times = frame_times()
    pictures = [
        (time, encode_jpeg(np.full((48, 65, 3), 240 if n in FLASH_FRAMES else 16, np.uint8)))
        for n, time in enumerate(times)
    ]
    begin, rate = T0 - 300_000_000, SOUND_RATE * DRIFT  # begins before the first picture
    count = round((times[-1] - begin) * rate / SECOND)
    moments = begin + np.round(np.arange(count) * SECOND / rate).astype(np.int64)
    samples = np.random.default_rng(1).standard_normal(count).astype(np.float32) * 0.002
    for number in FLASH_FRAMES:
        place = int(np.searchsorted(moments, times[number]))
        samples[place : place + 80] = 0.8
    blocks = []
    for start in range(0, count - 160, 160):
        if 2 * SECOND < moments[start] - T0 < 2.4 * SECOND:
            continue
        blocks.append((int(moments[start + 159]), samples[start : start + 160, None]))
    return record(path, streams={"camera": (PICTURES, pictures), "microphone": (SOUND, blocks)})


def decoded(path: Path) -> tuple[list[float], list[float], list[float]]:
    """Seconds of all pictures, of the flashes among them, and of the claps."""
    shown, flashes, claps = [], [], []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            shown.append(float(frame.time or 0.0))
            if frame.to_ndarray(format="gray").mean() > 128:
                flashes.append(float(frame.time or 0.0))
    last = -1.0
    with av.open(str(path)) as container:
        for sound in container.decode(audio=0):
            loud = np.abs(sound.to_ndarray()[0]) > 0.4
            for place in np.flatnonzero(loud):
                time = float(sound.time or 0.0) + int(place) / sound.sample_rate
                if time - last > 0.5:
                    claps.append(time)
                    last = time
    return shown, flashes, claps


def probed(path: Path) -> dict[str, Any]:
    command = ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", str(path)]
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return found


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clap_and_flash(tmp_path_factory.mktemp("scene") / "scene.h5")


@pytest.mark.parametrize("kind", [ExportFormat.MP4, ExportFormat.MKV])
def test_a_clap_is_heard_when_its_flash_is_seen(scene: Path, tmp_path: Path, kind: ExportFormat) -> None:
    outcome = export(ExportRequest(Selection(str(scene)), kind, str(tmp_path / "film")), Unwatched())
    path = Path(outcome.paths[0])
    assert path.name == f"film.{kind}"
    shown, flashes, claps = decoded(path)
    times = frame_times()
    assert len(shown) == len(times)
    expected = [(time - times[0]) / SECOND for time in times]
    assert np.abs(np.array(shown) - shown[0] - expected).max() < 0.001
    assert len(flashes) == len(claps) == len(FLASH_FRAMES)
    offsets = [1000 * (clap - flash) for clap, flash in zip(claps, flashes, strict=True)]
    print(f"{kind}: clap after flash by {', '.join(f'{offset:.2f}' for offset in offsets)} ms")
    assert max(map(abs, offsets)) < 5.0  # an eighth of a frame
    note = json.loads((tmp_path / "film.json").read_text("utf-8"))
    assert note["files"][0]["begin_ns"] == pytest.approx(T0 - 300_000_000, abs=1_000_000)


def test_ffprobe_sees_the_same_film(scene: Path, tmp_path: Path) -> None:
    skip_unless_installed("ffprobe")
    request = ExportRequest(Selection(str(scene)), ExportFormat.MP4, str(tmp_path / "film"))
    told = probed(Path(export(request, Unwatched()).paths[0]))
    video, sound = told["streams"]
    assert (video["codec_name"], sound["codec_name"]) == ("h264", "aac")
    assert (video["width"], video["height"], int(video["nb_frames"])) == (66, 48, 150)
    length = (frame_times()[-1] - T0) / SECOND + 0.3
    assert float(told["format"]["duration"]) == pytest.approx(length, abs=0.1)


def test_a_film_of_a_selection_begins_with_it(scene: Path, tmp_path: Path) -> None:
    interval = TimeInterval(T0 + SECOND // 2, T0 + SECOND)
    request = ExportRequest(Selection(str(scene), interval), ExportFormat.MP4, str(tmp_path / "film.mp4"))
    shown, flashes, claps = decoded(Path(export(request, Unwatched()).paths[0]))
    inside = [time for time in frame_times() if interval.contains(time)]
    assert len(shown) == len(inside)
    assert abs(shown[0] - (inside[0] - interval.left) / SECOND) < 0.001
    assert abs(claps[0] - flashes[0]) < 0.005


def test_several_cameras_become_several_films_and_no_sound_is_needed(tmp_path: Path) -> None:
    times = frame_times()[:5]
    still = encode_jpeg(np.zeros((48, 64, 3), np.uint8))
    larger = encode_jpeg(np.zeros((96, 128, 3), np.uint8))
    streams = {name: (PICTURES, [(t, still) for t in times]) for name in ("left", "right/rear")}
    streams["left"][1][3] = (times[3], larger)
    path = record(tmp_path / "a.h5", streams=streams)
    outcome = export(
        ExportRequest(Selection(str(path)), ExportFormat.MP4, str(tmp_path / "f.mp4")), Unwatched()
    )
    folder = Path(outcome.paths[0])
    assert sorted(each.name for each in folder.iterdir()) == ["about.json", "left.mp4", "right_rear.mp4"]
    with av.open(str(folder / "left.mp4")) as container:
        assert len(list(container.decode(video=0))) == 5
        assert not container.streams.audio
