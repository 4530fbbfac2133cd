"""Which question of the protocol is answered by which part of the app. Belongs to the reader process."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from studio.app.browse import Browser
from studio.app.catalog import Catalog
from studio.app.catalog_memory import CatalogMemory
from studio.app.dataset_description import change_dataset
from studio.app.file_stamp import stamp_of
from studio.app.listing_memory import ListingMemory
from studio.app.notes import append_notes, export_notes
from studio.app.session_description import change_session
from studio.app.session_moves import rename_session, repair_recording, trash
from studio.app.stream_pages import StreamPages
from studio.app.volume import usable_space
from studio.host.panel_queries import panel_answer
from studio.host.protocol import (
    AppendNotes,
    EditDataset,
    EditSession,
    ExportNotes,
    ListSessions,
    ListStreams,
    LookIntoFolder,
    OpenRecording,
    ReadNeighbours,
    ReadNotes,
    ReadSpace,
    ReadStamps,
    RenameSession,
    RepairRecording,
    TrashSession,
)
from studio.store.notes_journal import read_tail


class Queries:
    """Answers one question at a time; keeps what makes the next one quick."""

    def __init__(
        self,
        *,
        on_opening: Callable[[Path], None] | None = None,
        on_listing: Callable[[Path, float], None] | None = None,
        avoided: Mapping[str, str] | None = None,
    ) -> None:
        """See `Catalog`. `on_listing` hears now and then how much is done of what takes long in a file."""
        self._listings = ListingMemory(on_progress=on_listing)
        self._browser = Browser(on_opening=on_opening, listings=self._listings)
        self._pages = StreamPages(self._browser)
        self._catalog = Catalog(on_opening=on_opening, avoided=avoided, memory=CatalogMemory())

    def answer(self, query: object) -> object:
        """The value that the protocol promises; raises StudioError in people's words."""
        browser = self._browser
        match query:
            case ListSessions(folder=folder):
                return self._catalog.list_sessions(Path(folder))
            case OpenRecording(path=path):
                info = browser.open_recording(path)
                self._catalog.look_again(Path(path))  # it can be opened after all
                return info
            case ReadNeighbours(path=path, stream=stream, time=time):
                return browser.read_neighbours(path, stream, time)
            case ReadStamps(paths=paths):
                return tuple(stamp_of(path) for path in paths)
            case ReadNotes(path=path, offset=offset, file=file):
                return read_tail(Path(path), offset, file)
            case AppendNotes(path=path, entries=entries, offset=offset, file=file):
                return append_notes(Path(path), entries, offset, file)
            case ExportNotes(paths=paths, target=target, origin_time=origin_time):
                return export_notes([Path(path) for path in paths], Path(target), origin_time)
            case ReadSpace(folder=folder):
                return usable_space(Path(folder))
            case _:
                return self._answer_about_sessions(query)

    def _answer_about_sessions(self, query: object) -> object:
        match query:
            case LookIntoFolder(folder=folder, epoch=epoch, version=version):
                return self._catalog.look(folder, epoch, version)
            case ListStreams(path=path, first=first, count=count, find=find):
                return self._pages.page(path, first, count, find)
            case EditSession(path=path, change=change, created=created):
                return change_session(Path(path), change, created=created)
            case EditDataset(path=path, change=change):
                return change_dataset(Path(path), change)
            case RenameSession(path=path, name=name, created=created):
                self._let_go()
                return str(rename_session(Path(path), name, created=created))
            case TrashSession(paths=paths):
                self._let_go()
                trash([Path(path) for path in paths])
                return None
            case RepairRecording(path=path):
                return repair_recording(Path(path), partial(self._listings.tell, Path(path)))
            case _:
                return panel_answer(self._browser, query)

    def _let_go(self) -> None:
        """What is open cannot be moved everywhere."""
        self._pages.forget()
        self._browser.close()

    def close(self) -> None:
        """Close all files. Idempotent."""
        self._catalog.close()
        self._browser.close()
