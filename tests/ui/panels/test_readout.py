"""What a signal says at a moment is read from its window."""

import math

import numpy as np
import pytest

from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.signal import SignalWindow, full_scale
from studio.ui.panels.readout import channel_names, decibels, peak_of, value_texts, values_at

ROWS = np.array([[1, 10], [2, 20], [np.nan, np.nan]], np.float32)
WINDOW = SignalWindow(np.array([100, 200, 300], np.int64), ROWS, ROWS)
IMU = StreamFormat(PayloadKind.SAMPLES, "float32", 2, ("x", ""), 100.0, "m/s²")


def test_the_value_at_or_before_the_time_counts() -> None:
    assert values_at(WINDOW, 99) == ()
    assert values_at(WINDOW, 100) == (1, 10)
    assert values_at(WINDOW, 299) == (2, 20)
    assert all(math.isnan(value) for value in values_at(WINDOW, 300))


def test_the_peak_ignores_gaps() -> None:
    assert peak_of(WINDOW) == 20
    assert peak_of(SignalWindow(np.empty(0, np.int64), ROWS[:0], ROWS[:0])) == 0


def test_decibels_of_full_scale() -> None:
    assert decibels(1.0) == 0
    assert decibels(0.5) == pytest.approx(-6.02, abs=0.01)
    assert decibels(0) == -100


def test_integer_sound_has_its_own_full_scale() -> None:
    assert full_scale(StreamFormat(PayloadKind.AUDIO, "int16")) == 32768
    assert full_scale(StreamFormat(PayloadKind.AUDIO, "float32")) == 1
    assert full_scale(StreamFormat(PayloadKind.SAMPLES, "int16")) == 1


def test_channels_without_a_name_have_a_number() -> None:
    assert channel_names(IMU) == ("x", "2")


def test_values_have_units_and_gaps_a_dash() -> None:
    texts = value_texts(IMU, (9.80665, math.nan), 10)
    assert [text.replace("\u00a0", " ") for text in texts] == ["9.81 m/s²", "\u2013"]
    assert value_texts(IMU, (), 10) == ("\u2013", "\u2013")
