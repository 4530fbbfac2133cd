"""Asks what shall be made of a recording: what, which part, which streams, where. Makes nothing itself."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from studio.formats.recording import RecordingInfo
from studio.timing import TimeInterval
from studio.ui import readable
from studio.ui.jobs.export_plan import CHOICES, ExportPlan
from studio.ui.jobs.stream_choice import StreamChoice
from studio.ui.labels import ElidedLabel, tint
from studio.ui.named import named
from studio.ui.theme import Theme

AskFree = Callable[[str, Callable[[int], None]], None]
"""Asks how many bytes may be used in a folder; answers later, on the GUI thread."""
WIDTH = 560


class ExportDialog(QDialog):
    """Use `open`; `wanted` tells the plan that was agreed to."""

    wanted = Signal(object)  # ExportPlan

    def __init__(
        self,
        theme: Theme,
        plans: Sequence[ExportPlan],
        ask_free: AskFree,
        parent: QWidget | None = None,
    ) -> None:
        """`plans`: one for each recording that may be meant; the first is shown."""
        super().__init__(parent)
        self.setObjectName("export_dialog")
        self.setMinimumWidth(WIDTH)
        self._theme = theme
        self._ask_free = ask_free
        self._free: int | None = None
        self._plans = tuple(map(_with_all_streams, plans))
        self.plan = self._plans[0]
        self._make_fields()
        self._lay_out()
        self._listen()
        self._look_at_folder()
        self._show()

    # Fields ---------------------------------------------------------------------------------------------

    def _make_fields(self) -> None:
        plan = self.plan
        self._recording = named(QComboBox(), "export_recording")
        self._recording.addItems([each.called or each.info.name for each in self._plans])
        self._choice = named(QComboBox(), "export_choice")
        for key, label in CHOICES.items():
            self._choice.addItem(label, key)
        self._choice.setCurrentIndex(list(CHOICES).index(plan.choice))
        self._whole = named(QRadioButton("Whole recording"), "export_whole")
        self._part = named(QRadioButton(_selection_text(plan)), "export_selection")
        self._part.setEnabled(plan.selection is not None)
        (self._part if plan.use_selection else self._whole).setChecked(True)
        group = QButtonGroup(self)
        group.addButton(self._whole)
        group.addButton(self._part)
        self._streams = StreamChoice()
        self._split = named(QCheckBox("Begin another file after each gap"), "export_split")
        self._quality = named(QSpinBox(minimum=0, maximum=51, value=plan.quality), "export_quality")
        self._quality.setToolTip("0 is largest and best, 51 smallest")
        self._quality.setSuffix("  (0 is best)")
        self._quality.setFixedWidth(220)
        self._quality.lineEdit().setTextMargins(6, 0, 0, 0)
        self._name = named(QLineEdit(maxLength=120), "export_name")
        self._folder = named(ElidedLabel(), "export_folder")
        self._choose = named(QPushButton("Choose\u2026"), "export_choose_folder")
        self._size = named(QLabel(), "export_size")
        self._problem = named(QLabel(wordWrap=True), "export_problem")
        tint(self._size, self._theme, "muted")
        tint(self._problem, self._theme, "error")
        self._buttons = self._make_buttons()

    def _make_buttons(self) -> QDialogButtonBox:
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        self._start = named(buttons.button(kinds.Ok), "export_start")
        named(buttons.button(kinds.Cancel), "export_cancel")
        return buttons

    def _lay_out(self) -> None:
        form = self._form = QFormLayout(self)
        form.setContentsMargins(16, 16, 16, 16)
        form.setSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("Recording", self._recording)
        form.setRowVisible(self._recording, len(self._plans) > 1)
        form.addRow("Make", self._choice)
        form.addRow("Of", self._whole)
        form.addRow("", self._part)
        form.addRow("Streams", self._streams)
        form.addRow("Gaps", self._split)
        form.addRow("Quality", self._quality)
        form.addRow("Name", self._name)
        place = QHBoxLayout()
        place.addWidget(self._folder, 1)
        place.addWidget(self._choose)
        form.addRow("Folder", place)
        for widget in (self._whole, self._part, self._name):
            form.setRowVisible(widget, self.plan.count == 1)
        form.addRow("", self._size)
        form.addRow(self._problem)
        form.addRow(self._buttons)

    def _listen(self) -> None:
        self._recording.currentIndexChanged.connect(self._on_recording_chosen)
        self._choice.currentIndexChanged.connect(
            lambda _: self._change(choice=str(self._choice.currentData()))
        )
        self._part.toggled.connect(lambda on: self._change(use_selection=on))
        self._streams.changed.connect(self._on_ticks_changed)
        self._split.toggled.connect(lambda on: self._change(split_gaps=on))
        self._quality.valueChanged.connect(lambda value: self._change(quality=value))
        self._name.textEdited.connect(lambda text: self._change(name=text))
        self._choose.clicked.connect(self._choose_folder)
        self._buttons.accepted.connect(self._on_accepted)
        self._buttons.rejected.connect(self.reject)

    # What is done ---------------------------------------------------------------------------------------

    def _change(self, **changes: object) -> None:
        self.plan = self.plan.changed(**changes)
        self._show()

    @Slot(int)
    def _on_recording_chosen(self, index: int) -> None:
        other = self._plans[index]
        names = {"called": other.called, "suggested": other.suggested}
        self._change(info=other.info, unticked=frozenset(), **names)
        self._look_at_folder()

    @Slot(object)
    def _on_ticks_changed(self, unticked: frozenset[str]) -> None:
        plan = self.plan
        others = {s.name for s in plan.info.streams if not plan.takes(s)} & plan.unticked
        self._change(unticked=unticked | others)

    @Slot()
    def _choose_folder(self) -> None:
        dialog = named(QFileDialog(self, "Where shall it go?"), "export_folder_dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setDirectory(self.plan.target_folder)
        dialog.fileSelected.connect(self.set_folder)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def set_folder(self, folder: str) -> None:
        """It shall go there."""
        self._free = None
        self._change(folder=folder)
        self._look_at_folder()

    def show_info(self, info: RecordingInfo) -> None:
        """More has become known of what it is about."""
        self._change(info=info)

    def _look_at_folder(self) -> None:
        folder = self.plan.target_folder
        self._ask_free(folder, lambda free: self._take_free(folder, free))

    def _take_free(self, folder: str, free: int) -> None:
        if folder == self.plan.target_folder:
            self._free = free
            self._show()

    @Slot()
    def _on_accepted(self) -> None:
        if not self.plan.problem(self._free):
            self.wanted.emit(self.plan)
            self.accept()

    # What is shown --------------------------------------------------------------------------------------

    def _show(self) -> None:
        plan = self.plan
        self._streams.show_streams(plan.info.streams, plan.unticked, plan.takes)
        self._form.setRowVisible(self._split, plan.is_sound)
        self._form.setRowVisible(self._quality, plan.is_film)
        self._name.setPlaceholderText(plan.target_name)
        self._folder.setText(plan.place_text)
        self._folder.setToolTip(plan.place_text)
        left = "" if self._free is None else f"; {readable.size(self._free)} may be used there"
        self._size.setText(f"About {readable.size(plan.expected_bytes)}{left}")
        problem = plan.problem(self._free)
        self._problem.setText(problem)
        self._form.setRowVisible(self._problem, bool(problem))
        self._start.setEnabled(not problem)
        verb = "Export" if plan.format is not None else plan.title.split()[0]
        self._start.setText(verb)
        self.setWindowTitle(plan.title)


def _with_all_streams(plan: ExportPlan) -> ExportPlan:
    """Each stream is looked at again and again: those that are made when they are asked for are made once."""
    return plan.changed(info=replace(plan.info, streams=tuple(plan.info.streams)))


def _selection_text(plan: ExportPlan) -> str:
    if plan.selection is None:
        return "Selection (nothing is selected)"
    return f"Selection, {_span_text(plan.selection, plan.info.first_time)}"


def _span_text(selection: TimeInterval, begin: int) -> str:
    left, right = selection.left - begin, selection.right - begin
    length = (selection.right - selection.left) / 1e9
    return f"{readable.running_clock(left)} to {readable.running_clock(right)} ({length:.3f} s)"
