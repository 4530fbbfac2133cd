"""A line for each job that runs: what it is, a bar, the time that remains, Cancel. Decides nothing."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QToolButton, QVBoxLayout, QWidget

from studio.ui import readable
from studio.ui.jobs.jobs import Jobs, JobView, Work
from studio.ui.labels import ElidedLabel
from studio.ui.named import named
from studio.ui.theme import Theme, figures_font

STEPS = 1000
BAR_WIDTH = 180


class JobLine(QFrame):
    """One job."""

    details_wanted = Signal()

    def __init__(self, theme: Theme, job: Work, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("job_line")
        self._theme = theme
        self._title = named(QLabel(), "job_title")
        self._text = named(ElidedLabel(), "job_text")
        self._bar = named(QProgressBar(maximum=STEPS, textVisible=False), "job_bar")
        self._left = named(QLabel(), "job_left")
        self._cancel = named(QToolButton(autoRaise=True), "job_cancel")
        self._cancel.setText("Cancel")
        self._details = named(QToolButton(autoRaise=True), "job_details")
        self._details.setText("Details")
        if not job.view.has_details:
            self._details.hide()
        self._details.clicked.connect(self.details_wanted)
        self._lay_out()
        job.changed.connect(self._show)
        self._cancel.clicked.connect(job.cancel)
        self._show(job.view)

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 4, 8, 4)
        line.setSpacing(12)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._bar.setFixedWidth(BAR_WIDTH)
        self._left.setFont(figures_font(self._left.font()))
        self._left.setMinimumWidth(self._left.fontMetrics().horizontalAdvance("59 min left "))
        line.addWidget(self._title)
        line.addWidget(self._text, 1)
        for widget in (self._bar, self._left, self._details, self._cancel):
            line.addWidget(widget)

    @Slot(object)
    def _show(self, view: JobView) -> None:
        self._title.setText(view.title)
        words = " · ".join(text for text in (view.text, view.newest) if text)
        self._text.setText("Cancelling\u2026" if view.cancelling else words)
        is_endless = view.done < 0  # it goes on until it is called off
        self._bar.setMaximum(0 if is_endless else STEPS)
        self._bar.setValue(round(max(0.0, view.done) * STEPS))
        left = readable.time_left(view.remaining_s)
        share = "" if is_endless else f"{view.done:.0%}"
        self._left.setText(f"{left} left" if left and not view.cancelling else share)
        # What has no end of its own is not lost when it is ended: what it made up to then is kept.
        self._cancel.setText("Detach" if is_endless else "Cancel")
        self._cancel.setEnabled(not view.cancelling)
        self._cancel.setToolTip(f"Cancel: {view.title}")


class JobStrip(QFrame):
    """All jobs that run; hidden while there are none."""

    details_wanted = Signal(object)  # Work

    def __init__(self, theme: Theme, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("job_strip")
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._lines: list[JobLine] = []
        jobs.added.connect(self._add)
        self.hide()

    @Slot(object)
    def _add(self, job: Work) -> None:
        line = JobLine(self._theme, job, self)
        line.details_wanted.connect(lambda: self.details_wanted.emit(job))
        job.ended.connect(lambda: self._remove(line))
        self._lines.append(line)
        self._column.addWidget(line)
        self.show()

    def _remove(self, line: JobLine) -> None:
        self._lines.remove(line)
        self._column.removeWidget(line)
        line.hide()
        line.deleteLater()
        self.setVisible(bool(self._lines))
