"""Makes every thread of the studio. Owns nothing else; no other module may create one."""

import threading
from collections.abc import Callable
from os import cpu_count

FailureHandler = Callable[[BaseException], None]


def default_thread_count() -> int:
    """Two to four workers: enough to overlap what releases the interpreter, few enough to stay polite."""
    return min(4, max(2, cpu_count() or 1))


class StudioThread:
    """A named thread that is asked to end through an event, and whose failure always reaches somebody."""

    def __init__(self, name: str, run: Callable[[threading.Event], None], on_failure: FailureHandler) -> None:
        self._run = run
        self._on_failure = on_failure
        self.cancelled = threading.Event()
        # A daemon, so that a device driver stuck in a call cannot keep the process; data is never owned by
        # such a thread alone, and owners join it in close().
        self._thread = threading.Thread(target=self._main, name=name, daemon=True)

    def _main(self) -> None:
        try:
            self._run(self.cancelled)
        except BaseException as error:
            self._on_failure(error)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask it to end; `run` looks at the event."""
        self.cancelled.set()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for its end; True if it has ended. Called from the thread itself, returns False at once."""
        if threading.current_thread() is self._thread:
            return False
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    @property
    def is_alive(self) -> bool:
        """Whether it is running."""
        return self._thread.is_alive()

    @property
    def ident(self) -> int | None:
        """Its number, as `threading.get_ident()` gives it inside; None before the start."""
        return self._thread.ident

    @property
    def native_id(self) -> int:
        """Its number, as the operating system counts threads; 0 before the start."""
        return self._thread.native_id or 0

    @property
    def name(self) -> str:
        """Its name, as debuggers and the thread list show it."""
        return self._thread.name


def spawn(name: str, run: Callable[[threading.Event], None], on_failure: FailureHandler) -> StudioThread:
    """Start a thread `studio.<name>` that runs `run(cancelled)`; what it raises goes to `on_failure`."""
    thread = StudioThread(f"studio.{name}", run, on_failure)
    thread.start()
    return thread
