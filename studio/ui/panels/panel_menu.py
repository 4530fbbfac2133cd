"""The menu of a panel: what is shown, how, and what can be taken from it. Tells a target; decides nothing."""

from dataclasses import replace
from functools import partial

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidgetAction

from studio.ui.panels.curve_menu import add_curves
from studio.ui.panels.menu_target import MenuTarget, add_choice, close_with_top
from studio.ui.panels.panel_content import BoundStream
from studio.ui.panels.panel_plan import (
    KIND_NAMES,
    LineStyle,
    PanelKind,
    channel_key,
    kinds_for,
    without_stream,
)
from studio.ui.panels.picture_menu import add_pictures, shows_values
from studio.ui.panels.plane_menu import add_plane
from studio.ui.panels.range_fields import RANGE, THRESHOLD, FieldWords, RangeFields
from studio.ui.panels.readout import channel_names
from studio.ui.panels.signal_legend import short_name, toggled
from studio.ui.panels.threshold import Threshold

OVERLAID = (PanelKind.CURVES, PanelKind.WAVEFORM, PanelKind.PLANE)
"""Kinds that show several streams at once."""
RANGED = (
    PanelKind.CURVES,
    PanelKind.SERIES,
    PanelKind.WAVEFORM,
    PanelKind.SPECTROGRAM,
    PanelKind.LATENCY,
    PanelKind.RATE,
)
DRESSED = (PanelKind.CURVES, PanelKind.SERIES, PanelKind.WAVEFORM)
"""Kinds whose curves can be given colours, widths and markers."""
WATCHED = (PanelKind.CURVES, PanelKind.SERIES, PanelKind.LATENCY, PanelKind.RATE)
"""Kinds on which a level can be watched."""
CHANNELED = (PanelKind.CURVES, PanelKind.WAVEFORM, PanelKind.SPECTROGRAM)
LINE_NAMES = {LineStyle.LINE: "Lines", LineStyle.STEP: "Steps", LineStyle.POINTS: "Points"}
MOST_CHANNELS = 64
"""More are not listed."""
UNITS = {PanelKind.SPECTROGRAM: "Hz", PanelKind.LATENCY: "ms", PanelKind.RATE: "per s"}


def fill_menu(menu: QMenu, target: MenuTarget) -> None:
    """All that every panel offers; who shows panels may add what is theirs."""
    plan = target.plan
    if target.streams:
        _add_kinds(menu, target)
        add_look(menu, target)
        menu.addSeparator()
        menu.addAction("Copy values", target.copy_values).setObjectName("panel_copy_values")
        menu.addAction("Save picture…", target.save_picture).setObjectName("panel_save_picture")
        _add_streams(menu, target)
        menu.addSeparator()
    hide = partial(target.choose_plan, replace(plan, hidden=True))
    menu.addAction("Hide panel", hide).setObjectName("panel_hide")
    menu.addAction("Close panel", target.request_close).setObjectName("panel_close")


def kinds_of(streams: tuple[BoundStream, ...]) -> tuple[PanelKind, ...]:
    """Kinds that can show all of these streams."""
    common = [kind for kind in PanelKind if all(kind in kinds_for(s.info.format.kind) for s in streams)]
    return tuple(kind for kind in common if len(streams) == 1 or kind in OVERLAID)


def _add_kinds(menu: QMenu, target: MenuTarget) -> None:
    kinds, plan = kinds_of(target.streams), target.plan
    if len(kinds) < 2:
        return
    shown_as = menu.addMenu("Show as")
    group = QActionGroup(shown_as)
    for kind in kinds:
        # Values mean nothing to a panel of another kind.
        options = replace(plan.options, low=None, high=None, threshold=Threshold())
        wanted = replace(plan, kind=kind, options=options)
        action = shown_as.addAction(KIND_NAMES[kind], partial(target.choose_plan, wanted))
        action.setObjectName(f"panel_kind_{kind.value}")
        action.setCheckable(True)
        action.setChecked(kind is plan.kind)
        action.setActionGroup(group)


def add_look(menu: QMenu, target: MenuTarget) -> None:
    """How it is drawn, and which of the numbers."""
    plan = target.plan
    if plan.kind in RANGED or shows_values(target):
        _add_range(menu.addMenu("Range"), target)
    if plan.kind in WATCHED:
        _add_threshold(menu.addMenu("Threshold"), target)
    if plan.kind in (PanelKind.CURVES, PanelKind.SERIES):
        lines = menu.addMenu("Draw")
        for line, name in LINE_NAMES.items():
            add_choice(lines, target, name, replace(plan.options, line=line), on=plan.options.line is line)
    if plan.kind is PanelKind.SPECTROGRAM:
        log = plan.options.log_frequency
        options = replace(plan.options, log_frequency=not log, low=None, high=None)
        add_choice(menu, target, "Octaves equally high", options, on=log)
    if plan.kind is PanelKind.VIDEO:
        add_pictures(menu, target)
    if plan.kind in DRESSED:
        add_curves(menu, target)
    _add_parts(menu, target)


def _add_range(menu: QMenu, target: MenuTarget) -> None:
    plan = target.plan
    options = plan.options
    is_auto = options.low is None and options.high is None
    add_choice(menu, target, "Automatic", replace(options, low=None, high=None), on=is_auto)
    fields = _add_fields(menu, target, options.low, options.high, RANGE)
    fields.chosen.connect(partial(_choose_range, menu, target))


def _add_threshold(menu: QMenu, target: MenuTarget) -> None:
    options = target.plan.options
    chosen, nothing = options.threshold, Threshold()
    add_choice(menu, target, "None", replace(options, threshold=nothing), on=chosen == nothing)
    fields = _add_fields(menu, target, chosen.low, chosen.high, THRESHOLD)
    fields.chosen.connect(partial(_choose_threshold, menu, target))


def _add_fields(
    menu: QMenu, target: MenuTarget, low: float | None, high: float | None, words: FieldWords
) -> RangeFields:
    ranged = target.streams[:1] if target.plan.kind is PanelKind.VIDEO else target.streams
    units = {stream.info.format.units for stream in ranged}
    unit = UNITS.get(target.plan.kind, units.pop() if len(units) == 1 else "")
    fields = RangeFields(low, high, unit, menu, words=words)
    action = QWidgetAction(menu)
    action.setDefaultWidget(fields)
    menu.addAction(action)
    return fields


def _choose_range(menu: QMenu, target: MenuTarget, low: float | None, high: float | None) -> None:
    plan = target.plan
    target.choose_plan(replace(plan, options=replace(plan.options, low=low, high=high)))
    close_with_top(menu)


def _choose_threshold(menu: QMenu, target: MenuTarget, low: float | None, high: float | None) -> None:
    plan = target.plan
    target.choose_plan(replace(plan, options=replace(plan.options, threshold=Threshold(low, high))))
    close_with_top(menu)


def _add_parts(menu: QMenu, target: MenuTarget) -> None:
    """Which of the numbers are seen, and which lie where."""
    match target.plan.kind:
        case PanelKind.SERIES:
            _add_members(menu, target)
        case PanelKind.PLANE:
            add_plane(menu, target)
        case kind if kind in CHANNELED:
            _add_channels(menu, target)


def _add_channels(menu: QMenu, target: MenuTarget) -> None:
    plan = target.plan
    streams = target.streams if plan.kind in OVERLAID else target.streams[:1]
    if sum(stream.info.format.channels for stream in streams) < 2:
        return
    channels = menu.addMenu("Channels")
    for number, stream in enumerate(streams):
        prefix = f"{short_name(stream.ref.name)} " if len(streams) > 1 else ""
        for channel, name in enumerate(channel_names(stream.info.format)[:MOST_CHANNELS]):
            key = channel_key(number, channel)
            hidden = plan.options.hidden_channels
            options = replace(plan.options, hidden_channels=toggled(hidden, key))
            add_choice(channels, target, f"{prefix}{name}", options, on=key not in hidden)
    channels.addSeparator()
    add_choice(channels, target, "Show all", replace(plan.options, hidden_channels=()), on=None)


def _add_members(menu: QMenu, target: MenuTarget) -> None:
    """Which curves are seen; of those that are hidden, and of all besides."""
    options = target.plan.options
    if len(target.curve_names) > 1:
        members = menu.addMenu("Members")
        for key, name in list(target.curve_names.items())[:MOST_CHANNELS]:
            wanted = replace(options, hidden_channels=toggled(options.hidden_channels, key))
            add_choice(members, target, name, wanted, on=key not in options.hidden_channels)
        members.addSeparator()
        add_choice(members, target, "Show all", replace(options, hidden_channels=()), on=None)
    if options.members:
        add_choice(menu, target, "All numbers inside", replace(options, members=()), on=None)


def _add_streams(menu: QMenu, target: MenuTarget) -> None:
    """What concerns one of the streams."""
    several = len(target.streams) > 1
    for stream in target.streams:
        name = f" {stream.ref.name}" if several else " this stream"
        menu.addAction(f"Snap cursor to{name}", partial(target.snap, stream))
    if several and target.plan.kind is not PanelKind.VIDEO:
        gone = menu.addMenu("Take out")
        for number, stream in enumerate(target.streams):
            rest = tuple(ref for ref in target.plan.streams if ref != stream.ref)
            options = without_stream(target.plan.options, number)
            plan = replace(target.plan, streams=rest, options=options)
            gone.addAction(stream.ref.name, partial(target.choose_plan, plan))
