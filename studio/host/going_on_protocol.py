"""What a window says after a recorder died: the values alone, a part of `protocol`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GoOnRecording:
    """Record what was interrupted (see the status) into a further file of its session. Reply: its path.

    The same devices with the same settings. Fails as StartRecording, and where nothing was interrupted.
    """

    despite_clock: bool = False
