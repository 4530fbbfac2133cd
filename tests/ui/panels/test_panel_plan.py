"""Which panels fit which streams."""

from studio.formats.payload import PayloadKind
from studio.ui.panels.panel_plan import PanelKind, kinds_for


def test_every_kind_of_stream_has_a_usual_panel_and_can_show_its_messages() -> None:
    for payload in PayloadKind:
        kinds = kinds_for(payload)
        assert PanelKind.MESSAGES in kinds
        assert len(set(kinds)) == len(kinds)


def test_sound_is_shown_as_a_waveform_unless_asked_otherwise() -> None:
    assert kinds_for(PayloadKind.AUDIO)[:2] == (PanelKind.WAVEFORM, PanelKind.SPECTROGRAM)


def test_bytes_offer_each_panel_once() -> None:
    assert kinds_for(PayloadKind.BYTES) == (PanelKind.MESSAGES, PanelKind.LATENCY, PanelKind.RATE)
