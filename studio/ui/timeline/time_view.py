"""Which part of time is in view, and how it moves: follow, zoom, pan. Arithmetic only."""

from dataclasses import dataclass, replace

from studio.timing import NS_PER_S, Duration, Timestamp

MINIMUM_SPAN: Duration = 1_000
LIVE_SPAN: Duration = 10 * NS_PER_S
LIVE_MINIMUM_SPAN: Duration = NS_PER_S // 10
LIVE_KEPT: Duration = 30 * NS_PER_S
"""How far back live views reach (the rings keep that much)."""
MARGIN = 0.01
"""Of a recording, left free on both sides of it."""


@dataclass(frozen=True, slots=True)
class TimeView:
    """From `left` to `right`, within what there is: `first` to `last`."""

    left: Timestamp
    right: Timestamp
    first: Timestamp
    last: Timestamp
    following: bool = False
    """Live: the right edge moves with the newest."""
    is_live: bool = False

    @classmethod
    def of_recording(cls, first: Timestamp, last: Timestamp) -> "TimeView":
        """A whole recording, with a little room on both sides."""
        margin = max(MINIMUM_SPAN, int((last - first) * MARGIN))
        first, last = first - margin, max(last, first) + margin
        return cls(first, last, first, last)

    @classmethod
    def live(cls, now: Timestamp, span: Duration = LIVE_SPAN) -> "TimeView":
        """The last `span` ns, following."""
        return cls(now - span, now, now - LIVE_KEPT, now, following=True, is_live=True)

    @property
    def span(self) -> Duration:
        """ns in view."""
        return self.right - self.left

    @property
    def is_whole(self) -> bool:
        """Whether all there is is in view."""
        return self.left <= self.first and self.right >= self.last

    def advanced(self, now: Timestamp) -> "TimeView":
        """Live: time has passed. Following, the view moves along; paused, it stays while data are kept."""
        moved = replace(self, first=now - LIVE_KEPT, last=now)
        if self.following:
            return replace(moved, left=now - self.span, right=now)
        return _placed(moved, self.left, self.span)

    def followed(self) -> "TimeView":
        """Live: back to the newest."""
        return replace(self, left=self.last - self.span, right=self.last, following=True)

    def held(self) -> "TimeView":
        """Live: what is in view stays in view."""
        return replace(self, following=False)

    def zoomed(self, factor: float, about: Timestamp) -> "TimeView":
        """`factor` times as much time in view; `about` keeps its place (following: the right edge does)."""
        span = self._limited(round(self.span * factor))
        if self.following:
            return replace(self, left=self.right - span)
        share = (about - self.left) / self.span
        return _placed(self, about - round(share * span), span)

    def panned(self, duration: Duration) -> "TimeView":
        """Later by `duration` ns (earlier if negative). Leaving the newest pauses, coming back follows."""
        if not duration:
            return self
        moved = _placed(replace(self, following=False), self.left + duration, self.span)
        return moved.followed() if self.is_live and duration > 0 and moved.right >= moved.last else moved

    def showing(self, time: Timestamp) -> "TimeView":
        """Moved just so far that `time` is in view."""
        if time < self.left:
            return _placed(replace(self, following=False), time, self.span)
        return _placed(self, time - self.span, self.span) if time > self.right else self

    def showing_all(self, left: Timestamp, right: Timestamp) -> "TimeView":
        """Moved just so far that the stretch is in view, or its beginning where it is longer."""
        return self.showing(right).showing(left)

    def around(self, left: Timestamp, right: Timestamp, room: float = 1.0) -> "TimeView":
        """A stretch of time in the middle, and `room` times its length in view."""
        span = self._limited(round(max(1, right - left) * room))
        return _placed(replace(self, following=False), left + (right - left - span) // 2, span)

    def between(self, left: Timestamp, right: Timestamp) -> "TimeView":
        """Exactly this stretch as far as there is something, never less than the least."""
        left, right = max(left, self.first), min(right, self.last)
        return _placed(replace(self, following=False), left, self._limited(max(0, right - left)))

    def grown(self, first: Timestamp, last: Timestamp) -> "TimeView":
        """There is more now (or less): what was whole stays whole, what showed the newest goes on so."""
        new = TimeView.of_recording(first, last)
        if self.is_whole:
            return new
        span = min(self.span, new.last - new.first)
        left = new.last - span if self.right >= self.last else self.left
        return _placed(replace(new, left=self.left, right=self.right), left, span)

    def whole(self) -> "TimeView":
        """All there is."""
        return replace(self, left=self.first, right=self.last)

    def _limited(self, span: Duration) -> Duration:
        least = LIVE_MINIMUM_SPAN if self.is_live else MINIMUM_SPAN
        available = self.last - self.first
        return max(min(least, available), min(span, available))


def _placed(view: TimeView, left: Timestamp, span: Duration) -> TimeView:
    """`span` ns from `left` on, pushed back into what there is."""
    left = max(view.first, min(left, view.last - span))
    return replace(view, left=left, right=left + span)
