"""How large a picture is drawn: as large as fits, never distorted, in the middle. Arithmetic only."""


def fitted(
    width: int, height: int, room_width: float, room_height: float
) -> tuple[float, float, float, float]:
    """x, y, width and height of a picture in the room; zeros without room or picture."""
    if min(width, height) <= 0 or min(room_width, room_height) <= 0:
        return 0.0, 0.0, 0.0, 0.0
    scale = min(room_width / width, room_height / height)
    shown_width, shown_height = width * scale, height * scale
    return (room_width - shown_width) / 2, (room_height - shown_height) / 2, shown_width, shown_height
