"""What the user wants of the clock, from the click until the recorder's status shows it; sends the commands.

Owns only what is on its way: settings live with the recorder. Shows nothing, never waits.
"""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio.app.clock_sync import ClockRole, ClockSettings, ClockSyncStatus
from studio.host.clock_protocol import (
    FollowFarClock,
    ForgetMachine,
    ListAddresses,
    LookAtMachines,
    MeasureNow,
    ReadClockPast,
    SetClockSettings,
)
from studio.host.protocol import Command
from studio.ui.bridge import Bridge, OnReply

SETTLE_MS = 2000
"""A status that shows what an answered command did comes much sooner."""


class ClockChoice(QObject):
    """The settings as they are, or as they were wanted last."""

    changed = Signal()  # settings or status
    failed = Signal(str)  # what did not work, in people's words

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._clock: ClockSyncStatus | None = None
        self._wanted: ClockSettings | None = None
        self._unanswered = 0
        self._timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._timer.timeout.connect(self._on_settle_due)

    @property
    def clock(self) -> ClockSyncStatus | None:
        """What the recorder says; None while it is not reached."""
        return self._clock

    @property
    def settings(self) -> ClockSettings:
        """As the user wants them."""
        if self._wanted is not None:
            return self._wanted
        return self._clock.settings if self._clock is not None else ClockSettings()

    def take(self, clock: ClockSyncStatus | None) -> None:
        """A status has come; None: the recorder is lost, and what was on its way with it."""
        self._clock = clock
        if clock is None or (not self._unanswered and self._wanted == clock.settings):
            self._forget_wish()
        self.changed.emit()

    @Slot(object)
    def want(self, settings: ClockSettings) -> None:
        """Act on these settings."""
        if self._clock is None or settings == self.settings:
            return
        self._wanted = settings
        self._unanswered += 1
        self._timer.stop()
        self._bridge.send(SetClockSettings(settings), self._on_taken, self._on_refused)
        self.changed.emit()

    @Slot(str)
    def follow(self, key: str) -> None:
        """Follow the listed machine of that key."""
        self.want(replace(self.settings, role=ClockRole.FOLLOW, use_rendezvous=True, machine=key))

    @Slot(str)
    def forget(self, key: str) -> None:
        """Remember that machine no longer."""
        self._tell(ForgetMachine(key))

    @Slot(str, str)
    def follow_far(self, key: str, machine: str) -> None:
        """Follow the machine of that key and name although its clock is far off."""
        self._tell(FollowFarClock(key, machine))

    @Slot()
    def follow_nobody(self) -> None:
        """Keep this machine's own clock."""
        self.want(replace(self.settings, role=ClockRole.OWN))

    def ask_addresses(self, on_reply: OnReply) -> None:
        """Which addresses this machine has; the answer comes later."""
        self._ask(ListAddresses(), on_reply)

    def ask_past(self, on_reply: OnReply) -> None:
        """What the recorder has seen within ten minutes; the answer comes later."""
        self._ask(ReadClockPast(), on_reply)

    @Slot()
    def measure(self) -> None:
        """Ask the reference 16 times."""
        self._tell(MeasureNow())

    @Slot()
    def look_at_machines(self) -> None:
        """Somebody looks at the list."""
        self._tell(LookAtMachines())

    def _tell(self, command: Command) -> None:
        self._ask(command, None)

    def _ask(self, command: Command, on_reply: OnReply | None) -> None:
        if self._clock is not None:
            self._bridge.send(command, on_reply, self.failed.emit)

    def _on_taken(self, _nothing: object) -> None:
        self._unanswered = max(0, self._unanswered - 1)
        if not self._unanswered:
            self._timer.start()

    def _on_refused(self, text: str) -> None:
        self._forget_wish()
        self.failed.emit(text)
        self.changed.emit()

    @Slot()
    def _on_settle_due(self) -> None:
        # The recorder made something else of it, or another window did.
        self._forget_wish()
        self.changed.emit()

    def _forget_wish(self) -> None:
        self._wanted = None
        self._unanswered = 0
        self._timer.stop()
