"""What is inside a message has names that can be looked up again, whatever the message is."""

import json
import math

from hypothesis import given
from hypothesis import strategies as st

from studio.formats.members import DEEPEST, MOST_MEMBERS, leaves_of, member_of, numbers_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)


def test_places_are_named_by_the_keys_and_numbers_that_lead_there() -> None:
    data = {"gaze": {"x": 1, "y": -2.5}, "eyes": [True, {"open": 0.5}], "label": "left", "none": None}
    assert numbers_of(data) == {"gaze.x": 1.0, "gaze.y": -2.5, "eyes[0]": 1.0, "eyes[1].open": 0.5}
    assert member_of(data, "label") == "left"
    assert member_of(data, "none") is None
    assert numbers_of([3, [4]]) == {"[0]": 3.0, "[1][0]": 4.0}
    assert numbers_of(7) == {"value": 7.0}
    assert numbers_of("seven") == {}


def test_numbers_too_large_for_a_curve_are_infinite_and_of_two_of_one_name_the_first_counts() -> None:
    assert numbers_of({"a": 10**400, "b": -(10**400)}) == {"a": math.inf, "b": -math.inf}
    assert numbers_of({"a.b": 1, "a": {"b": 2}}) == {"a.b": 1.0}


def test_very_wide_and_very_deep_messages_are_looked_at_as_far_as_there_is_room() -> None:
    assert len(numbers_of(list(range(10_000)))) == MOST_MEMBERS
    deep: object = 1
    for _ in range(DEEPEST + 1):
        deep = [deep]
    assert numbers_of(deep) == {}


@given(JSON)
def test_what_leaves_name_is_found_by_that_name(data: object) -> None:
    read = json.loads(json.dumps(data))
    first: dict[str, object] = {}
    for name, value in leaves_of(read):
        first.setdefault(name, value)
    assert all(member_of(read, name) == value for name, value in first.items())
    assert set(numbers_of(read)) <= set(first)
