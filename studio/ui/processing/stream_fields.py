"""For each input of a chain a list of the streams that fit. Shows and tells; decides nothing."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox

from studio.app.chains.binding import Candidate
from studio.app.chains.description import ChainDescription, Input
from studio.formats.recording import StreamRef
from studio.ui.named import named
from studio.ui.processing.order import Scene

NOTHING = "\u2013"
NOTHING_FITS = "No stream fits"


class StreamFields(QObject):
    """One list for each input, with its name, in `rows`."""

    changed = Signal()

    def __init__(self, scene: Scene, chain: ChainDescription, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lists: dict[str, QComboBox] = {}
        self._refs: dict[str, list[StreamRef | None]] = {}
        self.rows: list[tuple[str, QComboBox]] = []
        proposal = scene.proposal(chain)
        many = len(scene.recordings) > 1
        for each in chain.inputs:
            box = self._make(each, scene.fitting(each), proposal.get(each.name), many=many)
            self.rows.append((each.name.replace("_", " ").capitalize(), box))

    def _make(
        self, wanted: Input, fitting: Sequence[Candidate], proposed: StreamRef | None, *, many: bool
    ) -> QComboBox:
        box = named(QComboBox(), f"input_{wanted.name}")
        refs: list[StreamRef | None] = [None] if wanted.is_optional else []
        if wanted.is_optional:
            box.addItem(NOTHING)
        for candidate in fitting:
            box.addItem(_text(candidate, many=many))
            refs.append(candidate.ref)
        if not refs:
            box.addItem(f"{NOTHING_FITS} ({wanted.kinds_text})")
            box.setEnabled(False)
        if proposed in refs:
            box.setCurrentIndex(refs.index(proposed))
        box.currentIndexChanged.connect(self.changed)
        self._lists[wanted.name], self._refs[wanted.name] = box, refs
        return box

    def value(self) -> dict[str, StreamRef]:
        """The stream for each input that has one."""
        found: dict[str, StreamRef] = {}
        for name, box in self._lists.items():
            refs = self._refs[name]
            ref = refs[box.currentIndex()] if refs else None
            if ref is not None:
                found[name] = ref
        return found


def _text(candidate: Candidate, *, many: bool) -> str:
    name = candidate.info.name
    return f"{name}  ({candidate.ref.path.rpartition('/')[2]})" if many else name
