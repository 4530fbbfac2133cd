"""Which panels fit which streams, and options as JSON keeps them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.formats.false_colours import ColourMap
from studio.formats.payload import PayloadKind
from studio.ui.panels.curve_look import COLOUR_NAMES, WIDTHS, CurveLook, Marker, look_of, with_looks
from studio.ui.panels.panel_plan import (
    LONGEST_KEPT_MS,
    LineStyle,
    PanelKind,
    PanelOptions,
    kinds_for,
    options_from_json,
    options_to_json,
    without_stream,
)
from studio.ui.panels.threshold import ABOVE, BELOW, Threshold
from studio.ui.theme_tokens import ThemeName, read_tokens


def test_every_kind_of_stream_has_a_usual_panel_and_can_show_its_messages() -> None:
    for payload in PayloadKind:
        kinds = kinds_for(payload)
        assert PanelKind.MESSAGES in kinds
        assert len(set(kinds)) == len(kinds)


def test_sound_is_shown_as_a_waveform_unless_asked_otherwise() -> None:
    assert kinds_for(PayloadKind.AUDIO)[:2] == (PanelKind.WAVEFORM, PanelKind.SPECTROGRAM)


def test_bytes_offer_each_panel_once() -> None:
    assert kinds_for(PayloadKind.BYTES) == (PanelKind.MESSAGES, PanelKind.LATENCY, PanelKind.RATE)


@given(
    st.builds(
        PanelOptions,
        low=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        high=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        line=st.sampled_from(LineStyle),
        fit=st.booleans(),
        hidden_channels=st.lists(st.text()).map(tuple),
        mirrored=st.booleans(),
        upside_down=st.booleans(),
        log_frequency=st.booleans(),
        colour_map=st.sampled_from(ColourMap),
        keep_ms=st.integers(0, LONGEST_KEPT_MS),
        looks=st.lists(
            st.builds(
                CurveLook,
                key=st.text(),
                colour=st.integers(0, len(COLOUR_NAMES) - 1),
                width=st.sampled_from((0, *WIDTHS)),
                marker=st.sampled_from(Marker),
            ),
            unique_by=lambda look: look.key,
        ).map(tuple),
        threshold=st.sampled_from((Threshold(), Threshold(-1.5), Threshold(high=2.0), Threshold(0.0, 1.0))),
    )
)
def test_options_survive_json(options: PanelOptions) -> None:
    assert options_from_json(json.loads(json.dumps(options_to_json(options)))) == options


@pytest.mark.parametrize(
    "found",
    [
        None,
        3,
        [],
        {"low": "x", "line": "zigzag", "hidden_channels": 4},
        {"low": True, "fit": None, "keep_ms": -1},
        {"keep_ms": 1.5, "colour_map": "plaid"},
        {"colour_map": []},
        {"looks": [{"key": "0:0", "colour": 99, "width": -1, "marker": []}, {"key": 1}, 7]},
        {"looks": "0:0", "threshold": {"low": 2, "high": 1}},
        {"mirrored": 1, "upside_down": "yes", "threshold": [1, 2]},
    ],
)
def test_options_that_make_no_sense_are_as_usual(found: object) -> None:
    assert options_from_json(found) == PanelOptions()


def test_what_was_chosen_for_a_curve_goes_with_it_when_another_stream_is_taken_out() -> None:
    looks = (CurveLook("0:0", width=2), CurveLook("1:1", colour=3), CurveLook("2:0", marker=Marker.CROSS))
    options = PanelOptions(looks=looks, hidden_channels=("1:0", "2:0", "nonsense"), low=1.0)
    rest = without_stream(options, 1)
    assert rest.looks == (CurveLook("0:0", width=2), CurveLook("1:0", marker=Marker.CROSS))
    assert (rest.hidden_channels, rest.low) == (("1:0",), 1.0)


def test_a_curve_that_is_as_usual_again_is_not_mentioned() -> None:
    looks = with_looks((), [CurveLook("0:0", colour=2), CurveLook("0:1")])
    assert looks == (CurveLook("0:0", colour=2),)
    assert look_of(looks, "0:1") == CurveLook("0:1")
    assert with_looks(looks, [CurveLook("0:0")]) == ()


@pytest.mark.parametrize("theme", ThemeName)
def test_every_colour_of_a_theme_has_a_name(theme: ThemeName) -> None:
    assert len(read_tokens(theme).streams) == len(COLOUR_NAMES)


@pytest.mark.parametrize(
    ("threshold", "value", "sign"),
    [
        (Threshold(), 1e9, ""),
        (Threshold(high=2.0), 2.0, ""),
        (Threshold(high=2.0), 2.1, ABOVE),
        (Threshold(low=-1.0), -1.5, BELOW),
        (Threshold(low=-1.0, high=1.0), 0.0, ""),
        (Threshold(low=-1.0, high=1.0), float("nan"), ""),
    ],
)
def test_a_value_beyond_a_threshold_has_an_arrow(threshold: Threshold, value: float, sign: str) -> None:
    assert threshold.sign_of(value) == sign
