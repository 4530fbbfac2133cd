"""A process that has ended does not live, though its number may still be taken."""

import os
import subprocess
import sys

import pytest

from studio.host.lives import lives
from tests.waiting import wait_until


def test_one_that_runs_lives() -> None:
    assert lives(os.getpid())


@pytest.mark.skipif(sys.platform == "win32", reason="no process stays there for its parent")
def test_one_that_ended_does_not_live_even_before_its_parent_knows() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        wait_until(lambda: not lives(process.pid), 20, "its end")
        assert process.returncode is None
    assert not lives(process.pid)
