"""The window and all its processes follow the clock of another process; or a host that never answers."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.app.clock_sync import ClockSettings
from studio.app.settings import Settings
from studio.host.run_directory import RunDirectory
from studio.host.shared_clock import shared_clock
from studio.store.reader import StoreReader
from studio.timing import monotonic_ns
from studio.timing.sync_status import SyncState
from studio.ui.application import host_links, make_window
from studio.ui.sync.wiring import SyncWiring
from tests.app.clock_keeping import following, other_clock, other_machine
from tests.ends import wait_for_ends
from tests.lab.places import Places
from tests.lab.screen import Screen
from tests.ui.running_studio import RunningStudio, is_clean
from tests.waiting import wait_until

TICK_MS = 20
LOOKED_AT_MS = 2500


@pytest.mark.story
def test_follow_another_machine_by_keys_record_and_find_how_exact_it_was(
    screen: Screen, places: Places, tmp_path: Path
) -> None:
    truth = other_clock(shared_clock(RunDirectory.open()))
    studio = RunningStudio(screen, places, tmp_path)
    with other_machine(truth) as machine, studio.process:
        studio.wait_for(lambda: "clock_chip" in studio.names(), "the chip of the clock")
        press_until(studio, "clock_chip", "clock_role_follow")
        press_until(studio, "clock_role_follow", "clock_state_discovering")
        screen.key("Tab", "Down", "Tab")
        screen.type("127.0.0.1")
        screen.key("Tab", "ctrl+a")
        screen.type(str(machine.port))
        screen.key("Return")
        studio.wait_for(lambda: "clock_state_synchronised" in studio.names(), "the other clock", 90.0)
        screen.screenshot(tmp_path / "synchronised.png")
        studio.press("record_button")
        studio.wait_for(lambda: "status_size" in studio.names(), "the recording")
        studio.wait_for(lambda: "clock_lock" in studio.names(), "the lock")
        wait_until(lambda: has_bounds(studio.recordings()), 30.0, "a bound in the recording")
        studio.press("stop_button")
        studio.wait_for(lambda: "status_size" not in studio.names(), "the end of the recording")
        (path,) = studio.recordings()
        look_at_certificate(studio)
        screen.screenshot(tmp_path / "certificate.png")
        assert studio.end(signal.SIGTERM) == 0, studio.log.read_text()
    assert studio.log.read_text() == ""
    assert is_clean(path)
    with StoreReader(path) as reader:
        (summary,) = reader.clock_summaries()
    assert (summary.role, summary.machine) == ("following", "LAB-MASTER")
    assert summary.guaranteed is not None
    assert summary.guaranteed < ClockSettings().bound_limit_ns


def press_until(studio: RunningStudio, name: str, seen: str) -> None:
    """Press it where it is; once more if it moved just then, as all does while a panel makes itself room."""
    for _ in range(20):
        studio.press(name)
        with suppress(AssertionError):
            wait_until(lambda: seen in studio.names(), 1.0, seen)
            return
    raise AssertionError(f"{seen} did not follow from {name}: {sorted(studio.names())}")


def has_bounds(paths: list[Path]) -> bool:
    """Whether the recording that is being made says already how exact its clock is: it does once a second."""
    with StoreReader(paths[0]) as reader:
        return any(log.bounds for log in reader.clock_logs())


def look_at_certificate(studio: RunningStudio) -> None:
    """Open the inspector of the session, once it is in the list, and turn the wheel down to its clock."""
    for _ in range(40):
        studio.screen.key("ctrl+d")
        if "session_dock" in studio.names():
            x, y, width, height = studio.names()["session_dock"]
            studio.screen.scroll(x + width // 2, y + height - 48, steps=-20)
        with suppress(AssertionError):
            wait_until(lambda: "certificate_bound_0" in studio.names(), 0.5, "the certificate")
            return
    raise AssertionError(f"there is no certificate: {sorted(studio.names())}")


@contextmanager
def silent_host() -> Iterator[int]:
    """Somebody listens there, and never says a word: a probe waits for it to the end of its time."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield int(listener.getsockname()[1])


def test_a_host_that_never_answers_leaves_the_window_smooth(
    qtbot: QtBot, qapp: QApplication, places: Places, tmp_path: Path
) -> None:
    settings = Settings(recordings_folder=str(tmp_path), ticked=(), theme="dark")
    window = make_window(qapp, host_links(), settings, shared_clock(RunDirectory.open()))
    wiring = window.findChild(SyncWiring)
    assert wiring is not None
    ticks: list[int] = []
    timer = QTimer(interval=TICK_MS)
    timer.timeout.connect(lambda: ticks.append(monotonic_ns()))
    try:
        with silent_host() as port:
            window.show()
            window.clock_dock.show()
            qtbot.waitUntil(lambda: wiring.choice.clock is not None, timeout=30_000)
            wiring.choice.want(following(port))
            qtbot.waitUntil(lambda: _state(wiring) is SyncState.CONNECTING, timeout=30_000)
            timer.start()
            qtbot.wait(LOOKED_AT_MS)
            timer.stop()
            assert _state(wiring) is SyncState.CONNECTING
    finally:
        others = others_of(places)
        with qtbot.waitSignal(window.closed, timeout=30_000):
            window.closing.finish_and_close()
        wait_for_ends(others)
    # A window that waited for replies would hardly tick at all; one on a busy machine ticks less often.
    assert len(ticks) > LOOKED_AT_MS / TICK_MS / 4


def others_of(places: Places) -> list[psutil.Process]:
    """All processes of this test's studio but the window."""
    name, value = places.mark
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if "--role" in process.cmdline() and process.environ().get(name) == value:
                found.append(process)
    return found


def _state(wiring: SyncWiring) -> SyncState | None:
    return wiring.choice.clock.sync.state if wiring.choice.clock is not None else None
