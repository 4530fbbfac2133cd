"""Connects the operations with the menu, the list of sessions and the dialogs. Holds no state of jobs."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog

from studio.app.operations.requests import (
    ConcatenateRequest,
    ExportFormat,
    ValueColours,
    VerifyRequest,
)
from studio.formats.recording import RecordingInfo
from studio.host.protocol import OpenRecording, ReadSpace
from studio.timing import TimeInterval
from studio.ui.jobs.export_plan import CHOICES, COMPACT, RECORDING, ExportPlan
from studio.ui.named import named
from studio.ui.panels.panel_plan import PanelKind, PanelPlan

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.ui.jobs.export_dialog import ExportDialog
    from studio.ui.main_window import MainWindow

OF_A_RECORDING = ("export_recording", "crop_recording", "compact_recording", "verify_recording")
"""Actions that need a recording on the screen."""


class JobsWiring(QObject):
    """All connections of the operations of one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        actions = window.actions_by_name
        for name, slot in {
            "export_recording": lambda: self._ask_shown(self._usual_choice),
            "crop_recording": lambda: self._ask_shown(RECORDING),
            "compact_recording": lambda: self._ask_shown(COMPACT),
            "join_recordings": self._choose_for_joining,
            "verify_recording": self._verify_shown,
        }.items():
            actions[name].triggered.connect(slot)
        window.timeline.recordings_changed.connect(self._show_what_is_possible)
        window.sessions_dock.context_actions.append(self._actions_for)
        window.jobs.finished.connect(lambda _: window.sessions_dock.refresh())
        self._show_what_is_possible()

    @Slot()
    def _show_what_is_possible(self) -> None:
        for name in OF_A_RECORDING:
            self._window.actions_by_name[name].setEnabled(bool(self._window.timeline.recordings))

    # What is shown --------------------------------------------------------------------------------------

    @property
    def _usual_choice(self) -> str:
        choice = self._window.choices.settings.export_choice
        return choice if choice in CHOICES else ExportFormat.CSV.value

    def _ask_shown(self, choice: str) -> None:
        if self._window.timeline.recordings:
            self.ask(self._window.timeline.recordings, choice)

    @Slot()
    def _verify_shown(self) -> None:
        self._verify_all(info.path for info in self._window.timeline.recordings)

    # Any recording --------------------------------------------------------------------------------------

    def ask(self, infos: Sequence[RecordingInfo], choice: str) -> "ExportDialog":
        """Open the dialog about one of these recordings; what is selected counts if it lies in them."""
        from studio.ui.jobs.export_dialog import ExportDialog

        selection = self._window.timeline.navigator.selection
        if selection is not None and not any(_meet(selection, info) for info in infos):
            selection = None
        plans = [
            ExportPlan(
                info,
                choice,
                selection=selection,
                use_selection=selection is not None,
                called=self._window.sessions_dock.name_of(info.path, info.name),
                suggested=self._suggested_name(info),
                colours=colours_seen(self._window.timeline.plans, info),
            )
            for info in infos
        ]
        dialog = ExportDialog(self._window.theme, plans, self._ask_free, self._window)
        dialog.wanted.connect(self._start)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _suggested_name(self, info: RecordingInfo) -> str:
        """That of the session, and of its part where it has several; empty: it has none of its own."""
        session = self._window.sessions_dock.session_at(info.path)
        if session is None or session.loose:
            return ""
        return session.name if len(session.partitions) == 1 else f"{session.name} {info.name}"

    def _ask_free(self, folder: str, take: "Callable[[int], None]") -> None:
        # Without an answer nothing is said about room; the job asks again before it begins.
        self._window.bridge.ask(ReadSpace(folder), take, lambda _: None)

    @Slot(object)
    def _start(self, plan: ExportPlan) -> None:
        if plan.format is not None:
            self._window.choices.change(export_choice=plan.choice)
        self._window.jobs.start(plan.request(), plan.title)

    def _verify_all(self, paths: Iterable[str]) -> None:
        for path in paths:
            name = self._window.sessions_dock.name_of(path, _shown_name(path))
            self._window.jobs.start(VerifyRequest(path), f"Verify {name}")

    # The list of sessions -------------------------------------------------------------------------------

    def _actions_for(self, paths: tuple[str, ...]) -> Sequence[QAction]:
        """What the context menu of a session or recording offers."""
        if not paths:
            return ()
        path = paths[0]
        offered = [
            self._action("&Export or crop\u2026", lambda: self._open_and_ask(path), "export"),
            self._action("&Verify", lambda: self._verify_all(paths), "check"),
        ]
        if len(paths) > 1:
            offered.append(self._action("&Join into one\u2026", lambda: self._join(list(paths))))
        return offered

    def _action(self, text: str, do: "Callable[[], object]", icon: str = "") -> QAction:
        action = QAction(text, self._window)
        if icon:
            action.setIcon(self._window.theme.icon(icon))
        action.triggered.connect(lambda: do())
        return action

    def _open_and_ask(self, path: str) -> None:
        def take(info: RecordingInfo) -> None:
            self.ask((info,), self._usual_choice)

        self._window.bridge.ask(OpenRecording(path), take)

    # Joining --------------------------------------------------------------------------------------------

    @Slot()
    def _choose_for_joining(self) -> None:
        dialog = named(QFileDialog(self._window, "Which recordings shall be joined?"), "join_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(["Recordings (*.h5 *.hdf5)", "All files (*)"])
        dialog.setDirectory(self._window.choices.settings.recordings_folder)
        dialog.filesSelected.connect(self._join)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(list)
    def _join(self, paths: list[str]) -> None:
        if len(paths) < 2:
            self._window.messages.tell_warning("Choose at least two recordings to be joined.")
            return
        first = Path(paths[0])
        target = first.with_name(f"{_shown_name(paths[0])} joined.h5")
        self._window.jobs.start(
            ConcatenateRequest(tuple(paths), str(target)), f"Join {len(paths)} recordings"
        )


def colours_seen(plans: Sequence[PanelPlan], info: RecordingInfo) -> tuple[ValueColours, ...]:
    """The colours in which the panels on screen show measured values of a recording, each stream once."""
    valued = {stream.name for stream in info.streams if stream.format.has_values}
    found: dict[str, ValueColours] = {}
    for plan in plans:
        ref, options = plan.streams[0], plan.options
        if plan.kind is PanelKind.VIDEO and ref.path == info.path and ref.name in valued:
            chosen = ValueColours(ref.name, options.low, options.high, options.colour_map.value)
            found.setdefault(ref.name, chosen)
    return tuple(found.values())


def _meet(selection: TimeInterval, info: RecordingInfo) -> bool:
    return selection.left <= info.last_time and selection.right >= info.first_time


def _shown_name(path: str) -> str:
    return Path(path).name.removesuffix(".h5")
