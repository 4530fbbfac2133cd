"""What a researcher writes: a function from streams to streams, marked with `@chain`."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, overload

from studio.app.chains.description import Input, Parameter
from studio.app.chains.signature import Kinds, inputs_of, parameters_of
from studio.engine import Emitter
from studio.formats.payload import PayloadKind, StreamFormat

T = TypeVar("T")
FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])

MARK = "__studio_chain__"


@dataclass(frozen=True, slots=True)
class Output(Generic[T]):
    """A stream that a chain gives, with what its numbers mean; a bare stream will do as well.

    With a `kind` the stream is there even if it never holds a message; else its first message says what it
    is. `dtype` of SCALAR, AUDIO, SAMPLES ("float64" if left out); `channels` of AUDIO and SAMPLES.
    """

    stream: Emitter[T]
    kind: PayloadKind | None = None
    units: str = ""
    rate: float = 0.0
    dtype: str = ""
    channels: int = 1
    channel_names: tuple[str, ...] = ()

    @property
    def format(self) -> StreamFormat | None:
        """As the store wants it; None: the first message says."""
        if self.kind is None:
            return None
        return StreamFormat(
            self.kind,
            dtype=(self.dtype or "float64") if self.kind.is_sampled else self.dtype,
            channels=self.channels,
            channel_names=self.channel_names,
            rate=self.rate,
            units=self.units,
        )


@dataclass(frozen=True, slots=True)
class Chain:
    """A function that was marked, with what its signature says."""

    name: str
    function: Callable[..., Any]
    inputs: tuple[Input, ...]
    parameters: tuple[Parameter, ...]
    is_reproducible: bool
    summary: str = field(default="")

    @property
    def file(self) -> str:
        """Where it is written."""
        return self.function.__code__.co_filename

    @property
    def line(self) -> int:
        """Of its first line in that file."""
        return self.function.__code__.co_firstlineno


@overload
def chain(function: FunctionT, /) -> FunctionT: ...
@overload
def chain(
    *, name: str = "", inputs: Mapping[str, Kinds] | None = None, reproducible: bool = True
) -> Callable[[FunctionT], FunctionT]: ...
def chain(
    function: Callable[..., Any] | None = None,
    /,
    *,
    name: str = "",
    inputs: Mapping[str, Kinds] | None = None,
    reproducible: bool = True,
) -> Any:
    """Mark a function as a chain; it can still be called like any other.

    Its positional parameters are streams, found by name and kind; its keyword parameters (behind a `*`) are
    settings. It returns a stream, or several by name. `inputs` says the kinds where the types do not;
    `reproducible=False` that two runs over the same data may differ. Raises ChainError naming file and line.
    """

    def mark(marked: FunctionT) -> FunctionT:
        described = inspect.getdoc(marked) or ""
        value = Chain(
            name=name or marked.__name__,
            function=marked,
            inputs=inputs_of(marked, inputs or {}),
            parameters=parameters_of(marked),
            is_reproducible=reproducible,
            summary=described.partition("\n")[0],
        )
        setattr(marked, MARK, value)
        return marked

    return mark if function is None else mark(function)


def chain_of(function: object) -> Chain | None:
    """The chain that a function was marked as; None if it was not."""
    found = getattr(function, MARK, None)
    return found if isinstance(found, Chain) else None
