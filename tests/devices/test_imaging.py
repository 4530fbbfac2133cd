"""Operators on pictures keep every message and its time."""

import numpy as np
import pytest

from studio.devices import barcode, imaging
from studio.engine import Pipeline
from studio.formats.payload import EncodedImage
from studio.timing import NS_PER_S
from tests.devices.running import Received


class Pictures:
    """Posts pictures when told to."""

    def __init__(self, pipeline: Pipeline, count: int) -> None:
        self.out = pipeline.create_emitter(self, "out")
        self._count = count
        self._pipeline = pipeline

    def start(self, notify_completion_time) -> None:  # type: ignore[no-untyped-def]
        start = self._pipeline.start_time
        for number in range(self._count):
            image = np.full((240, 320, 3), 80, np.uint8)
            barcode.draw(image, number, start + number)
            self.out.post(image, start + number)
        notify_completion_time(start + self._count - 1)

    def stop(self, final_originating_time, notify_completed) -> None:  # type: ignore[no-untyped-def]
        notify_completed()


def test_encoding_decoding_and_resizing_keep_every_picture_and_its_time() -> None:
    encoded, decoded, small = Received(), Received(), Received()
    pipeline = Pipeline("pictures")
    source = Pictures(pipeline, 10)
    jpeg = imaging.encode_jpeg(source.out, 80)
    picture = imaging.decode(jpeg)
    half = imaging.resize(picture, 160, 120)
    for stream, received in ((jpeg, encoded), (picture, decoded), (half, small)):
        stream.pipe_to(pipeline.create_receiver(received, received.take, "in"))
    pipeline.run()
    assert encoded.times == decoded.times == small.times
    assert len(encoded.times) == 10
    assert all(isinstance(each, EncodedImage) and each.width == 320 for each in encoded.payloads)
    codes = [barcode.read(image) for image in decoded.payloads]
    assert codes == [(number, decoded.times[0] + number) for number in range(10)]
    assert {image.shape for image in small.payloads} == {(120, 160, 3)}
    assert [barcode.read(image, cell=4) for image in small.payloads] == codes
    assert decoded.times[-1] - decoded.times[0] < NS_PER_S


def test_a_senseless_quality_is_refused_when_the_graph_is_built() -> None:
    pipeline = Pipeline("pictures")
    with pytest.raises(ValueError, match="quality 101"):
        imaging.encode_jpeg(Pictures(pipeline, 1).out, 101)
    pipeline.dispose()
