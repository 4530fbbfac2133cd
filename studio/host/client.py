"""The window's link to the recorder: commands out, answers and status in, never blocking the caller.

Owns one thread, which finds or starts the recorder, connects, receives, and connects anew after a loss; and
one that sends. Callbacks come on these threads. A recording outlives the link (decision 18).
"""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from studio.app.status import RecorderState, RecorderStatus
from studio.engine.threads import StudioThread, spawn
from studio.errors import RemoteProtocolError, RoleError, StudioError
from studio.host.channel import Channel
from studio.host.codec import decode, encode
from studio.host.pending import Pending
from studio.host.protocol import Command, Failure, Farewell, Quit, Reply, Request
from studio.host.recorder_search import RecorderSearch
from studio.host.roles import StartedRole
from studio.host.run_directory import RunDirectory
from studio.timing import NS_PER_MS, NS_PER_S, wait_on

SEND_STALL_S = 5.0
CLOSE_S = 5.0
UNSENT = 64
"""Commands that may wait to be sent; more are refused."""
RETRY_AFTER = NS_PER_S
"""After a recorder could not be started."""
PAUSE_BEFORE_REATTACHING = 50 * NS_PER_MS

OnStatus = Callable[[RecorderStatus], None]
OnLost = Callable[[str], None]


class RecorderClient:
    """Starts or finds the recorder, and stays connected to it until `close`."""

    def __init__(
        self,
        *,
        on_status: OnStatus,
        on_lost: OnLost,
        on_connected: Callable[[], None] | None = None,
        recorder_arguments: Sequence[str] = (),
        started: StartedRole | None = None,
    ) -> None:
        """The callbacks come on the connection's thread; `on_lost` gets a sentence for people.

        `started` is a recorder that was started ahead; it is ours from now on.
        """
        self._on_status = on_status
        self._on_lost = on_lost
        self._on_connected = on_connected
        self._arguments = tuple(recorder_arguments)
        self._started = started
        self._pending = Pending()
        self._unsent: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._thread: StudioThread | None = None
        self._last_status: RecorderStatus | None = None
        self._farewell = ""
        self._has_quit = False
        self._told = ""

    def open(self) -> None:
        """Begin to connect; returns at once. `on_connected` follows, or `on_lost` says why not."""
        if self._thread is None:
            self._thread = spawn("recorder-link", self._run, self._failed)

    def request(self, command: Command) -> Future[object]:
        """Send a command once there is a connection; the answer or a StudioError comes in the future."""
        request, future = self._pending.add(command)
        if isinstance(command, Quit):
            future.add_done_callback(self._note_quit)
        if self._closing.is_set() or self._thread is None or not self._thread.is_alive:
            self._pending.fail(request.number, RoleError("There is no connection to the recorder."))
        elif self._unsent.qsize() >= UNSENT:
            self._pending.fail(
                request.number, RoleError("The recorder does not take commands at the moment.")
            )
        else:
            self._unsent.put(request)
        return future

    def close(self) -> None:
        """End the link; the recorder goes on with what it does. Idempotent."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(CLOSE_S)
        self._pending.fail_all(RoleError("The connection to the recorder was closed before it answered."))

    def _note_quit(self, future: Future[object]) -> None:
        self._has_quit = future.exception() is None

    def _run(self, cancelled: threading.Event) -> None:
        search = RecorderSearch(RunDirectory.open(), self._arguments, self._started)
        try:
            while not self._closing.is_set():
                try:
                    channel = search.attach_or_start(self._closing)
                except RoleError as error:
                    self._tell_lost(str(error))
                    wait_on(self._closing, RETRY_AFTER)
                    continue
                if channel is None:
                    return
                self._use(channel)
                self._look_whether_it_lives(search)
                if self._has_quit:
                    return
        finally:
            search.let_go()

    def _look_whether_it_lives(self, search: RecorderSearch) -> None:
        """After the end of a connection: a recorder that only dropped us is no loss."""
        while not (self._closing.is_set() or self._has_quit):
            channel = None if self._farewell else search.attach(self._closing)
            if channel is None:
                self._tell_lost(loss_sentence(self._last_status, self._farewell))
                return
            wait_on(self._closing, PAUSE_BEFORE_REATTACHING)
            self._use(channel)

    def _use(self, channel: Channel) -> None:
        """Send and receive until the connection ends."""
        ended = threading.Event()
        self._farewell = ""
        sending = spawn("recorder-link-out", lambda _: self._send(channel, ended), self._failed)
        self._told = ""
        try:
            if self._on_connected is not None:
                self._on_connected()
            while not self._has_quit:
                self._take(decode(channel.receive(self._closing)))
        except (EOFError, OSError, RemoteProtocolError):
            pass  # the end of this connection; `_run` looks what it means
        finally:
            ended.set()
            self._unsent.put(None)
            sending.join()
            channel.close()
            self._pending.fail_all(RoleError("The recorder process ended before it answered."))

    def _send(self, channel: Channel, ended: threading.Event) -> None:
        while not ended.is_set():
            request = self._unsent.get()
            if request is None or not self._pending.is_waiting(request.number):
                continue  # who asked was told already that it will not happen
            try:
                channel.send(encode(request), ended, stall_s=SEND_STALL_S)
            except StudioError as error:
                self._pending.fail(request.number, error)
            except (EOFError, OSError) as error:
                self._pending.fail(
                    request.number, RoleError(f"The recorder did not take the command: {error}.")
                )
                return

    def _take(self, message: Any) -> None:
        match message:
            case RecorderStatus():
                self._last_status = message
                self._on_status(message)
            case Farewell(text=text):
                self._farewell = text
            case Reply() | Failure():
                self._pending.settle(message)
            case _:
                raise RemoteProtocolError(f"the recorder sent a {type(message).__name__}")

    def _tell_lost(self, sentence: str) -> None:
        self._pending.fail_all(RoleError(sentence))
        if sentence != self._told:  # once, not at each try to start it anew
            self._told = sentence
            self._on_lost(sentence)

    def _failed(self, error: BaseException) -> None:
        """Our thread failed: told like a loss, so that nobody waits for ever."""
        text = (
            str(error) if isinstance(error, StudioError) else f"The link to the recorder failed: {error!r}."
        )
        self._tell_lost(text)


def loss_sentence(last: RecorderStatus | None, farewell: str) -> str:
    """What to tell people about the end of the recorder process."""
    if farewell:
        return farewell
    if last is None or last.state not in (RecorderState.RECORDING, RecorderState.FINISHING) or not last.path:
        return "The recorder process ended unexpectedly. Nothing was being recorded; it is started anew."
    return (
        f"The recorder process ended unexpectedly. The recording {last.path} is safe up to "
        f"{_safe_until(last)}. The recorder is started anew; nothing is recorded until you go on, in a new "
        "file of the same session."
    )


def _safe_until(last: RecorderStatus) -> str:
    if last.committed_time == 0:
        return "about half a second before that"
    return f"{datetime.fromtimestamp(last.committed_time // NS_PER_S):%H:%M:%S}"
