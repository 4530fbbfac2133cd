"""Which key does what while the timeline has the focus. Knows no widget.

Keys that the whole window answers to are actions; these here would clash there: with letters in a search
field, with lists that have their own arrows and Ctrl+A, with the letters of the menu bar.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent

from studio.ui.timeline.navigator import Navigator

_IGNORED = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier


FAR_STEP = 10


class TimelineKeys:
    """A table of keys; `press` and `claims` look a key event up."""

    def __init__(self, navigator: Navigator, step_cursor: Callable[[int], object]) -> None:
        """`step_cursor` moves the cursor by so many pixels."""
        self._moves: dict[QKeyCombination, Callable[[], object]] = {}
        for key, move in {
            Qt.Key.Key_Home: navigator.go_home,
            Qt.Key.Key_End: navigator.go_end,
            Qt.Key.Key_Plus: navigator.zoom_in,
            Qt.Key.Key_Equal: navigator.zoom_in,
            Qt.Key.Key_Minus: navigator.zoom_out,
            Qt.Key.Key_0: navigator.zoom_session,
            Qt.Key.Key_Space: navigator.hold_or_follow,
            Qt.Key.Key_Escape: navigator.clear_selection,
        }.items():
            self.add(key, move)
        control, alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
        for key, pixels in ((Qt.Key.Key_Left, -1), (Qt.Key.Key_Right, 1)):
            self.add(key, partial(step_cursor, pixels))
            self.add(QKeyCombination(control, key), partial(step_cursor, FAR_STEP * pixels))
            self.add(QKeyCombination(alt, key), partial(navigator.shift_selection, pixels))

    def add(self, keys: QKeyCombination | Qt.Key, move: Callable[[], object]) -> None:
        """`keys` do this from now on."""
        self._moves[keys if isinstance(keys, QKeyCombination) else QKeyCombination(keys)] = move

    def claims(self, event: QEvent) -> bool:
        """Whether it is one of these keys."""
        return isinstance(event, QKeyEvent) and _combination(event) in self._moves

    def press(self, event: QKeyEvent) -> bool:
        """Do what the key says; False: it says nothing here."""
        move = self._moves.get(_combination(event))
        if move is None:
            return False
        move()
        return True


def _combination(event: QKeyEvent) -> QKeyCombination:
    modifiers = event.modifiers() & ~_IGNORED
    # Some keyboards need Shift for plus.
    if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    return QKeyCombination(modifiers, Qt.Key(event.key()))
