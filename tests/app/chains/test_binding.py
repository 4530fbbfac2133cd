"""Streams find their inputs by name and kind; what is missing is said together with what is there."""

import pytest

from studio.app.chains.binding import Candidate, bind
from studio.app.chains.description import Input
from studio.errors import ChainError
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import StreamInfo, StreamRef

AUDIO, JPEG, SCALAR = PayloadKind.AUDIO, PayloadKind.JPEG, PayloadKind.SCALAR


def candidate(name: str, kind: PayloadKind, count: int = 5) -> Candidate:
    return Candidate(StreamRef("r.h5", name), StreamInfo(name, StreamFormat(kind), message_count=count))


ROOM = (
    candidate("Desk microphone", AUDIO, count=0),
    candidate("Headset", AUDIO),
    candidate("Front camera", JPEG),
    candidate("Heart Rate", SCALAR),
    candidate("Skin", SCALAR),
)


def bound(*inputs: Input, **chosen: str) -> dict[str, str]:
    refs = {name: StreamRef("r.h5", stream) for name, stream in chosen.items()}
    return {name: ref.name for name, ref in bind(inputs, ROOM, refs).items()}


def test_names_win_over_order_and_filled_streams_over_empty_ones() -> None:
    assert bound(Input("sound", (AUDIO,))) == {"sound": "Headset"}
    assert bound(Input("microphone", (AUDIO,))) == {"microphone": "Desk microphone"}
    assert bound(Input("heart_rate", (SCALAR,))) == {"heart_rate": "Heart Rate"}
    assert bound(Input("skin", ())) == {"skin": "Skin"}


def test_two_inputs_of_a_kind_get_two_streams() -> None:
    assert bound(Input("a", (AUDIO,)), Input("b", (AUDIO,))) == {"a": "Headset", "b": "Desk microphone"}


def test_a_choice_is_kept_and_one_stream_may_be_chosen_twice() -> None:
    inputs = Input("a", (AUDIO,)), Input("b", (AUDIO,))
    assert bound(*inputs, a="Headset", b="Headset") == {"a": "Headset", "b": "Headset"}
    assert bound(*inputs, b="Headset") == {"a": "Desk microphone", "b": "Headset"}


def test_an_optional_input_may_stay_without_a_stream() -> None:
    assert bound(Input("events", (PayloadKind.EVENT,), is_optional=True)) == {}


@pytest.mark.parametrize(
    ("inputs", "chosen", "words"),
    [
        ((Input("events", (PayloadKind.EVENT,)),), {}, "'events', which has to be event. Streams: Desk"),
        ((Input("thing", ()),), {}, "'thing', which has to be any kind"),
        ((Input("a", (AUDIO,)),), {"a": "Skin"}, "'a' has to be audio, but 'Skin' is scalar"),
        ((Input("a", (AUDIO,)),), {"a": "Skni"}, "no stream 'Skni' for 'a'; there are: Desk microphone"),
        ((Input("a", (AUDIO,)),), {"b": "Skin"}, "no input 'b'; it has: a"),
    ],
)
def test_what_cannot_be_is_said(inputs: tuple[Input, ...], chosen: dict[str, str], words: str) -> None:
    with pytest.raises(ChainError) as raised:
        bound(*inputs, **chosen)
    assert words in str(raised.value)
