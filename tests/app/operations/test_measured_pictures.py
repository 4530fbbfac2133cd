"""Pictures of measured values, from a recorded file to what other programs read of it, without loss."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import cv2
import h5py
import numpy as np
import pytest

from studio.app.browse import Browser
from studio.app.operations.exporting import export
from studio.app.operations.progress import Unwatched
from studio.app.operations.requests import ExportFormat, ExportRequest, Selection, ValueColours
from studio.app.recorder import Recorder
from studio.errors import SettingsError, StreamError
from studio.formats.payload import PayloadKind, StreamFormat
from studio.store.reader import StoreReader
from studio.timing import SystemClock
from tests.app.recording_devices import device
from tests.store.recordings import MS, T0, write_recording
from tests.waiting import wait_until

DEPTH = StreamFormat(PayloadKind.IMAGE, "uint16", rate=10.0, units="mm", width=64, height=48)
HEAT = replace(DEPTH, dtype="float32", units="°C")
GREY = replace(DEPTH, dtype="uint8", units="")


def depth(number: int) -> np.ndarray[Any, Any]:
    """Rises from left to right; the upper rows were not measured."""
    image = np.tile(np.linspace(500, 60_000, 64), (48, 1)).astype(np.uint16) + np.uint16(number)
    image[:8] = 0
    return image


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    times = [T0 + n * 100 * MS for n in range(12)]
    heat = [(depth(n) / 1000).astype(np.float32) for n in range(12)]
    grey = [(depth(n) // 256).astype(np.uint8) for n in range(12)]
    return write_recording(
        tmp_path_factory.mktemp("depth") / "take.h5",
        {
            "depth": (DEPTH, [(time, depth(n)) for n, time in enumerate(times)]),
            "heat": (HEAT, list(zip(times, heat, strict=True))),
            "grey": (GREY, list(zip(times, grey, strict=True))),
        },
    )


def made(take: Path, target: Path, kind: ExportFormat, *streams: str) -> Any:
    return export(
        ExportRequest(Selection(str(take), streams=streams or None), kind, str(target)), Unwatched()
    )


def test_what_is_read_is_what_was_stored_and_a_smaller_picture_has_only_values_that_were_measured(
    take: Path,
) -> None:
    browser = Browser()
    for name, dtype in (("depth", np.uint16), ("heat", np.float32), ("grey", np.uint8)):
        whole = browser.read_picture(str(take), name, T0 + 300 * MS, 640, 480)
        assert whole is not None
        assert (whole.image.dtype, whole.image.shape) == (dtype, (48, 64))
        pixel = browser.read_pixel(str(take), name, T0 + 300 * MS, 20, 30)
        assert pixel is not None
        assert pixel.values == (whole.image[30, 20].item(),)
    assert np.array_equal(whole.image, (depth(3) // 256).astype(np.uint8))
    small = browser.read_picture(str(take), "depth", T0 + 300 * MS, 20, 20)
    assert small is not None
    assert small.image.shape == (15, 20)
    assert set(np.unique(small.image)) <= set(np.unique(depth(3))), "no mean of far and near, nor of nothing"
    browser.close()


def test_png_has_16_bits_and_plain_hdf5_the_numbers_themselves(take: Path, tmp_path: Path) -> None:
    made(take, tmp_path / "png", ExportFormat.PNG, "depth")
    read = cv2.imread(str(tmp_path / "png" / "000005.png"), cv2.IMREAD_UNCHANGED)
    assert read is not None
    assert read.dtype == np.uint16
    assert np.array_equal(read, depth(4))
    made(take, tmp_path / "plain.h5", ExportFormat.HDF5)
    with h5py.File(tmp_path / "plain.h5") as file:
        assert np.array_equal(file["depth/data"][7], depth(7))
        assert file["depth"].attrs["units"] == "mm"
        assert np.array_equal(file["heat/data"][7], (depth(7) / 1000).astype(np.float32))
        assert np.array_equal(file["grey/data"][7], (depth(7) // 256).astype(np.uint8))


def test_floating_numbers_are_no_png(take: Path, tmp_path: Path) -> None:
    with pytest.raises(StreamError):
        made(take, tmp_path / "png", ExportFormat.PNG, "heat")


def test_a_film_shows_values_in_colours_and_says_what_they_mean(take: Path, tmp_path: Path) -> None:
    outcome = made(take, tmp_path / "film", ExportFormat.MP4, "depth")
    assert any("colours go from 0 to 70000 mm" in remark for remark in outcome.remarks)
    with av.open(str(tmp_path / "film.mp4")) as container:
        frames = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
    assert len(frames) == 12
    left, right = frames[5][30, 3].astype(int), frames[5][30, 60].astype(int)
    assert left[2] < right[2] - 40, "red is far"
    assert np.ptp(frames[5][3, 10:50].astype(int)) < 40, "what was not measured is grey"


def test_a_film_has_the_colours_that_are_asked_for(take: Path, tmp_path: Path) -> None:
    def film(name: str, *colours: ValueColours) -> tuple[Any, Any]:
        request = ExportRequest(
            Selection(str(take), streams=("depth",)), ExportFormat.MP4, str(tmp_path / name), colours=colours
        )
        outcome = export(request, Unwatched())
        with av.open(outcome.paths[0]) as container:
            frames = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
        return frames[5].astype(int), outcome

    grey, outcome = film("grey", ValueColours("depth", 500.0, 30_000.0, "grey"), ValueColours("", 1.0, 2.0))
    assert any("colours go from 500 to 30000 mm" in remark for remark in outcome.remarks)
    assert (np.ptp(grey[30], axis=1) < 12).all(), "no colours"
    assert grey[30, 33:].min() > 240, "all beyond the range is as bright as its end"
    assert grey[30, 3].max() < 60
    _, outcome = film("half", ValueColours(low=20_000.0))
    assert any("colours go from 20000 to 70000 mm" in remark for remark in outcome.remarks)
    for wrong in (ValueColours(low=3.0, high=2.0), ValueColours(colour_map="pink")):
        with pytest.raises(SettingsError):
            film("wrong", wrong)
    assert not list(tmp_path.glob("wrong*")), "nothing half-made is left"


def test_a_simulated_depth_camera_is_recorded_as_it_measures_whatever_the_quality_of_jpeg(
    tmp_path: Path,
) -> None:
    camera = device("depth", faults="unplug@0.3+0.4")
    with Recorder(SystemClock()) as recorder:
        path = recorder.record((camera,), tmp_path, name="Depth")
        wait_until(lambda: any(s.stored > 40 for d in recorder.status().devices for s in d.streams), 40)
        recorder.stop()
    with StoreReader(path) as reader:
        stream = reader.stream("Simulated depth camera")
        assert (stream.description.format.dtype, stream.description.format.units) == ("uint16", "mm")
        images = [message.data for message in stream.messages(0, stream.counts.messages)]
        assert len(stream.losses()) >= 1, "the schedule of faults counts here, too"
    assert {(image.dtype.name, image.shape) for image in images} == {("uint16", (240, 320))}
    assert all((image == 0).any() and 1000 < image.max() < 5000 for image in images)
