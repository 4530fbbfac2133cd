"""The bar code survives what happens to pictures, and is never read out of something else."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.devices import barcode

NUMBERS = {"index": st.integers(0, 2**32 - 1), "time": st.integers(0, 2**63 - 1)}


@given(**NUMBERS)
def test_what_is_drawn_is_read(index: int, time: int) -> None:
    for shape in ((64, 128), (70, 131, 3), (480, 640, 3)):
        image = np.full(shape, 90, np.uint8)
        barcode.draw(image, index, time)
        assert barcode.read(image) == (index, time)


@given(quality=st.integers(15, 100), seed=st.integers(0, 1000), **NUMBERS)
def test_it_survives_jpeg_and_noise(quality: int, seed: int, index: int, time: int) -> None:
    image = np.random.default_rng(seed).integers(0, 256, (120, 200, 3), np.uint8)
    barcode.draw(image, index, time)
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    assert barcode.read(cv2.imdecode(data, cv2.IMREAD_COLOR)) == (index, time)
    half = cv2.imdecode(data, cv2.IMREAD_REDUCED_COLOR_2)
    assert barcode.read(half, cell=4) == (index, time)


@pytest.mark.parametrize("shade", [0, 127, 255])
def test_a_picture_of_one_shade_holds_no_bar_code(shade: int) -> None:
    assert barcode.read(np.full((480, 640, 3), shade, np.uint8)) is None


def test_a_damaged_bar_code_is_not_read() -> None:
    image = np.zeros((64, 128), np.uint8)
    barcode.draw(image, 5, 6)
    image[8:16, 8:16] = 255 - image[8:16, 8:16]
    assert barcode.read(image) is None


def test_a_small_picture_cannot_hold_one() -> None:
    assert barcode.read(np.zeros((10, 10), np.uint8)) is None
    with pytest.raises(ValueError, match="too small"):
        barcode.draw(np.zeros((63, 128), np.uint8), 1, 1)


@pytest.mark.parametrize(("index", "time"), [(-1, 0), (2**32, 0), (0, -1), (0, 2**63)])
def test_numbers_that_do_not_fit_are_refused(index: int, time: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        barcode.draw(np.zeros((64, 128), np.uint8), index, time)
