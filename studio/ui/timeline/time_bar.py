"""The row above the panels: back to live, how much time is in view, and the ruler."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from studio.ui.panels.panel import PLOT_LEFT
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.panels.time_text import span_text
from studio.ui.theme import Theme, figures_font
from studio.ui.timeline.ruler import Ruler
from studio.ui.timeline.time_view import TimeView
from studio.ui.timeline.timing import Timing


class TimeBar(QWidget):
    """Shows the state of a `TimeView`; asks for nothing but to follow or to show all."""

    follow_requested = Signal()
    whole_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.ruler = Ruler(theme, self)
        self.live_button = QPushButton("LIVE", self)
        self.live_button.setObjectName("live_button")
        self.live_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.live_button.clicked.connect(self.follow_requested)
        self.whole_button = QToolButton(self)
        self.whole_button.setObjectName("zoom_session_button")
        self.whole_button.setToolTip("Show the whole recording (double-click a panel to fit its values)")
        self.whole_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.whole_button.setAutoRaise(True)
        self.whole_button.setIconSize(QSize(16, 16))
        self.whole_button.clicked.connect(self.whole_requested)
        self.play_button = QToolButton(self)
        self.play_button.setObjectName("play_seen_button")
        self.play_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.play_button.setAutoRaise(True)
        self.play_button.setIconSize(QSize(16, 16))
        self.play_button.hide()
        self.span_label = QLabel(self)
        self.span_label.setObjectName("timeline_span")
        self.span_label.setFont(figures_font(self.font(), scale=0.9))
        self._lay_out()
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_view(self, view: TimeView, frame: TimeFrame, timing: Timing) -> None:
        """Say what is in view."""
        self.ruler.show_frame(frame, timing)
        self.live_button.setVisible(view.is_live)
        self.whole_button.setVisible(not view.is_live)
        self.whole_button.setEnabled(not view.is_whole)
        if view.is_live and self.live_button.property("following") != view.following:
            self._show_following(view.following)
        text = span_text(view.span)
        if view.is_live:
            text = f"last {text}" if view.following else f"paused, {text}"
        if text != self.span_label.text():
            self.span_label.setText(text)

    def _lay_out(self) -> None:
        corner = QWidget(self)
        corner.setFixedWidth(PLOT_LEFT)
        inside = QHBoxLayout(corner)
        inside.setContentsMargins(8, 4, 8, 4)
        inside.setSpacing(8)
        for part in (self.live_button, self.whole_button, self.play_button, self.span_label):
            inside.addWidget(part)
        inside.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(corner)
        row.addWidget(self.ruler, 1)

    def _show_following(self, following: bool) -> None:
        self.live_button.setProperty("following", following)
        self.live_button.setText("● LIVE" if following else "▶ LIVE")
        self.live_button.setToolTip(
            "The newest is in view. Drag to the right or scroll to look back; recording goes on."
            if following
            else "Back to the newest (End). Recording has been going on all the time."
        )
        self._style_pill(following)

    def _style_pill(self, following: bool) -> None:
        accent, text = self._theme.colour("accent").name(), self._theme.colour("on_accent").name()
        ground, ink = (accent, text) if not following else ("transparent", accent)
        self.live_button.setStyleSheet(
            f"QPushButton {{ background: {ground}; color: {ink}; border: 1px solid {accent};"
            " border-radius: 10px; padding: 1px 10px; font-weight: bold; min-width: 40px; }"
        )

    @Slot()
    def _on_theme_changed(self) -> None:
        self.whole_button.setIcon(self._theme.icon("zoom-session"))
        self.span_label.setStyleSheet(f"color: {self._theme.colour('muted').name()};")
        self._style_pill(bool(self.live_button.property("following")))
