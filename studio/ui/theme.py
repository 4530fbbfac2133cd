"""The look that is shown: colours, icons, fonts of the chosen theme. Widgets ask here, never for a literal.

Colours: `colour(role)` with the roles of `theme_tokens.ROLES`; `stream_colour(index)`. Icons: `icon(name)` of
`resources/icons/NAME.svg`, one family (24 px grid, 2 px strokes), tinted. A widget that paints itself
connects `changed` to its `update`; those drawn by Qt follow by palette and style sheet.
"""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from studio.ui.theme_tokens import ThemeName, ThemeTokens, read_tokens

SYSTEM = "system"
"""The choice that follows the desktop."""

_ICON_SIZES = (16, 20, 24, 32, 48, 64)
"""Pixels; enough for 16 and 24 px at every scale up to 200 %."""


class Theme(QObject):
    """The theme in use and the choice behind it."""

    changed = Signal()

    def __init__(self, choice: str = SYSTEM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice = choice
        self._name = self._resolve()
        self._tokens = read_tokens(self._name)
        self._icons: dict[tuple[str, str], QIcon] = {}

    @property
    def choice(self) -> str:
        """`system`, `dark` or `light`."""
        return self._choice

    @property
    def name(self) -> ThemeName:
        """The theme that is shown."""
        return self._name

    @property
    def tokens(self) -> ThemeTokens:
        """Its colours as a value."""
        return self._tokens

    def colour(self, role: str) -> QColor:
        """The colour of a role; an unknown role is a KeyError."""
        return QColor(self._tokens.colours[role])

    def stream_colour(self, index: int) -> QColor:
        """The colour of a stream or channel."""
        return QColor(self._tokens.stream(index))

    def icon(self, name: str, role: str = "text") -> QIcon:
        """An icon in the colour of a role, greyed where it is disabled."""
        key = (name, role)
        if key not in self._icons:
            self._icons[key] = _tinted(name, self.colour(role), self.colour("border"))
        return self._icons[key]

    def apply(self, application: QApplication) -> None:
        """Give the application this look and follow the desktop from now on."""
        application.setStyle("Fusion")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self._paint(application)

    def choose(self, choice: str) -> None:
        """Show `system`, `dark` or `light`."""
        self._choice = choice
        self._update()

    def _resolve(self) -> ThemeName:
        if self._choice != SYSTEM:
            return ThemeName(self._choice)
        light = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        # A desktop that does not say gets the dark one: a lit screen disturbs most experiments.
        return ThemeName.LIGHT if light else ThemeName.DARK

    @Slot()
    def _on_scheme_changed(self) -> None:
        self._update()

    def _update(self) -> None:
        name = self._resolve()
        if name == self._name:
            return
        self._name = name
        self._tokens = read_tokens(name)
        self._icons.clear()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            self._paint(application)
        self.changed.emit()

    def _paint(self, application: QApplication) -> None:
        application.setPalette(self._palette())
        application.setStyleSheet(self._tokens.style_sheet())

    def _palette(self) -> QPalette:
        palette = QPalette()
        role = QPalette.ColorRole
        for target, source in {
            role.Window: "background",
            role.WindowText: "text",
            role.Base: "surface",
            role.AlternateBase: "raised",
            role.Text: "text",
            role.PlaceholderText: "muted",
            role.Button: "raised",
            role.ButtonText: "text",
            role.ToolTipBase: "raised",
            role.ToolTipText: "text",
            role.Highlight: "accent",
            role.HighlightedText: "on_accent",
            role.Link: "accent",
            role.Mid: "border",
            role.Dark: "border",
        }.items():
            palette.setColor(target, self.colour(source))
        for target in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, target, self.colour("muted"))
        return palette


def figures_font(base: QFont, *, scale: float = 1.0, bold: bool = False) -> QFont:
    """`base` with figures that are all equally wide, so that running numbers do not dance."""
    font = QFont(base)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setPointSizeF(base.pointSizeF() * scale)
    font.setBold(bold)
    return font


@cache
def _svg(name: str) -> str:
    return _icons().joinpath(f"{name}.svg").read_text(encoding="utf-8")


@cache
def _icons() -> Traversable:
    return files("studio.resources").joinpath("icons")


def _tinted(name: str, colour: QColor, disabled: QColor) -> QIcon:
    icon = QIcon()
    for tint, mode in ((colour, QIcon.Mode.Normal), (disabled, QIcon.Mode.Disabled)):
        drawing = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", tint.name()).encode()))
        for size in _ICON_SIZES:
            icon.addPixmap(_rendered(drawing, size), mode)
    return icon


def _rendered(drawing: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    drawing.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap
