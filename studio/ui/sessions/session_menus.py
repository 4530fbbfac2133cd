"""The menus of the list of sessions: for a row, and for the list itself. They tell wishes, do nothing."""

from collections.abc import Callable, Iterable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from studio.ui.named import named
from studio.ui.sessions.session_book import Order
from studio.ui.sessions.tree_columns import COLUMNS, HEADINGS, Column
from studio.ui.theme import Theme

Deed = Callable[[], object]


class MenuMaker:
    """Fills one menu."""

    def __init__(self, theme: Theme, parent: QWidget, name: str) -> None:
        self.menu = named(QMenu(parent), name)
        self.menu.setToolTipsVisible(True)
        self._theme = theme

    def add(self, text: str, deed: Deed, *, icon: str = "", enabled: bool = True, hint: str = "") -> QAction:
        """A line that does something."""
        action = self.menu.addAction(text)
        if icon:
            action.setIcon(self._theme.icon(icon))
        action.setEnabled(enabled)
        action.setToolTip(hint)
        action.triggered.connect(lambda _checked=False: deed())
        return action

    def add_all(self, actions: Iterable[QAction]) -> None:
        """What other parts of the studio offer."""
        found = list(actions)
        if found:
            self.separate()
        for action in found:
            action.setParent(self.menu)
            self.menu.addAction(action)

    def separate(self) -> None:
        """A line between groups."""
        self.menu.addSeparator()


def fill_columns(
    menu: QMenu, shown: Iterable[Column], choose: Callable[[tuple[Column, ...]], object]
) -> None:
    """Ticks for the columns beside the name; `choose` is told those that are wanted."""
    chosen = set(shown)
    for column in COLUMNS[1:]:
        action = menu.addAction(HEADINGS[column])
        action.setCheckable(True)
        action.setChecked(column in chosen)
        wanted = chosen ^ {column}
        ordered = tuple(each for each in COLUMNS if each in wanted)
        action.triggered.connect(lambda _checked=False, ordered=ordered: choose(ordered))


def fill_order(menu: QMenu, order: Order, choose: Callable[[Order], object]) -> None:
    """What to sort by; the one that is chosen turns the order round."""
    for column in COLUMNS:
        action = menu.addAction(HEADINGS[column])
        action.setCheckable(True)
        action.setChecked(column is order.column)
        greatest_first = not order.greatest_first if column is order.column else column is not Column.NAME
        wanted = Order(column, greatest_first)
        action.triggered.connect(lambda _checked=False, wanted=wanted: choose(wanted))
