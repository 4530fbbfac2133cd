"""Numbers read as people write them, and never promise more than there is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.formats.payload import PayloadKind, StreamFormat
from studio.timing import NS_PER_S
from studio.ui import readable


@pytest.mark.parametrize(
    ("byte_count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (999_600, "1.0 MB"),
        (1_940_000_000, "1.9 GB"),
        (148e9, "148 GB"),
        (3.2e12, "3.2 TB"),
        (-5, "0 B"),
    ],
)
def test_sizes(byte_count: float, text: str) -> None:
    assert readable.size(byte_count).replace("\u00a0", " ") == text


@given(st.floats(0, 1e14))
def test_a_size_never_shows_a_thousand_of_a_unit(byte_count: float) -> None:
    number, unit = readable.size(byte_count).split("\u00a0")
    assert float(number) < 1000 or unit == "TB"


@given(st.integers(0, 99 * 3600 * 10))
def test_the_running_clock_keeps_its_places(tenths: int) -> None:
    text = readable.running_clock(tenths * NS_PER_S // 10)
    found = re.fullmatch(r"(\d\d):(\d\d):(\d\d)\.(\d)", text)
    assert found is not None
    hours, minutes, seconds, tenth = map(int, found.groups())
    assert ((hours * 60 + minutes) * 60 + seconds) * 10 + tenth == tenths
    assert minutes < 60
    assert seconds < 60


@given(st.floats(0, 90 * 86400))
def test_time_left_never_promises_too_much(seconds: float) -> None:
    units = {"d": 86400, "h": 3600, "min": 60, "s": 1}
    words = readable.time_left(seconds).split("\u00a0")
    promised = sum(int(n) * units[unit] for n, unit in zip(words[::2], words[1::2], strict=True))
    assert promised <= seconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(266_400, "3 d 2 h"), (8040, "2 h 14 min"), (599, "9 min"), (41, "41 s"), (None, ""), (1e9, "")],
)
def test_time_left_in_words(seconds: float | None, text: str) -> None:
    assert readable.time_left(seconds).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("hertz", "text"),
    [
        (48000, "48 kHz"),
        (44100, "44.1 kHz"),
        (47998.3, "48 kHz"),
        (99.97, "100 Hz"),
        (999.6, "1 kHz"),
        (0.5, "0.5 Hz"),
        (0, "\u2013"),
    ],
)
def test_frequencies(hertz: float, text: str) -> None:
    assert readable.frequency(hertz).replace("\u00a0", " ") == text


def test_a_rate_has_the_unit_of_its_stream() -> None:
    camera = StreamFormat(PayloadKind.IMAGE, rate=30)
    assert readable.rate(camera, 29.96) == "30.0\u00a0fps"
    assert readable.rate(camera, 0) == "30.0\u00a0fps"
    assert readable.rate(StreamFormat(PayloadKind.AUDIO, rate=16000), 0) == "16\u00a0kHz"
    assert readable.rate(StreamFormat(PayloadKind.EVENT), 0.5) == "30\u00a0per min"
    assert readable.rate(StreamFormat(PayloadKind.EVENT), 2000.0) == "2000\u00a0per s"
    assert readable.rate(StreamFormat(PayloadKind.JPEG), 0) == "\u2013"


def test_levels_have_a_real_minus_and_silence_a_dash() -> None:
    assert readable.level(-18.2) == "\u221218\u00a0dB"
    assert readable.level(0.0) == "0\u00a0dB"
    assert readable.level(-0.3) == "0\u00a0dB"
    assert readable.level(None) == "\u2013\u00a0dB"
    assert readable.level(float("-inf")) == "\u2013\u00a0dB"


def test_counts_are_grouped() -> None:
    assert readable.count(1234567) == "1\u202f234\u202f567"
    assert readable.dropped(0) == "0\u00a0dropped"
    assert readable.picture_size(1280, 720) == "1280\u00d7720"
    assert readable.picture_size(0, 720) == ""


@pytest.mark.parametrize(("produced", "text"), [(0, "48 kHz"), (60_000, "48 kHz"), (480_000, "47.1 kHz")])
def test_a_rate_is_measured_before_it_is_shown(produced: int, text: str) -> None:
    sound = StreamFormat(PayloadKind.AUDIO, "float32", 1, (), 48_000.0)
    assert readable.live_rate(sound, 47_100.0, produced).replace("\u00a0", " ") == text


def test_a_stream_without_a_nominal_rate_shows_what_is_measured() -> None:
    assert readable.live_rate(StreamFormat(PayloadKind.IMAGE), 29.97, 15).replace("\u00a0", " ") == "30.0 fps"


def test_every_kind_of_stream_has_a_word_that_is_no_format() -> None:
    words = {readable.kind(kind) for kind in PayloadKind}
    assert "sound" in words
    assert not words & {"jpeg", "json", "scalar"}
