"""Whatever a user types becomes a file that this machine, and any other, can keep."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.app.free_names import free_path, numbered_names, safe_name


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(typed=st.text(max_size=300))
def test_any_text_becomes_a_name_that_can_be_made_and_stays_inside_its_folder(
    typed: str, tmp_path: Path
) -> None:
    name = safe_name(typed, instead="recording")
    made = tmp_path / f"{name}.h5"
    made.touch()
    assert made.parent == tmp_path
    assert made.is_file()
    assert not name.startswith(".")
    assert not set(name) & set('/\\:*?"<>|\0\n')
    made.unlink()


@given(typed=st.text(max_size=300))
def test_a_safe_name_is_safe_already(typed: str) -> None:
    name = safe_name(typed, instead="recording")
    assert safe_name(name, instead="recording") == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("P03 first try", "P03 first try"),
        ("../../etc/passwd", "etc_passwd"),
        ("a/b\\c", "a_b_c"),
        ("Schüler Ä 測定", "Schüler Ä 測定"),
        ("", "recording"),
        (" .. ", "recording"),
        ("con", "_con"),
        ("COM1.x", "_COM1.x"),
        ("12:30?", "12_30"),
        ("a\tb\x00c", "a_b_c"),
        ("x" * 500, "x" * 120),
    ],
)
def test_names_stay_as_near_to_the_typed_ones_as_they_can(typed: str, name: str) -> None:
    assert safe_name(typed, instead="recording") == name


def test_a_name_that_exists_gets_a_number(tmp_path: Path) -> None:
    for expected in ("P03.v2", "P03.v2 2", "P03.v2 3"):
        path = free_path(tmp_path, "P03.v2")
        assert path.name == expected
        path.mkdir()


def test_a_dangling_link_counts_as_existing(tmp_path: Path) -> None:
    (tmp_path / "a.h5").symlink_to(tmp_path / "nowhere")
    assert free_path(tmp_path, "a", ".h5").name == "a 2.h5"


def test_numbers_go_before_the_suffix() -> None:
    names = numbered_names("a", ".h5")
    assert [next(names) for _ in range(3)] == ["a.h5", "a 2.h5", "a 3.h5"]
