"""However a picture is brought to the screen, it is the same picture; and its memory is used again."""

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from studio.ui.panels.screen_picture import TURNING_PAYS, ScreenPicture

WIDTH, HEIGHT = 192, 108
MANY = float(WIDTH * HEIGHT)


def noise(seed: int, *shape: int) -> npt.NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, shape or (HEIGHT, WIDTH, 3), np.uint8)


def taken(pixels: npt.NDArray[np.uint8]) -> ScreenPicture:
    picture = ScreenPicture()
    picture.take(pixels)
    return picture


def drawn(image: QImage, room: QRectF) -> npt.NDArray[np.int64]:
    """What a screen shows of it, drawn smoothly into a place between its pixels."""
    screen = QImage(400, 300, QImage.Format.Format_RGB32)
    screen.fill(0)
    painter = QPainter(screen)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(room, image)
    painter.end()
    return np.frombuffer(screen.constBits(), np.uint8).reshape(300, 400, 4)[..., :3].astype(np.int64)


@pytest.mark.parametrize("width", [100.0, 191.5, 192.0, 333.3])
@pytest.mark.parametrize("shape", [(HEIGHT, WIDTH, 3), (HEIGHT, WIDTH)], ids=["colours", "grey"])
def test_a_picture_that_was_turned_looks_as_it_came(shape: tuple[int, ...], width: float) -> None:
    picture, room = taken(noise(1, *shape)), QRectF(3.25, 5.5, width, width * HEIGHT / WIDTH)
    turned = picture.image_for(MANY, is_smooth=True)
    assert turned.format() is QImage.Format.Format_RGB32
    assert np.abs(drawn(turned, room) - drawn(picture.image, room)).max() <= 1


def test_only_what_is_drawn_smoothly_over_enough_of_the_screen_is_turned() -> None:
    assert not taken(noise(1)).image.isNull()
    for seen, is_smooth, pays in (
        (MANY * TURNING_PAYS * 1.1, True, True),
        (MANY * TURNING_PAYS * 0.9, True, False),
        (MANY, False, False),
    ):
        picture = taken(noise(1))
        is_turned = picture.image_for(seen, is_smooth=is_smooth).format() is QImage.Format.Format_RGB32
        assert is_turned is pays, (seen, is_smooth)


def test_the_next_picture_of_the_same_size_takes_the_same_memory_and_is_seen() -> None:
    picture = taken(noise(1))
    before = picture.image_for(MANY, is_smooth=True).constBits()
    place, first = np.frombuffer(before, np.uint8).ctypes.data, bytes(before)
    picture.take(noise(2))
    after = picture.image_for(MANY, is_smooth=True).constBits()
    assert np.frombuffer(after, np.uint8).ctypes.data == place
    assert bytes(after) != first


def test_pictures_of_another_size_and_none_at_all_follow() -> None:
    picture = taken(noise(1))
    picture.image_for(MANY, is_smooth=True)
    picture.take(noise(2, 50, 60, 3))
    turned = picture.image_for(MANY, is_smooth=True)
    assert (turned.width(), turned.height()) == (60, 50)
    picture.take_nothing()
    assert picture.image.isNull()
    assert picture.image_for(MANY, is_smooth=True).isNull()
