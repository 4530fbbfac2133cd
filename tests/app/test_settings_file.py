"""A glance at the choices shows what all of them say, and never fails."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.app.settings import Settings
from studio.app.settings_file import THEMES, Glance, glance


@pytest.mark.parametrize("theme", THEMES)
def test_it_shows_what_was_kept(tmp_path: Path, theme: str) -> None:
    path = tmp_path / "settings.json"
    chosen = Settings(theme=theme, window={"geometry": "AbC=", "state": "x"})  # type: ignore[arg-type]
    chosen.save(path)
    assert glance(path) == Glance(theme, {"geometry": "AbC=", "state": "x"})


def test_a_first_start_has_defaults() -> None:
    assert glance() == Glance() == Glance(Settings().theme, Settings().window)


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"theme": 3, "window": [1]}', "[" * 100_000, "\ud800"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert glance(path) == Glance()


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(theme=TREES, window=TREES)
def test_whatever_stands_there_the_answer_is_of_the_right_kind(
    tmp_path_factory: pytest.TempPathFactory, theme: object, window: object
) -> None:
    path = tmp_path_factory.mktemp("kept") / "settings.json"
    path.write_text(json.dumps({"theme": theme, "window": window}), encoding="utf-8")
    seen = glance(path)
    assert seen.theme in THEMES
    assert all(isinstance(text, str) for pair in seen.window.items() for text in pair)
