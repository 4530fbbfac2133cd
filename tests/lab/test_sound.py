"""Finding a known sound again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lab.sound import chirp, find


@settings(max_examples=25, deadline=None)
@given(before=st.integers(0, 5000), after=st.integers(0, 5000), loudness=st.floats(0.05, 1.0))
def test_a_sound_is_found_where_it_begins_at_any_loudness(before: int, after: int, loudness: float) -> None:
    played = chirp(0.1)
    heard = np.round(played * loudness).astype(np.int16)
    recorded = np.concatenate([np.zeros(before, np.int16), heard, np.zeros(after, np.int16)])
    match = find(played, recorded)
    assert match.first == before
    assert match.correlation > 0.999


def test_noise_is_not_taken_for_the_sound() -> None:
    noise = np.random.default_rng(1).integers(-9000, 9000, 48_000).astype(np.int16)
    assert find(chirp(0.5), noise).correlation < 0.1


def test_a_hole_in_the_sound_is_seen() -> None:
    played = chirp(0.5)
    recorded = np.concatenate([np.zeros(100, np.int16), np.delete(played, slice(5000, 7000)), played[:2100]])
    assert find(played, recorded).correlation < 0.95


def test_a_recording_shorter_than_the_sound_is_refused() -> None:
    with pytest.raises(ValueError, match="recorded only 480 samples"):
        find(chirp(0.5), chirp(0.01))
