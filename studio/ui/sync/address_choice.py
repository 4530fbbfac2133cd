"""A field for an address of this machine: typed, or picked from those it has, by the names of interfaces."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit

from studio.app.clock_sync import OwnAddress
from studio.ui import readable


class AddressChoice(QComboBox):
    """Its line has the address and nothing else; empty: left to the studio."""

    wanted = Signal()  # the addresses that there are now
    picked = Signal()

    def __init__(self, line: QLineEdit, left_open: str) -> None:
        """`left_open`: what is said of no address."""
        super().__init__()
        self._line, self._left_open = line, left_open
        self._addresses: tuple[OwnAddress, ...] | None = None
        self.setEditable(True)
        self.setLineEdit(line)
        self.setAccessibleName(line.accessibleName())
        self.setToolTip(line.toolTip())
        self.setCompleter(None)  # type: ignore[arg-type]  # Qt takes a null here
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.activated.connect(self._on_activated)
        self.show_addresses(())

    def show_addresses(self, addresses: tuple[OwnAddress, ...]) -> None:
        """Offer these; what is typed stays."""
        if addresses == self._addresses:
            return
        self._addresses = addresses
        line = self._line
        text, is_modified = line.text(), line.isModified()
        self.clear()
        self.addItem(self._left_open[:1].upper() + self._left_open[1:], "")
        for one in addresses:
            self.addItem(address_text(one), one.address)
        self.setCurrentIndex(-1)
        line.setText(text)
        line.setModified(is_modified)
        room = max(self.fontMetrics().horizontalAdvance(self.itemText(n)) for n in range(self.count()))
        self.view().setMinimumWidth(room + 32)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Somebody may want to choose."""
        super().showEvent(event)
        self.wanted.emit()

    def showPopup(self) -> None:  # noqa: N802
        """Somebody chooses; a cable may have been plugged in meanwhile."""
        self.wanted.emit()
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Whoever scrolls past does not mean to serve elsewhere."""
        event.ignore()

    @Slot(int)
    def _on_activated(self, number: int) -> None:
        self._line.setText(str(self.itemData(number) or ""))
        self.picked.emit()


def address_text(one: OwnAddress) -> str:
    """`10.0.0.5 · eth0`."""
    where = f"{one.interface}, this machine only" if one.is_loopback else one.interface
    return f"{one.address}{readable.SPACE}\u00b7{readable.SPACE}{where}"
