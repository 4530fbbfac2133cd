"""Places on a network are typed as people do it."""

import pytest
import typer

from studio.cli.place import parsed_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("lab", ("lab", 7)),
        (" lab:8 ", ("lab", 8)),
        ("10.0.0.2:13331", ("10.0.0.2", 13331)),
        ("::1", ("::1", 7)),
        ("fe80::1:2", ("fe80::1:2", 7)),
        ("[::1]", ("::1", 7)),
        ("[::1]:9", ("::1", 9)),
    ],
)
def test_a_host_with_or_without_a_port(text: str, place: tuple[str, int]) -> None:
    assert parsed_place(text, 7) == place


@pytest.mark.parametrize("text", ["", "lab:", ":8", "lab:0", "lab:65536", "lab:x"])
def test_anything_else_is_said_to_be_no_place(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is no place"):
        parsed_place(text, 7)
