"""What the parts of the panel "Clock and network" are laid out with: headings, hints, an address line."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.theme import Theme

GAP = 8
HIGHEST_PORT = 65535
TEXT_MARGIN = 6


def heading(text: str) -> QLabel:
    """The title of a part."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def hint(theme: Theme, text: str = "") -> QLabel:
    """Muted words that wrap and can be copied."""
    label = QLabel(text, wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    tint(label, theme, "muted")
    return label


def column(parent: QWidget, *, spacing: int = GAP) -> QVBoxLayout:
    """Parts below each other, without margins of its own."""
    lines = QVBoxLayout(parent)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setSpacing(spacing)
    return lines


def add_button(lines: QVBoxLayout, button: QAbstractButton) -> None:
    """Add a box or a circle with words: as wide as these, so that all of it can be pressed."""
    lines.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)


def show_text(label: QLabel, text: str) -> None:
    """Show a text, or take no room; what somebody has selected stays selected while nothing changes."""
    if label.text() != text:
        label.setText(text)
    label.setVisible(bool(text))


def port_box(name: str, what: str) -> QSpinBox:
    """A field for a port."""
    box = named(QSpinBox(minimum=1, maximum=HIGHEST_PORT), name)
    box.setAccessibleName(what)
    box.setToolTip(what)
    box.setFixedWidth(box.fontMetrics().horizontalAdvance("65535") + 36)
    return settled(box)


AnySpinBox = TypeVar("AnySpinBox", bound=QAbstractSpinBox)


def settled(box: AnySpinBox) -> AnySpinBox:
    """The same field, which tells a number when it is typed in full, not at each figure of it."""
    box.setKeyboardTracking(False)
    # The padding of the style sheet does not reach the line inside.
    box.lineEdit().setTextMargins(TEXT_MARGIN, 0, 0, 0)
    return box


def host_line(name: str, what: str, example: str) -> QLineEdit:
    """A field for a name or an address of a machine."""
    line = named(QLineEdit(placeholderText=example, maxLength=253), name)
    line.setAccessibleName(what)
    line.setToolTip(what)
    return line


class AddressLine(QWidget):
    """Host and port beside each other."""

    def __init__(self, host: QLineEdit, port: QSpinBox, shown: QWidget | None = None) -> None:
        """`shown`: what the line for the host is part of, if it does not stand by itself."""
        super().__init__()
        self.host, self.port = host, port
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GAP)
        line.addWidget(host if shown is None else shown, 1)
        line.addWidget(port)

    def show_address(self, host: str, port: int) -> None:
        """Show it, but never under the hands of who types."""
        if not (self.host.hasFocus() and self.host.isModified()) and self.host.text() != host:
            self.host.setText(host)
        if not self.port.hasFocus() and self.port.value() != port:
            self.port.setValue(port)

    @property
    def address(self) -> tuple[str, int]:
        """As it is typed."""
        return self.host.text().strip(), self.port.value()
