"""A line of words finds the sessions that people mean by it."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.app.session_entries import PartitionEntry, SessionEntry
from studio.app.session_search import EXPLANATION, folded, names_with, parse_search
from studio.errors import SearchError
from studio.timing import NS_PER_S

TODAY = date(2026, 11, 22)


def at(day: str, hour: int = 12) -> int:
    return int(datetime.fromisoformat(day).replace(hour=hour).astimezone().timestamp()) * NS_PER_S


SESSION = SessionEntry(
    "/r/P01",
    "P01 Pilot",
    (
        PartitionEntry(
            "/r/P01/lab.h5", "lab", at("2026-11-20"), devices=("USB Camera", "IMU"), machine="LAB-A"
        ),
    ),
    participant="Zoë",
    notes="fell asleep\ntwice",
    tags=("left-handed", "night"),
)


def finds(text: str, session: SessionEntry = SESSION) -> bool:
    return parse_search(text, today=TODAY).finds(session)


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "pilot", "P01 asleep", "zoe", "ZOË", "camera", "lab-a", '"asleep"', "“fell asleep”"),
        *("tag:night", "tag:left", "device:imu", 'device:"usb camera"', "participant:zoe", "machine:LAB"),
        *("note:twice", "name:pilot", "TAG:night", "-tag:pilot", "-missing", "after:2026-11-20"),
        *(
            "after:2026",
            "after:2026-11",
            "before:2026-11-21",
            "on:2026-11-20",
            "on:2026-11",
            "before:2026-12",
        ),
        *("before:today", "-on:today", "-is:live", "tag:night -tag:day"),
    ],
)
def test_it_is_found(text: str) -> None:
    assert finds(text)


@pytest.mark.parametrize(
    "text",
    [
        *("pilots", "P01 awake", "tag:day", "device:microphone", "participant:ada", "-pilot", "asleep -zoe"),
        *("before:2026-11-20", "after:2026-11-21", "on:2026-11-21", "on:today", "on:yesterday", "after:2027"),
        *("is:live", "is:broken", "is:derived", "name:asleep", '"asleep fell"', "12:30"),
    ],
)
def test_it_is_not_found(text: str) -> None:
    assert not finds(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("after:soon", "“soon” is not a date"),
        ("on:2026-13", "is not a date"),
        ("before:2026-11-22-1", "is not a date"),
        ("is:good", "is not known; there are live"),
    ],
)
def test_what_is_not_understood_is_said(text: str, says: str) -> None:
    with pytest.raises(SearchError, match=says):
        finds(text)


def test_the_state_of_a_session_is_found() -> None:
    def of(**changes: object) -> SessionEntry:
        return SessionEntry("/r/a", "a", (PartitionEntry("/r/a/b.h5", "b", **changes),))  # type: ignore[arg-type]

    assert finds("is:live", of(live=True))
    assert finds("is:broken", of(problem="damaged"))
    assert finds("is:recovered", of(clean=False))
    assert finds("is:derived", of(derived=True))


def test_every_example_of_the_explanation_is_understood() -> None:
    examples = [word.rstrip(".") for word in EXPLANATION.split() if ":" in word]
    assert len(examples) > 10
    for example in examples:
        parse_search(example, today=TODAY)


@given(st.text(max_size=40))
def test_no_line_does_more_than_say_what_is_wrong(text: str) -> None:
    try:
        search = parse_search(text, today=TODAY)
    except SearchError as error:
        assert str(error)  # noqa: PT017
    else:
        search.finds(SESSION)


@given(st.text(st.characters(categories=("L", "N")), min_size=1, max_size=12))
def test_a_word_finds_the_session_that_has_it(word: str) -> None:
    assert finds(word, SessionEntry("/r/a", f"before {word} after"))


def test_case_and_accents_do_not_matter() -> None:
    assert folded("ÉCOLE Straße") == folded("école strasse")


@given(st.lists(st.text(max_size=6), max_size=8), st.text(max_size=4))
def test_names_that_hold_all_words_are_found_however_they_are_written(names: list[str], words: str) -> None:
    wanted = folded(words).split()
    expected = [n for n, name in enumerate(names) if all(word in folded(name) for word in wanted)]
    assert list(names_with(names, words)) == expected


def test_a_name_with_a_sign_that_parts_names_moves_no_other() -> None:
    assert list(names_with(("a\0b", "Ab", "c"), "AB")) == [1]
    assert list(names_with(("\u00c9cran", "x"), "ecran")) == [0]
    assert list(names_with((), "x")) == []
