"""The certificates of a session's clocks: how exact its times are, for each recording, in words and drawn."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QWidget

from studio.app.answers import RecordedClock
from studio.app.clock_certificate import certificate_lines
from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.panels.time_text import elapsed_text
from studio.ui.sessions.session_texts import one_line
from studio.ui.sync.clock_texts import bound_text
from studio.ui.sync.section import column, heading, hint, show_text
from studio.ui.sync.sync_plot import SyncPlot, TimeLabel
from studio.ui.theme import Theme, figures_font

NO_CURVE = "No other clock was followed."
MOST = 12
"""Certificates that are shown of one session."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """One of them, ready to be shown."""

    title: str
    """Of the recording."""
    clock: RecordedClock


def main_figure(clock: RecordedClock) -> tuple[str, str]:
    """The number that counts, and what it is."""
    summary = clock.summary
    if summary.role in ("reference", "self", "own"):
        return "", {"reference": "The reference itself"}.get(summary.role, "This machine's own clock")
    if summary.guaranteed is not None and not summary.doubtful:
        return bound_text(summary.guaranteed), "guaranteed throughout"
    if summary.bound_max is not None:
        return bound_text(summary.bound_max), "guaranteed, but not throughout"
    return "", "Nothing is guaranteed"


class CertificateCard(QWidget):
    """One certificate."""

    def __init__(self, theme: Theme, number: int) -> None:
        super().__init__()
        self._theme = theme
        self._title, self._bound = QLabel(), named(QLabel(), f"certificate_bound_{number}")
        self._kind, self._words = hint(theme), named(hint(theme), f"certificate_words_{number}")
        self.plot = named(SyncPlot(theme), f"certificate_plot_{number}")
        self.plot.setAccessibleName("Correction and bound while it was recorded")
        self._bound.setFont(figures_font(self.font(), scale=1.5, bold=True))
        for label in (self._title, self._bound):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        lines = column(self, spacing=4)
        for widget in (self._title, self._bound, self._kind, self.plot, self._words):
            lines.addWidget(widget)
        theme.changed.connect(self._retint)
        self._retint()

    def show_certificate(self, certificate: Certificate) -> None:
        """Show it."""
        clock = certificate.clock
        bound, kind = main_figure(clock)
        show_text(self._title, one_line(certificate.title))
        show_text(self._bound, bound)
        show_text(self._kind, kind)
        show_text(self._words, "\n".join(f"{line}." for line in certificate_lines(clock.summary)))
        self.plot.setVisible(clock.curve is not None)
        if clock.curve is not None:
            begin, end = clock.summary.begin_time, clock.summary.end_time
            middle = (begin + end) // 2
            labels = tuple(TimeLabel(time, elapsed_text(time - begin, 0)) for time in (begin, middle, end))
            self.plot.show_curve(clock.curve, begin, end, labels, NO_CURVE)

    @Slot()
    def _retint(self) -> None:
        for label in (self._kind, self._words):
            tint(label, self._theme, "muted")


class CertificateBox(QWidget):
    """All of a session's; takes no room without any."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("session_clocks")
        self._theme = theme
        self._cards: list[CertificateCard] = []
        self._lines = column(self, spacing=12)
        self._lines.addWidget(heading("Clock"))
        self.hide()

    def show_certificates(self, certificates: tuple[Certificate, ...]) -> None:
        """Show these; the title of a recording only where there are several."""
        shown = certificates[:MOST]
        while len(self._cards) < len(shown):
            card = CertificateCard(self._theme, len(self._cards))
            self._cards.append(card)
            self._lines.addWidget(card)
        for card, certificate in zip(self._cards, shown, strict=False):
            title = certificate.title if len(shown) > 1 else ""
            card.show_certificate(Certificate(title, certificate.clock))
            card.show()
        for spare in self._cards[len(shown) :]:
            spare.hide()
        self.setVisible(bool(shown))
