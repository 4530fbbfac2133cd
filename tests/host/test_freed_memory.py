"""Long-lived processes that read recordings hold no memory that nothing lies in."""

import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is a way of glibc's")

_AS_WINDOW = "from studio.ui.start import make_application\napplication = make_application()\n"
_AS_READER = "from studio.host.reader_role import run\nassert run(()) == 0\n"
_LOOK_THROUGH = """
import sys
import threading
import psutil

def resident():
    return psutil.Process().memory_info().rss

def look_through():
    # Pictures of all sizes come and go; a little of each stays, as descriptions do.
    pictures = [bytes(4_000_000)]
    del pictures[0]
    for number in range(100):
        pictures.append(b"x" * (400_000 + 1000 * number))
        little.append(b"x" * 2000)

before, little = resident(), []
receiver = threading.Thread(target=look_through)
receiver.start()
receiver.join()
sys.stderr.write(f"held {(resident() - before) // 1_000_000} MB")
"""


def _held_after(begin: str) -> int:
    """Megabytes that a process holds when it began so and 45 MB of pictures have come and gone in it."""
    done = subprocess.run(
        [sys.executable, "-c", begin + _LOOK_THROUGH],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        check=True,
    )
    return int(done.stderr.rpartition("held ")[2].removesuffix(" MB"))


@pytest.mark.parametrize("begin", [_AS_WINDOW, _AS_READER], ids=["window", "reader"])
def test_a_process_gives_back_what_pictures_took(begin: str) -> None:
    assert _held_after(begin) < 10


def test_without_it_holes_between_small_objects_would_be_held() -> None:
    assert _held_after("") > 30
