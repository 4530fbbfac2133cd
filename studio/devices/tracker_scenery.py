"""What the simulated tracker says: where the ball of the simulated depth camera is. Arithmetic only."""

from typing import Any

from studio.devices.depth_scenery import BALL_MM, ball_at
from studio.formats.shapes import Line, Rectangle, Tag, shapes_message
from studio.timing import Timestamp

BALL_HEIGHT, BALL_RADIUS = 0.45, 0.16
"""Shares of the height of the picture; its radius at BALL_MM."""
TRAIL_S, TRAIL_STEPS = 0.5, 8


class TrackerScenery:
    """Messages about pictures of one size, as functions of number and time."""

    def __init__(self, width: int, height: int) -> None:
        """Raises ValueError for a size without a place in it."""
        if width < 1 or height < 1:
            raise ValueError(f"nothing can be followed in {width} x {height} pixels")
        self._width, self._height = width, height

    def picture(self, index: int, elapsed_s: float, time: Timestamp) -> dict[str, Any]:
        """Message `index`: numbers, and the figures that lie over the picture."""
        x, y, radius, distance = self._ball(elapsed_s)
        steps = (elapsed_s - TRAIL_S * n / TRAIL_STEPS for n in range(TRAIL_STEPS + 1))
        trail = Line(tuple(self._ball(step)[:2] for step in steps))
        score = round(0.6 + 0.4 * (1.0 - distance / (2 * BALL_MM)), 3)
        box = Rectangle(x - radius, y - radius, 2 * radius, 2 * radius, Tag("ball", score, 1))
        numbers = {"x": round(x, 2), "y": round(y, 2), "distance": round(distance, 1), "score": score}
        return {"ball": numbers, **shapes_message(box, trail, size=(self._width, self._height))}

    def _ball(self, elapsed_s: float) -> tuple[float, float, float, float]:
        middle, distance = ball_at(elapsed_s)
        radius = self._height * BALL_RADIUS * BALL_MM / distance
        return middle * self._width, BALL_HEIGHT * self._height, radius, distance
