"""Settings: what fits is taken as its type, what does not is refused with what is expected."""

import math
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.app.chains import Audio, Emitter, Range, chain
from studio.app.chains.definition import Chain, chain_of
from studio.app.chains.description import Parameter, ParameterType
from studio.app.chains.parameters import arguments, checked, expected_text, parse, settled
from studio.errors import ChainError


class Side(Enum):
    """An Enum with values that are no text."""

    LEFT = -1
    RIGHT = 1


@chain
def asking(
    sound: Audio,
    *,
    gain: Annotated[float, Range(-10, 10, units="dB")] = 0.0,
    side: Side = Side.LEFT,
    mode: Literal["fast", "slow"] = "fast",
    must: int,
) -> Emitter[Any]:
    """Asks."""
    return sound


def asking_chain() -> Chain:
    found = chain_of(asking)
    assert found is not None
    return found


def test_defaults_fill_what_is_not_given_and_choices_come_as_what_they_stand_for() -> None:
    values = settled(asking_chain(), {"must": 5, "side": "1"})
    assert values == {"gain": 0.0, "side": "1", "mode": "fast", "must": 5}
    assert arguments(asking_chain(), values) == {"gain": 0.0, "side": Side.RIGHT, "mode": "fast", "must": 5}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "needs must: whole number"),
        ({"must": 1, "gian": 3.0}, "no setting 'gian'; it has: gain, side, mode, must"),
        ({"must": 1, "gain": 11.0}, "gain cannot be 11.0: expected number from -10 to 10 dB"),
        ({"must": 1.5}, "must cannot be 1.5"),
        ({"must": True}, "must cannot be True"),
        ({"must": 1, "mode": "medium"}, "expected one of fast, slow"),
        ({"must": 1, "gain": math.nan}, "gain cannot be nan"),
    ],
)
def test_what_does_not_fit_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ChainError) as raised:
        settled(asking_chain(), given)
    assert words in str(raised.value)


parameters = st.builds(
    Parameter,
    name=st.just("x"),
    type=st.sampled_from(ParameterType),
    choices=st.just(("a", "b")),
    minimum=st.none() | st.integers(-5, 5),
    maximum=st.none() | st.integers(-5, 5),
)


@given(parameter=parameters, text=st.text(max_size=8) | st.from_regex(r"-?\d{1,3}(\.\d+)?", fullmatch=True))
def test_whatever_is_typed_either_fits_or_is_refused_in_words(parameter: Parameter, text: str) -> None:
    try:
        value = parse(parameter, text)
    except ChainError:
        with pytest.raises(ChainError) as refused:
            parse(parameter, text)
        assert expected_text(parameter) in str(refused.value)
        return
    assert checked(parameter, value) == value
    if parameter.type in (ParameterType.WHOLE, ParameterType.NUMBER):
        assert not isinstance(value, str)
        assert parameter.minimum is None or value >= parameter.minimum
        assert parameter.maximum is None or value <= parameter.maximum


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("On", True), ("0", False), ("false", False)])
def test_truth_is_said_in_several_ways(text: str, value: bool) -> None:
    assert parse(Parameter("x", ParameterType.TRUTH), text) is value
