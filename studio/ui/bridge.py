"""The one crossing between the threads of the connections and the GUI thread.

Owns the links to the other processes while a window is open. Sends without waiting; answers, failures and
status arrive on the GUI thread. Decides nothing and shows nothing. Frames and samples do not come this way:
they are pulled from the rings by display timers.
"""

import itertools
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot

from studio.app.status import RecorderStatus
from studio.devices.device import DeviceInfo
from studio.errors import RemoteFailure, StudioError
from studio.host.job_client import JobClient, OnProgress, RunningJob
from studio.host.job_protocol import Job
from studio.host.player_client import PlayerClient
from studio.host.protocol import CatalogQuery, Command, Query
from studio.host.reader_signs import Listing
from studio.ui.playback.player_port import MakePlayerLink, PlayerPort

OnReply = Callable[[Any], None]
OnFailure = Callable[[str], None]
Refusals = Mapping[str, OnFailure]
"""Who is told of a failure of some kind: the name of an error's class."""


class RecorderLink(Protocol):
    """The connection to the recorder; `host.client.RecorderClient` is one."""

    def open(self) -> None:
        """Begin to connect; returns at once."""
        ...

    def request(self, command: Command) -> Future[object]:
        """Send a command; returns at once."""
        ...

    def close(self) -> None:
        """Leave; the recorder goes on with what it does."""
        ...


class ReaderLink(Protocol):
    """The connection to the process that reads files."""

    def request(self, query: Query) -> Future[object]:
        """Send a query; returns at once."""
        ...

    def close(self) -> None:
        """End the process."""
        ...


class DevicesLink(Protocol):
    """The search for devices; `host.devices_client.DevicesClient` is one."""

    def discover(self) -> Future[tuple[DeviceInfo, ...]]:
        """Look for devices, for at most some seconds; returns at once."""
        ...

    def close(self) -> None:
        """End what still searches."""
        ...


class JobsLink(Protocol):
    """Starts long pieces of work; `host.job_client.JobClient` is one."""

    def start(self, job: Job, on_progress: OnProgress) -> RunningJob:
        """Start it; returns at once. Progress comes on another thread."""
        ...

    def close(self) -> None:
        """Call off what still runs."""
        ...


class OpeningLink(Protocol):
    """What takes long in the reader; `host.reader_client.ReaderClient` is one."""

    def hear(
        self, on_listing: Callable[[Listing], None], on_silence: Callable[[str], None] | None = None
    ) -> None:
        """Who hears, on other threads, how far the reader is, and over which file it is silent."""
        ...

    def call_off(self) -> None:
        """Wait for it no longer."""
        ...


@dataclass(frozen=True, slots=True)
class RecorderCallbacks:
    """What a recorder link calls, on a thread of its own."""

    on_status: Callable[[RecorderStatus], None]
    on_lost: Callable[[str], None]
    on_connected: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Links:
    """How a bridge reaches the other processes."""

    recorder: Callable[[RecorderCallbacks], RecorderLink]
    """Makes the link, not yet open."""
    reader: ReaderLink
    devices: Callable[[Callable[[str], None]], DevicesLink]
    """Makes the search; it calls back, on a thread of its own, with what a user should know."""
    jobs: JobsLink = field(default_factory=JobClient)
    catalog: ReaderLink | None = None
    """Another reader, for what is asked about folders of sessions; None: the same."""
    player: MakePlayerLink = PlayerClient
    openings: OpeningLink | None = None
    """The reader, where it tells how far it is."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who waits for an answer. Stays on the GUI thread: what a widget gave may die nowhere else."""

    on_reply: OnReply | None
    on_failure: OnFailure | None
    refusals: Refusals = field(default_factory=dict)


class Bridge(QObject):
    """Commands and queries out, status and answers in. Use it on the GUI thread only."""

    status_changed = Signal(object)  # RecorderStatus, newest only
    recorder_lost = Signal(str)  # what happened, in people's words
    recorder_connected = Signal()
    noted = Signal(str)  # what the search for devices wants to be known
    failed = Signal(str)  # the text of a failure that nobody asked to be told
    listing = Signal(object)  # Listing: how far the reader is with very many streams
    reading_hangs = Signal(str)  # path of the file over which the reader is silent

    _status_arrived = Signal()
    _settled = Signal(object, object)  # the number of what was asked, its Future

    def __init__(self, links: Links, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._devices = links.devices(self._take_note)
        self._reader = links.reader
        self._catalog = links.catalog or links.reader
        self._openings = links.openings
        if self._openings is not None:
            self._openings.hear(self.listing.emit, self.reading_hangs.emit)
        self.jobs = links.jobs
        self.player = PlayerPort(links.player, self)
        self._recorder = links.recorder(
            RecorderCallbacks(self._take_status, self._take_lost, self._take_connected)
        )
        self._newest_status: RecorderStatus | None = None
        self._status_pending = False
        self._closed = False
        self._numbers = itertools.count(1)
        self._asked: dict[int, _Asked] = {}
        queued = Qt.ConnectionType.QueuedConnection
        self._status_arrived.connect(self._on_status_arrived, queued)
        self._settled.connect(self._on_settled, queued)

    def open(self) -> None:
        """Begin to connect; `recorder_connected` follows."""
        self._recorder.open()

    def send(
        self,
        command: Command,
        on_reply: OnReply | None = None,
        on_failure: OnFailure | None = None,
        refusals: Refusals | None = None,
    ) -> None:
        """Ask the recorder to do something. Without `on_failure`, a failure is told by `failed`.

        A failure of a kind that is among the `refusals` is told there instead.
        """
        self._hand_over(lambda: self._recorder.request(command), on_reply, on_failure, refusals)

    def ask(self, query: Query, on_reply: OnReply, on_failure: OnFailure | None = None) -> None:
        """Ask something about recordings."""
        reader = self._catalog if isinstance(query, CatalogQuery) else self._reader
        self._hand_over(lambda: reader.request(query), on_reply, on_failure)

    def call_off_listing(self) -> None:
        """Do not wait for what `listing` tells of."""
        if self._openings is not None:
            self._openings.call_off()

    def discover(self, on_reply: OnReply, on_failure: OnFailure | None = None) -> None:
        """Look for devices; the reply is a tuple of DeviceInfo."""
        self._hand_over(self._devices.discover, on_reply, on_failure)

    def close(self) -> None:
        """Leave the other processes; answers that are still on their way are dropped. Idempotent."""
        if self._closed:
            return
        self._closed = True
        self._recorder.close()
        self._reader.close()
        if self._catalog is not self._reader:
            self._catalog.close()
        self._devices.close()
        self.jobs.close()
        self.player.close()
        self._asked.clear()

    def _hand_over(
        self,
        begin: Callable[[], Future[Any]],
        on_reply: OnReply | None,
        on_failure: OnFailure | None,
        refusals: Refusals | None = None,
    ) -> None:
        if self._closed:
            return
        future: Future[Any]
        try:
            future = begin()
        except StudioError as error:
            future = Future()
            future.set_exception(error)
        number = next(self._numbers)
        self._asked[number] = _Asked(on_reply, on_failure, refusals or {})
        # The future must not reach itself: it would keep its answer, a picture, until garbage is collected.
        future.add_done_callback(lambda done: self._settled.emit(number, done))

    # Called on threads of the connections ---------------------------------------------------------------

    def _take_status(self, status: RecorderStatus) -> None:
        # Newest only: a window that was busy gets one status, not all it missed.
        self._newest_status = status
        if not self._status_pending:
            self._status_pending = True
            self._status_arrived.emit()

    def _take_lost(self, text: str) -> None:
        self.recorder_lost.emit(text)

    def _take_note(self, text: str) -> None:
        self.noted.emit(text)

    def _take_connected(self) -> None:
        self.recorder_connected.emit()

    # On the GUI thread ----------------------------------------------------------------------------------

    @Slot()
    def _on_status_arrived(self) -> None:
        self._status_pending = False  # before the read, or a newer one could be missed
        if not self._closed and self._newest_status is not None:
            self.status_changed.emit(self._newest_status)

    @Slot(object, object)
    def _on_settled(self, number: int, future: Future[Any]) -> None:
        if self._closed:
            return
        asked = self._asked.pop(number)
        try:
            value = future.result(timeout=0)
        except CancelledError:
            self._fail(asked, "This was called off because the connection was closed.")
        except RemoteFailure as error:
            told = asked.refusals.get(error.kind)
            if told is not None:
                told(str(error))
            else:
                self._fail(asked, str(error))
        except StudioError as error:
            self._fail(asked, str(error))
        except Exception as error:  # the outer edge: whatever went wrong over there is shown
            self._fail(asked, f"Something unexpected went wrong ({type(error).__name__}: {error}).")
        else:
            if asked.on_reply is not None:
                asked.on_reply(value)

    def _fail(self, asked: _Asked, text: str) -> None:
        if asked.on_failure is not None:
            asked.on_failure(text)
        else:
            self.failed.emit(text)
