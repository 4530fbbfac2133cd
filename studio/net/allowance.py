"""How much somebody may do: so much at once, and so much a second. Arithmetic only."""

from studio.timing import NS_PER_S


class Allowance:
    """Refills steadily up to `at_once`. Belongs to one thread."""

    def __init__(self, *, at_once: float, per_second: float) -> None:
        self._at_once = at_once
        self._per_second = per_second
        self._left = at_once
        self._time: int | None = None

    def take(self, amount: float, now: int) -> bool:
        """Take `amount` at `now` (monotonic ns); False, and nothing is taken, if there is not so much."""
        if self._time is not None:
            refilled = self._left + (now - self._time) * self._per_second / NS_PER_S
            self._left = min(self._at_once, refilled)
        self._time = now
        if amount > self._left:
            return False
        self._left -= amount
        return True
