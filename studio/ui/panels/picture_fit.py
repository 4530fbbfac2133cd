"""Where a picture lies in its plot, and which of its pixels is under the pointer. Arithmetic only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle in logical pixels of the plot."""

    x: float
    y: float
    width: float
    height: float

    def pixel_at(self, x: float, y: float, full_width: int, full_height: int) -> tuple[int, int] | None:
        """The pixel of a picture of that full size there; None: beside it."""
        if self.width <= 0 or self.height <= 0:
            return None
        column = int((x - self.x) * full_width // self.width)
        row = int((y - self.y) * full_height // self.height)
        inside = 0 <= column < full_width and 0 <= row < full_height
        return (column, row) if inside else None

    def point_of(
        self, x: float, y: float, full_size: tuple[int, int], flip: tuple[bool, bool]
    ) -> tuple[float, float]:
        """Where a place of the picture is seen: (0, 0) is the corner of its first pixel, fractions are kept.

        `flip`: whether it is shown left to right, and upside down.
        """
        across, down = x / full_size[0], y / full_size[1]
        across, down = 1 - across if flip[0] else across, 1 - down if flip[1] else down
        return self.x + across * self.width, self.y + down * self.height


def fitted(
    width: int, height: int, room_width: float, room_height: float
) -> tuple[float, float, float, float]:
    """x, y, width and height of a picture in the room; zeros without room or picture."""
    if min(width, height) <= 0 or min(room_width, room_height) <= 0:
        return 0.0, 0.0, 0.0, 0.0
    scale = min(room_width / width, room_height / height)
    shown_width, shown_height = width * scale, height * scale
    return (room_width - shown_width) / 2, (room_height - shown_height) / 2, shown_width, shown_height


def unscaled(
    width: int,
    height: int,
    room_width: float,
    room_height: float,
    shift: tuple[float, float],
    pixel_ratio: float,
) -> Place:
    """A picture one pixel for one, its middle `shift` logical pixels from the middle of the room."""
    shown_width, shown_height = width / pixel_ratio, height / pixel_ratio
    # Whole device pixels, or every pixel would be a mixture of two.
    x = round(((room_width - shown_width) / 2 + shift[0]) * pixel_ratio) / pixel_ratio
    y = round(((room_height - shown_height) / 2 + shift[1]) * pixel_ratio) / pixel_ratio
    return Place(x, y, shown_width, shown_height)


def scaled(
    size: tuple[int, int], scale: float, room: tuple[float, float], shift: tuple[float, float]
) -> Place:
    """A picture of that size, `scale` logical pixels for one of it, its middle `shift` from the room's."""
    width, height = size[0] * scale, size[1] * scale
    return Place((room[0] - width) / 2 + shift[0], (room[1] - height) / 2 + shift[1], width, height)


def zoomed_shift(
    shift: tuple[float, float], factor: float, about: tuple[float, float], room: tuple[float, float]
) -> tuple[float, float]:
    """The shift of a picture that became `factor` times as large, so that what lay at `about` lies there."""
    across, down = about[0] - room[0] / 2, about[1] - room[1] / 2
    return across - (across - shift[0]) * factor, down - (down - shift[1]) * factor


def held_shift(
    shift: tuple[float, float], width: float, height: float, room_width: float, room_height: float
) -> tuple[float, float]:
    """`shift`, but never so far that a larger picture leaves the room, or a smaller one its middle."""
    across, down = max(0.0, (width - room_width) / 2), max(0.0, (height - room_height) / 2)
    return max(-across, min(across, shift[0])), max(-down, min(down, shift[1]))


def full_size_of(shown: tuple[int, int], nominal: tuple[int, int]) -> tuple[int, int]:
    """Width and height of a picture before it was shrunk: the stream's, if it has the same shape."""
    width, height = nominal
    if min(nominal) <= 0 or min(shown) <= 0 or shown[0] > width:
        return shown
    off_by = abs(shown[0] * height - shown[1] * width)
    # Shrinking rounds both sides to whole pixels.
    return nominal if off_by <= max(width, height) else shown
