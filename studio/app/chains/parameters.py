"""Settings of a chain: from text or values of another process to what its function takes. Values only."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from studio.app.chains.description import Parameter, ParameterType, ParameterValue
from studio.app.chains.signature import choices_of, plain_types
from studio.errors import ChainError

if TYPE_CHECKING:
    from studio.app.chains.definition import Chain

_YES = {"yes", "true", "on", "1"}
_NO = {"no", "false", "off", "0"}


def parse(parameter: Parameter, text: str) -> ParameterValue:
    """What was typed; raises ChainError saying what is expected."""
    text = text.strip() if parameter.type is not ParameterType.TEXT else text
    match parameter.type:
        case ParameterType.TRUTH:
            if text.lower() not in _YES | _NO:
                raise _unfit(parameter, text)
            return text.lower() in _YES
        case ParameterType.WHOLE | ParameterType.NUMBER:
            try:
                number: ParameterValue = int(text) if parameter.type is ParameterType.WHOLE else float(text)
            except ValueError:
                raise _unfit(parameter, text) from None
            return checked(parameter, number)
        case _:
            return checked(parameter, text)


def checked(parameter: Parameter, value: ParameterValue) -> ParameterValue:
    """`value` as the parameter's type; raises ChainError if it is not one, or out of range."""
    fits = {
        ParameterType.TRUTH: isinstance(value, bool),
        ParameterType.WHOLE: isinstance(value, int) and not isinstance(value, bool),
        ParameterType.NUMBER: isinstance(value, int | float) and not isinstance(value, bool),
        ParameterType.TEXT: isinstance(value, str),
        ParameterType.CHOICE: value in parameter.choices,
    }[parameter.type]
    if not fits or not _is_in_range(parameter, value):
        raise _unfit(parameter, value)
    return float(value) if parameter.type is ParameterType.NUMBER else value


def _is_in_range(parameter: Parameter, value: ParameterValue) -> bool:
    if isinstance(value, str | bool):
        return True
    above = parameter.minimum is None or value >= parameter.minimum
    below = parameter.maximum is None or value <= parameter.maximum
    return math.isfinite(value) and above and below


def _unfit(parameter: Parameter, value: object) -> ChainError:
    return ChainError(f"{parameter.name} cannot be {value!r}: expected {expected_text(parameter)}.")


def expected_text(parameter: Parameter) -> str:
    """What may be given, for people: `number from -90 to 0 dB`."""
    if parameter.type is ParameterType.CHOICE:
        return "one of " + ", ".join(parameter.choices)
    low, high = parameter.minimum, parameter.maximum
    limits = f" of at least {low:g}" if low is not None else ""
    if high is not None:
        limits = f" of at most {high:g}" if low is None else f" from {low:g} to {high:g}"
    return f"{parameter.type.value}{limits} {parameter.units}".rstrip()


def settled(chain: "Chain", given: Mapping[str, ParameterValue]) -> dict[str, ParameterValue]:
    """Every parameter with its value, given or by default. ChainError for unknown, unfit or missing ones."""
    known = {parameter.name: parameter for parameter in chain.parameters}
    if unknown := sorted(set(given) - set(known)):
        there = ", ".join(known) or "none"
        raise ChainError(f"chain {chain.name!r} has no setting {unknown[0]!r}; it has: {there}.")
    values: dict[str, ParameterValue] = {}
    for name, parameter in known.items():
        if name in given:
            values[name] = checked(parameter, given[name])
        elif parameter.default is None:
            raise ChainError(f"chain {chain.name!r} needs {name}: {expected_text(parameter)}.")
        else:
            values[name] = parameter.default
    return values


def arguments(chain: "Chain", values: Mapping[str, ParameterValue]) -> dict[str, Any]:
    """What the function is called with: choices as the Enum or Literal that they stand for."""
    types = plain_types(chain.function)
    return {name: choices_of(types.get(name)).get(str(value), value) for name, value in values.items()}
