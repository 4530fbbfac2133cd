"""Waiting in tests of widgets, as long as all other waiting of the tests."""

from collections.abc import Callable
from typing import Any

from pytestqt.qtbot import QtBot, SignalInstance
from pytestqt.wait_signal import SignalBlocker

from tests.waiting import PATIENCE

USUAL_MS = 5000
"""Jobs and devices are processes: on a machine that is busy just then they take more than that to begin."""


class PatientBot(QtBot):
    """Waits `PATIENCE` times as long as it is told; what comes in time costs nothing."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = USUAL_MS) -> None:  # noqa: N802
        """Until `callback` holds; fails after `PATIENCE` times `timeout` milliseconds."""
        super().waitUntil(callback, timeout=round(timeout * PATIENCE))

    def waitSignal(  # noqa: N802
        self, signal: SignalInstance, *, timeout: int = USUAL_MS, **how: Any
    ) -> SignalBlocker:
        """Until the signal comes; fails after `PATIENCE` times `timeout` milliseconds."""
        return super().waitSignal(signal, timeout=round(timeout * PATIENCE), **how)
