"""What waits to be sent to one client: replies in order and bounded, status newest only (decision 19)."""

import threading
from collections import deque

REPLIES = 256
"""A client that lets so many replies wait does not read; it is dropped."""


class Outbox:
    """Filled by any thread, emptied by the client's sending thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._replies: deque[bytes] = deque()
        self._newest: bytes | None = None
        self._closed = False
        self.replaced = 0
        """Pushed messages that a newer one replaced before they were sent."""

    def put_reply(self, data: bytes) -> bool:
        """Append a reply; False if so many wait that the client must be dropped."""
        with self._changed:
            if self._closed:
                return True
            if len(self._replies) >= REPLIES:
                return False
            self._replies.append(data)
            self._changed.notify()
            return True

    def push(self, data: bytes) -> None:
        """Send this, instead of what was pushed before and is still waiting."""
        with self._changed:
            if self._closed:
                return
            self.replaced += self._newest is not None
            self._newest = data
            self._changed.notify()

    def take(self) -> bytes | None:
        """Wait for the next message; None when closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._replies or self._newest is not None or self._closed)
            if self._replies:
                return self._replies.popleft()
            newest, self._newest = self._newest, None
            return newest

    def close(self) -> None:
        """Take nothing more; `take` returns None once all is sent. Idempotent."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
