"""What everybody waits for before a running recording can be seen stays little."""

import subprocess
import sys

from tests.lab.camera import PROJECT

MOST_MODULES = 90
"""Of ours; the whole window has five times as many."""
THE_REST = (
    *("numpy", "pydantic", "studio.ui.application", "studio.ui.main_window"),
    *("studio.ui.timeline", "studio.ui.panels"),
)
IMPORTED = f"""
import sys
from studio.__main__ import main
import studio.ui.start
print(sum(name.startswith("studio.") for name in sys.modules))
print([name for name in {THE_REST} if name in sys.modules])
"""


def test_before_the_first_look_little_is_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED], capture_output=True, text=True, timeout=60, check=True, cwd=PROJECT
    )
    count, too_early = done.stdout.splitlines()
    assert int(count) <= MOST_MODULES
    assert too_early == "[]"
