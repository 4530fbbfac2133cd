"""Which panels fit which streams, and options as JSON keeps them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.formats.payload import PayloadKind
from studio.ui.panels.panel_plan import (
    LineStyle,
    PanelKind,
    PanelOptions,
    kinds_for,
    options_from_json,
    options_to_json,
)


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
        log_frequency=st.booleans(),
    )
)
def test_options_survive_json(options: PanelOptions) -> None:
    assert options_from_json(json.loads(json.dumps(options_to_json(options)))) == options


@pytest.mark.parametrize(
    "found",
    [None, 3, [], {"low": "x", "line": "zigzag", "hidden_channels": 4}, {"low": True, "fit": None}],
)
def test_options_that_make_no_sense_are_as_usual(found: object) -> None:
    assert options_from_json(found) == PanelOptions()
