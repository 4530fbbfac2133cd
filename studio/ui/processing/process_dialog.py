"""The dialog: which chain, over which streams, with which settings. Starts nothing; tells what was chosen."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.app.chains.description import ChainDescription
from studio.errors import ChainError
from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.processing.chain_chooser import ChainChooser
from studio.ui.processing.order import Chosen, Manner, Scene, missing, request_of, title_of
from studio.ui.processing.parameter_fields import ParameterField
from studio.ui.processing.stream_fields import StreamFields
from studio.ui.theme import Theme

LOADING = "Loading\u2026"
EACH = "Makes {name} in each of {sessions} sessions; streams are found there by name and kind."
AGAIN = "Compute again where a result is there already (in {there} of {sessions})"
REPLACED = "{name} is there already and will be replaced."
MADE = "Makes {name}, beside the recording."


class ProcessDialog(QDialog):
    """Use `open`; `accepted_request` tells the request and what to call the job."""

    chain_wanted = Signal(str)  # reference: describe it, then `show_chain` or `show_problem`
    accepted_request = Signal(object, str)

    def __init__(
        self,
        theme: Theme,
        scene: Scene,
        *,
        shipped: Iterable[str],
        files: Iterable[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._scene = theme, scene
        self._chain: ChainDescription | None = None
        self._streams: StreamFields | None = None
        self._fields: list[ParameterField] = []
        attaches = scene.manner is Manner.ATTACH
        self.setObjectName("process_dialog")
        self.setWindowTitle(f"Attach to {scene.title}" if attaches else f"Process {scene.title}")
        self.setMinimumSize(520, 460)
        self.chooser = ChainChooser(theme, shipped=shipped, files=files)
        self._summary = self._label("process_summary", "muted")
        self._problem = self._label("process_problem", "error")
        self._target = self._label("process_target", "muted")
        self._page = QScrollArea(widgetResizable=True)
        self._page.setFrameShape(QScrollArea.Shape.NoFrame)
        self._only_selection = named(QCheckBox("Only the selection"), "process_selection")
        self._real_time = named(QCheckBox("At the pace of the recording"), "process_real_time")
        self._again = named(QCheckBox(), "process_again")
        self._lay_out()
        self.chooser.chosen.connect(self._on_chain_chosen)
        self.chooser.left.connect(self._show_nothing)
        self._show_nothing()

    def _label(self, name: str, role: str) -> QLabel:
        label = named(QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText), name)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        tint(label, self._theme, role)
        return label

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        for widget in (self.chooser, self._summary):
            column.addWidget(widget)
        column.addWidget(self._page, 1)
        if self._scene.manner is Manner.PROCESS:
            self._only_selection.setVisible(self._scene.selection is not None)
            self._only_selection.setChecked(self._scene.selection is not None)
            column.addWidget(self._only_selection)
            column.addWidget(self._real_time)
            column.addWidget(self._again)
        for widget in (self._problem, self._target):
            column.addWidget(widget)
        column.addWidget(self._make_buttons())

    def _make_buttons(self) -> QDialogButtonBox:
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        self._run = named(buttons.button(kinds.Ok), "process_run")
        self._run.setText(self._deed)
        named(buttons.button(kinds.Cancel), "process_cancel")
        buttons.accepted.connect(self._on_run)
        buttons.rejected.connect(self.reject)
        return buttons

    @property
    def _deed(self) -> str:
        return "Attach" if self._scene.manner is Manner.ATTACH else "Process"

    # What is told to it ---------------------------------------------------------------------------------

    @Slot(str)
    def _on_chain_chosen(self, reference: str) -> None:
        self._show_nothing()
        self._summary.setText(LOADING)
        self.chain_wanted.emit(reference)

    def show_chain(self, chain: ChainDescription) -> None:
        """What was wanted has been described."""
        self._chain = chain
        self._summary.setText(f"{chain.summary or chain.name}  ({chain.place})")
        page = QWidget()
        self._streams = StreamFields(self._scene, chain, page)
        self._streams.changed.connect(self._refresh)
        self._fields = [ParameterField(parameter, page) for parameter in chain.parameters]
        for field in self._fields:
            field.changed.connect(self._refresh)
        self._fill(QGridLayout(page), self._streams, self._fields)
        self._page.setWidget(page)
        self._refresh()

    def _fill(self, grid: QGridLayout, streams: StreamFields, fields: Iterable[ParameterField]) -> None:
        """Name, field, unit, explanation."""
        grid.setContentsMargins(0, 0, 8, 0)
        for name, box in streams.rows:
            grid.addWidget(QLabel(name), grid.rowCount(), 0)
            grid.addWidget(box, grid.rowCount() - 1, 1, 1, 3)
        for field in fields:
            row = grid.rowCount()
            explanation = self._label(f"explained_{field.parameter.name}", "muted")
            explanation.setText(field.parameter.help)
            grid.addWidget(QLabel(field.label), row, 0)
            grid.addWidget(field.widget, row, 1)
            grid.addWidget(QLabel(field.parameter.units), row, 2)
            grid.addWidget(explanation, row, 3)
        grid.setColumnStretch(3, 1)
        grid.setRowStretch(grid.rowCount(), 1)

    def show_problem(self, text: str) -> None:
        """What was wanted cannot be loaded."""
        self._show_nothing()
        self._problem.setText(text)
        self._problem.show()

    @Slot()
    def _show_nothing(self) -> None:
        self._chain, self._streams, self._fields = None, None, []
        self._summary.setText("")
        self._page.setWidget(QWidget())
        self._refresh()

    # What stands in it ----------------------------------------------------------------------------------

    @Slot()
    def _refresh(self) -> None:
        chain = self._chain
        problem = self._what_is_wrong(chain) if chain is not None else ""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._run.setEnabled(chain is not None and not problem)
        self._run.setDefault(self._run.isEnabled())  # else it looks as if it could be pressed
        is_there = chain is not None and self._scene.is_there(chain)
        self._run.setText("Replace" if is_there else self._deed)
        name = self._scene.target(chain).name if chain is not None else ""
        made = EACH if self._scene.sessions > 1 else REPLACED if is_there else MADE
        self._target.setText(made.format(name=name, sessions=self._scene.sessions) if name else "")
        there = self._scene.results_there(chain) if chain is not None else 0
        self._again.setText(AGAIN.format(there=there, sessions=self._scene.sessions))
        self._again.setVisible(bool(there))

    def _what_is_wrong(self, chain: ChainDescription) -> str:
        problems = (field.problem() for field in self._fields)
        return missing(self._scene, chain) or next((problem for problem in problems if problem), "")

    @Slot()
    def _on_run(self) -> None:
        if self._chain is None or self._streams is None:
            return
        try:
            parameters = {field.parameter.name: field.value() for field in self._fields}
        except ChainError:
            self._refresh()
            return
        chosen = Chosen(
            self._streams.value(),
            parameters,
            only_selection=self._only_selection.isChecked() and self._scene.selection is not None,
            real_time=self._real_time.isChecked(),
            replace=self._again.isVisible() and self._again.isChecked(),
        )
        request = request_of(self._scene, self._chain, chosen)
        self.accepted_request.emit(request, title_of(self._scene, self._chain))
        self.accept()
