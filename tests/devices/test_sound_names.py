"""Each of several inputs of one name can be told, and opened, by an address of its own."""

from hypothesis import given
from hypothesis import strategies as st

from studio.devices.sound_names import addresses, place_of


def test_the_second_of_a_name_is_told_from_the_first() -> None:
    assert addresses(["mic", "line", "mic", "mic"]) == ["mic", "line", "mic #2", "mic #3"]
    assert place_of("mic #2", ["mic", "line", "mic"]) == 2


def test_one_that_is_called_as_a_second_would_be_keeps_its_name() -> None:
    names = ["mic", "mic", "mic #2"]
    assert addresses(names) == ["mic", "mic #3", "mic #2"]
    assert place_of("mic #2", names) == 2


def test_what_is_not_there_is_nowhere() -> None:
    assert place_of("mic #2", ["mic", "line"]) is None


@given(st.lists(st.sampled_from(["a", "a #2", "a #2 #2", "b"])))
def test_every_input_is_found_by_its_address(names: list[str]) -> None:
    found = addresses(names)
    assert len(set(found)) == len(names)
    assert [place_of(address, names) for address in found] == list(range(len(names)))
