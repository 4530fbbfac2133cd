"""What went wrong in a run: collected, logged, told to handlers, raised once (rules E172-E176)."""

import logging
import threading

from studio.engine.events import Event
from studio.engine.pipeline_events import PipelineExceptionNotHandled

logger = logging.getLogger(__name__)


class Failures:
    """The errors of one pipeline, in the order they were recorded."""

    def __init__(self, pipeline_name: str) -> None:
        self.not_handled: Event[PipelineExceptionNotHandled] = Event()
        self._pipeline_name = pipeline_name
        self._lock = threading.Lock()
        self._errors: list[BaseException] = []
        self._unraised: list[BaseException] = []

    @property
    def errors(self) -> tuple[BaseException, ...]:
        """All errors so far."""
        with self._lock:
            return tuple(self._errors)

    def add(self, error: BaseException, *, is_handled: bool) -> None:
        """Keep an error that `tell` will tell to handlers; if there are none, somebody has to raise it."""
        self._keep(error, is_handled=is_handled)

    def tell(self, error: BaseException) -> None:
        """Tell the handlers of an error that was kept."""
        for failure in self.not_handled.emit(PipelineExceptionNotHandled(error)):
            self.keep(failure)  # PORT of rule E176

    def keep(self, error: BaseException) -> None:
        """Keep an error that handlers are not told of: it is theirs (PORT of rule E41)."""
        self._keep(error, is_handled=False)

    def _keep(self, error: BaseException, *, is_handled: bool) -> None:
        logger.error("pipeline %r: %s", self._pipeline_name, error, exc_info=error)
        with self._lock:
            self._errors.append(error)
            if not is_handled:
                self._unraised.append(error)

    def raise_once(self) -> None:
        """Raise the errors that nobody has taken yet as one group; a second call does nothing."""
        with self._lock:
            unraised, self._unraised = self._unraised, []
        if unraised:
            texts = ", ".join(str(error) or type(error).__name__ for error in unraised)
            raise BaseExceptionGroup(
                f"pipeline {self._pipeline_name!r} was terminated because of one or more unexpected errors "
                f"({texts})",
                unraised,
            )
