"""Chains: what a researcher writes to compute streams from recorded streams, and what runs it.

    from typing import Annotated
    from studio.app.chains import Audio, Output, PayloadKind, Range, chain

    @chain
    def loud(sound: Audio, *, threshold: Annotated[float, Range(0, 1)] = 0.1) -> dict[str, Output]:
        '''Whether it is loud.'''
        peak = sound.select(lambda block: float(abs(block).max()))
        is_loud = peak.select(lambda value: value > threshold).changes()
        return {"peak": Output(peak, PayloadKind.SCALAR), "loud": Output(is_loud)}

*Writing.* Positional parameters are streams, found by name and by the kind that their type says (`inputs`).
Keyword parameters are settings (int, float, bool, str, an Enum or a Literal; `Range` beside a type says
limits and units): fields in the dialog, `--param threshold=0.2` on the command line. The result is a stream,
or several by name. Between them stand the operators of `studio.engine`, or one's own components. A chain is
a Python file, or a plug-in: an entry point of the group `studio.chains`. `examples` holds two to learn from.

*Figures over pictures.* A stream of `PayloadKind.JSON` whose messages `shapes_message` made (rectangles,
points, lines, each with a `Tag`) can be laid over the pictures it tells of: `studio.formats.shapes`.

*Running.* Loading a chain runs its file, so only a job process or a command does so, and only when told to.
`run` computes over stored streams, `attach` over a recording that is being written, `compare` both ways and
says whether every message is the same. The result is a partition of the session, `NAME.CHAIN.h5`, with what
it was computed from (`derivation`). It is made beside its place, so a chain that raises, posts nonsense,
never returns or is killed leaves nothing half-made; an attached one leaves what it had given so far.

*Nothing is dropped.* All connections throttle: whoever is too quick waits. So memory stays what it is, and an
attached chain lags instead of losing.

*The same again.* Streams are fed in the order of time, each message with its recorded envelope. Operators
that do not depend on clocks or on the order of arrival then give the same in every run; `comparable` names
the others. Errors name file and line (`blame`).

| values for every process | `description`, `requests`, `references`, `derivation` |
|---|---|
| of the author | `definition`, `inputs`, `signature`, `pictures` |
| from a request to a graph | `loading`, `parameters`, `binding`, `preparing`, `comparable` |
| running | `run`, `attach`, `compare`, `watching` |
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.app.chains.definition import Output, chain
    from studio.app.chains.inputs import (
        Audio,
        Block,
        Bytes,
        Documents,
        Events,
        Jpegs,
        Numbers,
        Samples,
        Signal,
        Texts,
        Video,
    )
    from studio.app.chains.signature import Range
    from studio.engine import Emitter, Envelope
    from studio.formats.payload import Event, PayloadKind
    from studio.formats.shapes import Line, Points, Rectangle, Tag, shapes_message

__all__ = [
    "Audio",
    "Block",
    "Bytes",
    "Documents",
    "Emitter",
    "Envelope",
    "Event",
    "Events",
    "Jpegs",
    "Line",
    "Numbers",
    "Output",
    "PayloadKind",
    "Points",
    "Range",
    "Rectangle",
    "Samples",
    "Signal",
    "Tag",
    "Texts",
    "Video",
    "chain",
    "shapes_message",
]

_PLACES = {
    "Audio": "studio.app.chains.inputs",
    "Block": "studio.app.chains.inputs",
    "Bytes": "studio.app.chains.inputs",
    "Documents": "studio.app.chains.inputs",
    "Emitter": "studio.engine",
    "Envelope": "studio.engine",
    "Event": "studio.formats.payload",
    "Events": "studio.app.chains.inputs",
    "Jpegs": "studio.app.chains.inputs",
    "Line": "studio.formats.shapes",
    "Numbers": "studio.app.chains.inputs",
    "Output": "studio.app.chains.definition",
    "PayloadKind": "studio.formats.payload",
    "Points": "studio.formats.shapes",
    "Range": "studio.app.chains.signature",
    "Rectangle": "studio.formats.shapes",
    "Samples": "studio.app.chains.inputs",
    "Signal": "studio.app.chains.inputs",
    "Tag": "studio.formats.shapes",
    "Texts": "studio.app.chains.inputs",
    "Video": "studio.app.chains.inputs",
    "chain": "studio.app.chains.definition",
    "shapes_message": "studio.formats.shapes",
}


def __getattr__(name: str) -> object:
    """Imported when asked for: the window knows requests for chains, and nothing of what runs them."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)
