"""A menu of what is inside the messages of a JSON stream: one member as a curve, or as text, of its own.

What there is has to be asked for; the menu says so until the answer is there. Adds lines; decides nothing.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMenu

from studio.formats.members import Members
from studio.formats.recording import StreamRef
from studio.host.inside_protocol import ReadMembers
from studio.ui.panels.panel_plan import PanelKind
from studio.ui.panels.questions import Questions, Reader

LOOKING = "looking into the messages…"
NOTHING_INSIDE = "neither numbers nor texts inside"

Add = Callable[[PanelKind, str], None]
"""A panel of this kind, of this member, is wanted."""


class MemberMenu(QObject):
    """Fills one menu when it is about to be shown, and again when the answer has come."""

    def __init__(self, menu: QMenu, reader: Reader, ref: StreamRef, add: Add) -> None:
        super().__init__(menu)
        self._menu, self._add = menu, add
        self._query = ReadMembers(ref.path, ref.name)
        self._questions = Questions(reader, self._take_members, self._take_words)
        menu.aboutToShow.connect(self._on_about_to_show)
        menu.destroyed.connect(self._questions.close)

    @Slot()
    def _on_about_to_show(self) -> None:
        if self._menu.isEmpty():
            self._say(LOOKING)
            self._questions.want(self._query)

    def _take_words(self, text: str) -> None:
        if text:
            self._say(text)

    def _take_members(self, members: Members) -> None:
        self._say("" if members.numbers or members.texts else NOTHING_INSIDE)
        for kind, names in ((PanelKind.SERIES, members.numbers), (PanelKind.TEXT, members.texts)):
            if names and kind is PanelKind.TEXT and members.numbers:
                self._menu.addSeparator()
            for name in names:
                action = self._menu.addAction(name.replace("&", "&&") or '""')
                action.setObjectName(f"member_{kind.value}_{name}")
                action.triggered.connect(_adder(self._add, kind, name))

    def _say(self, text: str) -> None:
        self._menu.clear()
        if text:
            self._menu.addAction(text).setEnabled(False)


def _adder(add: Add, kind: PanelKind, name: str) -> Callable[[], None]:
    return lambda: add(kind, name)
