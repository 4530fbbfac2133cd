"""Where live data go while they are recorded: a contract; the recorder role has shared memory for it."""

from collections.abc import Sequence
from typing import Protocol

from studio.app.status import LiveView
from studio.formats.payload import StreamFormat
from studio.timing import Timestamp


class LiveSink(Protocol):
    """Takes the newest data of one stream. Called by one pipeline worker at a time; must not wait."""

    @property
    def view(self) -> LiveView:
        """Where the data can be read; a new size may be a new file."""
        ...

    def put_all(self, messages: Sequence[tuple[object, Timestamp]]) -> None:
        """Show data that came together, each with its originating time; older data may be forgotten."""
        ...


class LiveSinks(Protocol):
    """Makes a sink for each stream."""

    def open(self, stream: str, format: StreamFormat) -> LiveSink | None:
        """None: there is no memory for it; the recording goes on without a live view (decision 20)."""
        ...

    def close_all(self) -> None:
        """Give everything back. Idempotent."""
        ...
