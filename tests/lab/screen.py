"""A virtual screen with a window manager: pictures of it, clicks and keys through the X server."""

import os
import subprocess
from pathlib import Path
from typing import Self

from tests.lab.process import LabProcess
from tests.waiting import wait_until

MOUSE_BUTTONS = {"left": "1", "middle": "2", "right": "3"}
COMMAND_TIMEOUT_S = 20.0


class Screen:
    """Xvfb and openbox on a display that was free. Use `Screen.open` in a `with`."""

    def __init__(self, server: LabProcess, display: str, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._window_manager: LabProcess | None = None
        self.display = display

    @classmethod
    def open(cls, folder: Path, *, width: int = 1280, height: int = 800) -> Self:
        """Start the server on a free display; returns when a window manager runs on it."""
        read_end, write_end = os.pipe()
        size = f"{width}x{height}x24"
        arguments = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", size, "-noreset"]
        try:
            server = LabProcess(arguments, log=folder / "xvfb.log", pass_fds=(write_end,))
        finally:
            os.close(write_end)
        with os.fdopen(read_end) as answer:
            number = answer.readline().strip()  # empty if the server ended: its log says why
        if not number:
            server.kill()
            raise AssertionError(f"no virtual screen: {server.log.read_text(errors='replace')}")
        screen = cls(server, f":{number}", folder)
        screen._start_window_manager()
        return screen

    def _start_window_manager(self) -> None:
        log = self._folder / "openbox.log"
        self._window_manager = LabProcess(
            ["openbox", "--sm-disable"], log=log, environment=self.environment()
        )
        wait_until(self._has_window_manager, 20.0, "a window manager")

    def _has_window_manager(self) -> bool:
        # A window manager announces itself on the root window; without one xdotool knows of no desktops.
        asked = subprocess.run(
            ["xdotool", "get_num_desktops"], env=self.environment(), capture_output=True, check=False
        )
        return asked.returncode == 0

    def environment(self) -> dict[str, str]:
        """The environment for a program that shall appear on this screen."""
        kept = {k: v for k, v in os.environ.items() if k not in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
        return kept | {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb", "QT_XCB_GL_INTEGRATION": "none"}

    def screenshot(self, path: Path) -> Path:
        """Save a picture of the whole screen (PNG by the ending of `path`)."""
        self._command("import", "-silent", "-window", "root", str(path))
        return path

    def move(self, x: int, y: int) -> None:
        """Move the pointer to (x, y) in pixels of the screen."""
        self._xdotool("mousemove", "--sync", str(x), str(y))

    def click(self, x: int, y: int, *, button: str = "left", modifier: str | None = None) -> None:
        """Click at (x, y); `modifier` such as "shift" is held meanwhile."""
        press = ["mousemove", str(x), str(y), "click", MOUSE_BUTTONS[button]]
        if modifier is not None:
            press = ["keydown", modifier, *press, "keyup", modifier]
        self._xdotool(*press)

    def drag(self, start: tuple[int, int], end: tuple[int, int], *, modifier: str | None = None) -> None:
        """Press the left button at `start`, move over the middle to `end`, let go."""
        middle = ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
        moves = ["mousemove", *map(str, start), "mousedown", "1"]
        moves += ["mousemove", *map(str, middle), "mousemove", *map(str, end), "mouseup", "1"]
        if modifier is not None:
            moves = ["keydown", modifier, *moves, "keyup", modifier]
        self._xdotool(*moves)

    def scroll(self, x: int, y: int, *, steps: int) -> None:
        """Turn the wheel at (x, y): up (away from the user) for positive steps."""
        button = "4" if steps > 0 else "5"
        self._xdotool("mousemove", str(x), str(y), "click", "--repeat", str(abs(steps)), button)

    def key(self, *keys: str) -> None:
        """Press keys one after the other, named as X names them ("r", "space", "ctrl+q")."""
        self._xdotool("key", *keys)

    def type(self, text: str) -> None:
        """Type `text` into what has the focus."""
        self._xdotool("type", "--delay", "5", text)

    def windows(self, title: str) -> list[int]:
        """Ids of the visible windows whose title contains `title`."""
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", title],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,  # it fails when there is none
        )
        return [int(line) for line in found.stdout.split()]

    def focus(self, window: int) -> None:
        """Bring a window to the front and give it the keyboard."""
        self._xdotool("windowactivate", "--sync", str(window))

    def keyboard_owner(self) -> str:
        """The title of the window to which keys go now; what xdotool says where there is none."""
        asked = subprocess.run(
            ["xdotool", "getwindowfocus", "getwindowname"],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_TIMEOUT_S,
        )
        return asked.stdout.strip() or asked.stderr.strip() or "a window without a title"

    def close(self) -> None:
        """End window manager and server. Idempotent."""
        if self._window_manager is not None:
            self._window_manager.kill()
        # Xvfb removes its lock and socket when it is asked to end, not when it is killed.
        self._server.terminate()

    def _xdotool(self, *arguments: str) -> None:
        self._command("xdotool", *arguments)

    def _command(self, *arguments: str) -> None:
        subprocess.run(
            arguments, env=self.environment(), check=True, capture_output=True, timeout=COMMAND_TIMEOUT_S
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
