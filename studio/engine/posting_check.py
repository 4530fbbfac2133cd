"""Checks who posts: for the developer of components, behind a switch of the pipeline (rule E75).

A component may post on its own outputs, while one of its inputs is handled; at any other moment only a source
may. Everything else breaks the order of messages sooner or later, and is hard to find then.
"""

import threading
from collections.abc import Callable
from typing import Any

from studio.engine.element import Element
from studio.engine.emitter import Validator
from studio.engine.message import Envelope
from studio.engine.receiver import Receiver
from studio.errors import WrongPosterError


class PostingCheck:
    """Knows for each thread whose input it handles just now."""

    def __init__(self) -> None:
        self._thread = threading.local()

    def watch(self, receiver: Receiver[Any]) -> None:
        """Know when messages of this input, or its end, are handled."""
        receiver.surround(lambda call: self._inside(receiver.element, call))

    def validator(self, element: Element, name: str | None, other: Validator | None) -> Validator:
        """What an output of `element` asks for each message; `other` is asked then."""

        def validate(data: Any, envelope: Envelope) -> None:
            self._require_poster(element, name or "without a name")
            if other is not None:
                other(data, envelope)

        return validate

    def _inside(self, element: Element, call: Callable[..., Any]) -> Callable[..., Any]:
        def handle(*arguments: Any) -> Any:
            before = getattr(self._thread, "element", None)
            self._thread.element = element
            try:
                return call(*arguments)
            finally:
                self._thread.element = before  # handled inside the post of another component

        return handle

    def _require_poster(self, element: Element, name: str) -> None:
        inside: Element | None = getattr(self._thread, "element", None)
        stream = f"on output {name} of {element.name} in pipeline {element.pipeline.name!r}"
        if inside is None and not element.is_source:
            raise WrongPosterError(
                f"something posted {stream} while it handled no message; only a source may: give the "
                f"component start and stop, or post when a message comes"
            )
        if inside is not None and inside.owner is not element.owner:
            raise WrongPosterError(
                f"{inside.name} posted {stream}; a component posts on its own outputs only: pipe a stream of "
                f"it to {element.name} instead"
            )
