"""Who the menu of a panel tells what was chosen, and the entries all its parts are made of."""

from dataclasses import replace
from functools import partial
from typing import Protocol

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from studio.ui.panels.panel_content import BoundStream
from studio.ui.panels.panel_plan import PanelOptions, PanelPlan
from studio.ui.theme import Theme


class MenuTarget(Protocol):
    """Who is told what was chosen; a stored panel is one."""

    @property
    def plan(self) -> PanelPlan:
        """What is shown now."""
        ...

    @property
    def streams(self) -> tuple[BoundStream, ...]:
        """Those of the plan that are there."""
        ...

    @property
    def curve_names(self) -> dict[str, str]:
        """What options call each curve, and what people call it."""
        ...

    @property
    def theme(self) -> Theme:
        """Whose colours are offered."""
        ...

    def choose_plan(self, plan: PanelPlan) -> None:
        """The user wants this."""
        ...

    def copy_values(self) -> None:
        """What the header says, to the clipboard."""
        ...

    def save_picture(self) -> None:
        """Ask where to, and save what the panel shows."""
        ...

    def snap(self, stream: BoundStream) -> None:
        """The cursor shall snap to the messages of this stream."""
        ...

    def request_close(self) -> None:
        """The panel shall go."""
        ...


def add_choice(
    menu: QMenu, target: MenuTarget, name: str, options: PanelOptions, *, on: bool | None
) -> QAction:
    """One that shows whether it is chosen; None: one that cannot be."""
    action = menu.addAction(name, partial(target.choose_plan, replace(target.plan, options=options)))
    if on is not None:
        action.setCheckable(True)
        action.setChecked(on)
    return action


def close_with_top(menu: QMenu) -> None:
    """Close a menu in which something was typed, and the one it belongs to."""
    top = menu.parent()
    menu.close()
    if isinstance(top, QMenu):
        top.close()
