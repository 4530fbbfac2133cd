"""Brings the children of a row into a wanted order and tells Qt each step. Asks nobody, shows nothing."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from studio.ui.sessions.tree_nodes import Node, Spec, put

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex

    from studio.ui.sessions.session_model import SessionModel

MOST_STEPS = 30
"""With more gaps to make or close than that, all rows are changed at once."""

Run = tuple[int, int]
"""First and last row."""


class Arranging:
    """Changes the rows of one model. A friend of it: Qt lets only the model itself say what it does."""

    def __init__(self, model: "SessionModel") -> None:
        self._model = model

    def arrange(self, parent: Node, specs: Sequence[Spec]) -> None:
        """Let the children of `parent` be these; those that were there before stay the same rows."""
        wanted = {spec.key: spec for spec in specs}
        old = {child.key: child for child in parent.children}
        gone = tuple(runs([child.key not in wanted for child in parent.children]))
        added = tuple(runs([spec.key not in old for spec in specs]))
        if len(gone) + len(added) > MOST_STEPS:
            self._replace_all(parent, old, specs)
        else:
            for first, last in reversed(gone):
                self._remove(parent, first, last)
            self._reorder(parent, [spec.key for spec in specs if spec.key in old])
            for first, last in added:
                self._insert(parent, first, [self._model.book.make(spec) for spec in specs[first : last + 1]])
        self._renew(parent, wanted)

    def _replace_all(self, parent: Node, old: dict[str, Node], specs: Sequence[Spec]) -> None:
        model = self._model
        model.rearranging.emit()
        self._remove(parent, 0, len(parent.children) - 1, forget=False)
        kept = [old.pop(spec.key) if spec.key in old else model.book.make(spec) for spec in specs]
        for node in old.values():
            model.book.drop(node)
        self._insert(parent, 0, kept)
        model.rearranged.emit()

    def _remove(self, parent: Node, first: int, last: int, *, forget: bool = True) -> None:
        if last < first:
            return
        model = self._model
        model.beginRemoveRows(model.index_of(parent), first, last)
        gone = parent.children[first : last + 1]
        put(parent, parent.children[:first] + parent.children[last + 1 :])
        if forget:
            for node in gone:
                model.book.drop(node)
        model.endRemoveRows()

    def _insert(self, parent: Node, first: int, nodes: Sequence[Node]) -> None:
        if not nodes:
            parent.is_filled = True
            return
        model = self._model
        model.beginInsertRows(model.index_of(parent), first, first + len(nodes) - 1)
        put(parent, [*parent.children[:first], *nodes, *parent.children[first:]])
        model.endInsertRows()

    def _reorder(self, parent: Node, keys: Sequence[str]) -> None:
        if [child.key for child in parent.children] == list(keys):
            return
        model = self._model
        model.layoutAboutToBeChanged.emit()
        before = [index for index in model.persistentIndexList() if model.node(index).parent is parent]
        nodes = [(model.node(index), index.column()) for index in before]
        by_key = {child.key: child for child in parent.children}
        put(parent, [by_key[key] for key in keys])
        after: list[QModelIndex] = [model.index_of(node, column) for node, column in nodes]
        model.changePersistentIndexList(before, after)
        model.layoutChanged.emit()

    def _renew(self, parent: Node, wanted: dict[str, Spec]) -> None:
        """Take the new values."""
        model = self._model
        for node in tuple(parent.children):
            spec = wanted[node.key]
            is_same = node.value is spec.value or node.value == spec.value
            if is_same and spec.below is None:
                continue
            if not is_same:
                node.value = spec.value
                model.renew(node)
                model.dataChanged.emit(model.index_of(node), model.index_of(node, model.columnCount() - 1))
            if spec.below is not None:
                self.arrange(node, spec.below)


def runs(marks: Sequence[bool]) -> Iterator[Run]:
    """First and last of each row of marks that are set."""
    begin = None
    for number, mark in enumerate((*marks, False)):
        if mark and begin is None:
            begin = number
        elif not mark and begin is not None:
            yield begin, number - 1
            begin = None
