"""Follows which streams are selected, and asks for what only their times tell, while somebody looks."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from studio.app.answers import StreamFacts
from studio.formats.recording import StreamRef
from studio.host.protocol import ReadStreamFacts
from studio.ui.sessions.tree_nodes import Node, NodeKind, StreamValue

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow

MOST = 500
"""Streams whose times are looked at; of more than these only what the list knows is summed up."""


class StreamReading(QObject):
    """Fills the box of properties of one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._panel = window, window.session_panel
        self._tree = window.sessions_dock.list
        self._streams: tuple[StreamValue, ...] = ()
        self._facts: dict[StreamRef, StreamFacts] = {}
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._look)
        self._tree.selectionModel().selectionChanged.connect(self._timer.start)
        self._tree.model().layoutChanged.connect(self._timer.start)
        self._panel.visibilityChanged.connect(self._timer.start)

    @Slot()
    def _look(self) -> None:
        if not self._panel.isVisible():
            return
        streams = streams_of(self._tree.selected_nodes)
        if streams == self._streams:
            return
        kept = {stream.ref: stream for stream in self._streams if stream in streams}
        self._facts = {ref: fact for ref, fact in self._facts.items() if ref in kept}
        self._streams = streams
        self._show()
        self._ask([stream for stream in streams if stream.ref not in self._facts])

    def _ask(self, streams: Sequence[StreamValue]) -> None:
        names: dict[str, list[str]] = {}
        for stream in streams if len(self._streams) <= MOST else ():
            names.setdefault(stream.ref.path, []).append(stream.ref.name)
        for path, chosen in names.items():
            self._window.bridge.ask(
                ReadStreamFacts(path, tuple(chosen)), partial(self._take, path), self._on_unreadable
            )

    def _take(self, path: str, facts: tuple[StreamFacts, ...]) -> None:
        wanted = {stream.ref for stream in self._streams}
        found = {StreamRef(path, fact.stream): fact for fact in facts}
        self._facts.update((ref, fact) for ref, fact in found.items() if ref in wanted)
        self._show()

    def _on_unreadable(self, _text: str) -> None:
        """The list of sessions says of a recording that it cannot be read."""

    def _show(self) -> None:
        self._panel.streams.show_streams(self._streams, self._facts)


def streams_of(nodes: Sequence[Node]) -> tuple[StreamValue, ...]:
    """The streams of these rows and of those below them that have been looked into, each once."""
    found: dict[StreamRef, StreamValue] = {}
    for node in nodes:
        if node.kind is NodeKind.STREAM:
            found[node.value.ref] = node.value
        elif node.kind in (NodeKind.GROUP, NodeKind.PARTITION):
            found.update((stream.ref, stream) for stream in streams_of(node.children))
    return tuple(found.values())
