"""Names that the processes of the studio have agreed on: roles, files of the run directory, exit codes."""

from enum import StrEnum

LOCK_FILE = "recorder.lock"
ENDPOINT_FILE = "recorder.json"
WINDOW_LOCK_FILE = "window.lock"
WINDOW_ENDPOINT_FILE = "window.json"

ANOTHER_HAS_THE_LOCK = 75
"""Exit code of a recorder that found another one running (EX_TEMPFAIL: connect to that one instead)."""


class Role(StrEnum):
    """What a process of the studio can be, besides the window and the headless commands."""

    RECORDER = "recorder"
    READER = "reader"
    DEVICES = "devices"
    JOB = "job"
    PLAYER = "player"
    CLOCK = "clock"
    """Started by `net.clock_process`, since programs without a studio need it, too."""
