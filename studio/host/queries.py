"""Which question of the protocol is answered by which part of the app. Belongs to the reader process."""

from pathlib import Path

from studio.app.browse import Browser
from studio.app.catalog import Catalog
from studio.errors import RoleError
from studio.host.protocol import (
    ListSessions,
    OpenRecording,
    ReadMarks,
    ReadPicture,
    ReadValues,
    ReadWindow,
)


class Queries:
    """Answers one question at a time; keeps what makes the next one quick."""

    def __init__(self) -> None:
        self._browser = Browser()
        self._catalog = Catalog()

    def answer(self, query: object) -> object:
        """The value that the protocol promises; raises StudioError in people's words."""
        browser = self._browser
        match query:
            case ListSessions(folder=folder):
                return self._catalog.list_sessions(Path(folder))
            case OpenRecording(path=path):
                return browser.open_recording(path)
            case ReadWindow(path=path, stream=stream, left=left, right=right, columns=columns):
                return browser.read_window(path, stream, left, right, columns)
            case ReadPicture(path=path, stream=stream, time=time, max_width=width, max_height=height):
                return browser.read_picture(path, stream, time, width, height)
            case ReadMarks(path=path, stream=stream, left=left, right=right, limit=limit):
                return browser.read_marks(path, stream, left, right, limit)
            case ReadValues(path=path, streams=streams, time=time):
                return browser.read_values(path, streams, time)
            case _:
                raise RoleError(f"The reader does not know the question {type(query).__name__}.")

    def close(self) -> None:
        """Close all files. Idempotent."""
        self._browser.close()
