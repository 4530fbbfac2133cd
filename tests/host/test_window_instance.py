"""One window for each user: the second start raises the first."""

import subprocess
import sys

import pytest

from studio.host.run_directory import RunDirectory
from studio.host.window_instance import WindowInstance, raise_other_window
from tests.waiting import wait_until

SECOND = """
from studio.host.run_directory import RunDirectory
from studio.host.window_instance import WindowInstance
print(WindowInstance.claim(RunDirectory.open(), lambda: None))
"""


def test_a_second_start_raises_the_first_and_gives_way() -> None:
    raised: list[bool] = []
    window = WindowInstance.claim(RunDirectory.open(), lambda: raised.append(True))
    assert window is not None
    second = subprocess.run(
        [sys.executable, "-c", SECOND], capture_output=True, text=True, check=True, timeout=30
    )
    assert second.stdout == "None\n"
    wait_until(lambda: raised == [True])
    window.close()
    window.close()
    assert not raise_other_window(RunDirectory.open())
    third = WindowInstance.claim(RunDirectory.open(), lambda: None)
    assert third is not None
    third.close()
    assert window.error is None


def test_a_killed_window_is_in_nobodys_way() -> None:
    code = (
        "import os\nfrom studio.host.run_directory import RunDirectory\n"
        "from studio.host.window_instance import WindowInstance\n"
        "window = WindowInstance.claim(RunDirectory.open(), lambda: None)\n"
        "os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", code], check=False, timeout=30)
    assert killed.returncode == -9
    window = WindowInstance.claim(RunDirectory.open(), lambda: None)
    assert window is not None
    window.close()
    assert list(RunDirectory.open().path.glob("window-*.sock")) == []


@pytest.mark.parametrize("times", [1, 3])
def test_each_further_start_raises_it_again(times: int) -> None:
    raised: list[bool] = []
    directory = RunDirectory.open()
    window = WindowInstance.claim(directory, lambda: raised.append(True))
    assert window is not None
    for _ in range(times):
        assert WindowInstance.claim(directory, lambda: None) is None
    wait_until(lambda: len(raised) == times)
    window.close()
