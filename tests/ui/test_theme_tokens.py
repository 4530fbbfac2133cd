"""Every theme is whole and can be read by people."""

import re
from pathlib import Path

import pytest

from studio.errors import StoreFormatError
from studio.ui.theme_tokens import ROLES, ThemeName, contrast, parse_tokens, read_tokens


@pytest.mark.parametrize("name", ThemeName)
def test_text_stands_out_from_every_ground(name: ThemeName) -> None:
    colours = read_tokens(name).colours
    for ground in ("background", "surface", "raised", "note_fill", "warning_fill", "error_fill"):
        assert contrast(colours["text"], colours[ground]) >= 7
        assert contrast(colours["muted"], colours[ground]) >= 4.5


@pytest.mark.parametrize("name", ThemeName)
def test_marks_and_filled_buttons_can_be_seen(name: ThemeName) -> None:
    colours = read_tokens(name).colours
    for mark in ("accent", "record", "ok", "warning", "error"):
        assert contrast(colours[mark], colours["surface"]) >= 4.5
        assert contrast(colours[mark], colours["background"]) >= 4.5
    assert contrast(colours["on_record"], colours["record_fill"]) >= 4.5
    assert contrast(colours["on_accent"], colours["accent"]) >= 4.5


@pytest.mark.parametrize("name", ThemeName)
def test_streams_differ_and_can_be_seen(name: ThemeName) -> None:
    tokens = read_tokens(name)
    assert len(set(tokens.streams)) == len(tokens.streams) >= 8
    for colour in tokens.streams:
        assert contrast(colour, tokens.colours["surface"]) >= 3
    assert tokens.stream(len(tokens.streams)) == tokens.stream(0)


@pytest.mark.parametrize("name", ThemeName)
def test_the_style_sheet_names_only_colours_of_the_theme(name: ThemeName) -> None:
    assert "@" not in read_tokens(name).style_sheet()


def test_the_pictures_of_the_style_sheet_are_there() -> None:
    pictures = re.findall(r'url\("(.+?)"\)', read_tokens(ThemeName.DARK).style_sheet())
    assert pictures
    assert all(Path(picture).is_file() for picture in pictures)


def test_a_damaged_theme_says_what_is_missing() -> None:
    whole = "\n".join(f'{role} = "#000000"' for role in ROLES if role != "accent")
    with pytest.raises(StoreFormatError, match="accent"):
        parse_tokens(f'[colours]\n{whole}\n[streams]\ncolours = ["#000000"]', name="mine")


def test_what_is_no_colour_is_refused() -> None:
    whole = "\n".join(f'{role} = "#000000"' for role in ROLES)
    with pytest.raises(StoreFormatError, match="reddish"):
        parse_tokens(f'[colours]\n{whole}\n[streams]\ncolours = ["reddish"]', name="mine")


def test_black_and_white_have_the_greatest_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#777777") == 1.0
