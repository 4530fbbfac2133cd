"""What every test stands on: places of its own, nothing left behind, the laboratory, and no silent skips."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

# Before anything imports Qt: a test that builds a widget in its own process needs no screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if os.environ.get("LC_ALL") in ("C", "POSIX"):  # of which Qt complains, and a complaint is a failure here
    os.environ["LC_ALL"] = "C.UTF-8"

import pytest

from tests.lab.camera import CameraServer
from tests.lab.microphone import Microphone
from tests.lab.missing import skip_unless_installed
from tests.lab.places import Places
from tests.lab.screen import Screen
from tests.lab.studio_window import StudioWindow
from tests.leftovers import Leftovers

MOST_WORKERS = 6
LAB_MARKS = ("story", "kill", "disk", "namespace", "device")
"""Tests that need rights or programs. With `CI` set a skipped one is a failure (decision 39)."""


@pytest.fixture(autouse=True)
def places(monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    """Home and XDG folders of this test alone, under a path short enough for sockets."""
    with Places.make() as own:
        for name, value in own.environment().items():
            monkeypatch.setenv(name, value)
        yield own


@pytest.fixture(autouse=True)
def leaves_nothing_behind(places: Places) -> Iterator[None]:
    """Fail a test after which a thread or a process that it started is still alive."""
    leftovers = Leftovers.before_test(places.mark)
    yield
    found = leftovers.after_test()
    if found:
        pytest.fail("the test left behind: " + "; ".join(found), pytrace=False)


@pytest.fixture(scope="session")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """A virtual screen with a window manager, shared by the tests of one run."""
    skip_unless_installed("Xvfb", "openbox", "xdotool", "import")
    with Screen.open(tmp_path_factory.mktemp("screen")) as opened:
        yield opened


@pytest.fixture
def microphone(places: Places, monkeypatch: pytest.MonkeyPatch) -> Iterator[Microphone]:
    """One virtual microphone, 48 kHz mono, plugged in; `ALSA_CONFIG_PATH` points at it."""
    skip_unless_installed("pulseaudio", "pactl", "paplay")
    with Microphone(places.runtime, name="mic_a") as plugged:
        monkeypatch.setenv("ALSA_CONFIG_PATH", str(plugged.write_alsa_config()))
        yield plugged


@pytest.fixture
def camera_server(tmp_path: Path) -> Iterator[CameraServer]:
    """A camera that can be read at `camera_server.url`, running."""
    with CameraServer(tmp_path) as running:
        yield running


@pytest.fixture
def studio_window(screen: Screen, tmp_path: Path) -> Iterator[StudioWindow]:
    """The studio on the virtual screen, not yet started; ended afterwards with all its processes.

    It finds the microphones and cameras whose fixtures the test names before this one.
    """
    window = StudioWindow(screen, tmp_path)
    yield window
    window.close()


def pytest_xdist_auto_num_workers() -> int:
    """How many tests run side by side with `-n auto`."""
    # One more than processors, as most tests wait for processes, screens and sounds most of the time.
    return min(MOST_WORKERS, (os.cpu_count() or 1) + 1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of tests run side by side, those of a file come one after another, and so do all in real windows."""
    for item in items:
        group = (
            "windows"
            if item.get_closest_marker("story")
            else str(item.path.relative_to(item.config.rootpath))
        )
        item.add_marker(pytest.mark.xdist_group(group))


def _must_not_skip(item: pytest.Item) -> bool:
    return bool(os.environ.get("CI")) and any(item.get_closest_marker(mark) for mark in LAB_MARKS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip of a laboratory test into a failure where everything must be there (decision 39)."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and _must_not_skip(item):
        report.outcome = "failed"
        report.longrepr = f"skipped although CI is set: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A whole module skipped could hide a laboratory test, so with CI set that is a failure, too."""
    report = yield
    if report.outcome == "skipped" and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"module skipped although CI is set: {report.longrepr}"
    return report
