"""Reads what a chain asks for off the signature of its function. Runs nothing of it."""

import inspect
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal

from studio.app.chains.description import Input, Parameter, ParameterType, ParameterValue
from studio.errors import ChainError
from studio.formats.payload import PayloadKind

_TYPES: dict[object, ParameterType] = {
    bool: ParameterType.TRUTH,
    int: ParameterType.WHOLE,
    float: ParameterType.NUMBER,
    str: ParameterType.TEXT,
}

Kinds = PayloadKind | tuple[PayloadKind, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Beside a parameter's type: `gain: Annotated[float, Range(0, 40, units="dB")] = 0.0`; ends included."""

    minimum: float | None = None
    maximum: float | None = None
    units: str = ""
    help: str = ""


def inputs_of(function: Callable[..., Any], kinds: Mapping[str, Kinds]) -> tuple[Input, ...]:
    """The streams it takes: its positional parameters. Raises ChainError saying where and what to do."""
    hints = _hints(function)
    found = tuple(
        _input_of(function, parameter, hints.get(name), kinds.get(name))
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is not parameter.KEYWORD_ONLY
    )
    names = [each.name for each in found]
    if unknown := set(kinds) - set(names):
        raise _error(
            function, f"inputs= names {sorted(unknown)}, but the function takes {names or 'nothing'}"
        )
    if not found:
        raise _error(
            function, "it takes no stream; write its inputs first, for instance (sound: Audio, *, ...)"
        )
    return found


def _input_of(
    function: Callable[..., Any], parameter: inspect.Parameter, hint: Any, kinds: Kinds | None
) -> Input:
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
        raise _error(function, f"it takes *{parameter.name}; name each of its streams and parameters instead")
    if parameter.default not in (parameter.empty, None):
        raise _error(
            function,
            f"{parameter.name} has a default; a stream has none. If it is a setting, write it behind a *",
        )
    if kinds is not None:
        wanted = kinds if isinstance(kinds, tuple) else (kinds,)
    elif (inner := _without_none(hint)) in _TYPES:
        raise _error(
            function, f"{parameter.name} is no stream but a setting: write it behind a *, in the signature"
        )
    else:
        wanted = tuple(extra for extra in _extras(inner) if isinstance(extra, PayloadKind))
    return Input(parameter.name, wanted, is_optional=parameter.default is None)


def parameters_of(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    """Its settings: the keyword-only parameters. Raises ChainError."""
    hints = _hints(function)
    return tuple(
        _parameter_of(function, parameter, hints.get(name, type(parameter.default)))
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    )


def _parameter_of(function: Callable[..., Any], parameter: inspect.Parameter, hint: Any) -> Parameter:
    plain = typing.get_args(hint)[0] if typing.get_origin(hint) is Annotated else hint
    choices = choices_of(plain)
    kind = ParameterType.CHOICE if choices else _TYPES.get(plain)
    if kind is None:
        raise _error(
            function,
            f"setting {parameter.name} is a {getattr(plain, '__name__', plain)}; it can be int, float, bool, "
            "str, an Enum or a Literal",
        )
    limits = next((extra for extra in _extras(hint) if isinstance(extra, Range)), Range())
    told = next((extra for extra in _extras(hint) if isinstance(extra, str)), limits.help)
    default = None if parameter.default is parameter.empty else _shown(parameter.default)
    return Parameter(
        parameter.name,
        kind,
        default,
        tuple(choices),
        limits.minimum,
        limits.maximum,
        limits.units,
        told,
    )


def choices_of(plain: Any) -> dict[str, Any]:
    """The values of an Enum or Literal by the text that stands for each; empty for another type."""
    if isinstance(plain, type) and issubclass(plain, Enum):
        return {_shown(member): member for member in plain}
    if typing.get_origin(plain) is Literal:
        return {str(value): value for value in typing.get_args(plain)}
    return {}


def plain_types(function: Callable[..., Any]) -> dict[str, Any]:
    """The type of each setting, without what stands beside it."""
    return {
        name: typing.get_args(hint)[0] if typing.get_origin(hint) is Annotated else hint
        for name, hint in _hints(function).items()
    }


def _shown(value: Any) -> Any:
    """A default as a value that can be passed on."""
    if isinstance(value, Enum):
        return str(value.value) if isinstance(value.value, str | int) else value.name
    shown: ParameterValue = value if isinstance(value, bool | int | float | str) else str(value)
    return shown


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function, include_extras=True)
    except Exception as error:  # whatever the annotations of the author's file raise
        raise _error(function, f"its types cannot be understood ({error}); import what they name") from error


def _extras(hint: Any) -> tuple[Any, ...]:
    return tuple(typing.get_args(hint)[1:]) if typing.get_origin(hint) is Annotated else ()


def _without_none(hint: Any) -> Any:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        kept = [each for each in typing.get_args(hint) if each is not type(None)]
        return kept[0] if len(kept) == 1 else hint
    return hint


def _error(function: Callable[..., Any], text: str) -> ChainError:
    code = getattr(function, "__code__", None)
    place = f"{code.co_filename}:{code.co_firstlineno}: " if code is not None else ""
    return ChainError(f"{place}chain {getattr(function, '__name__', '')!r}: {text}.")
