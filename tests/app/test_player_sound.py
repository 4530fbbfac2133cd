"""Sound between receiver and loudspeaker: in its place, sample after sample, whatever the blocks are like."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.app.player_sound import REALIGN, SoundMix, SoundTrack
from studio.engine import Envelope
from studio.formats.payload import PayloadKind, StreamFormat
from studio.timing import NS_PER_MS, NS_PER_S, ReplayClock

RATE = 1000.0
STEP = round(NS_PER_S / RATE)
T0 = 10**18
FORMAT = StreamFormat(PayloadKind.AUDIO, "float32", 1, (), RATE)


def track_of(samples: np.ndarray, sizes: list[int], *, first: int = T0) -> SoundTrack:
    """The samples in blocks, the first of them at `first`."""
    track = SoundTrack(FORMAT, rate=RATE, channels=1)
    at = 0
    for size in sizes:
        put(track, samples[at : at + size], first + at * STEP)
        at += size
    return track


def put(track: SoundTrack, samples: np.ndarray, first: int) -> None:
    if len(samples):
        # A block has the time of its last sample (decision 3).
        time = first + (len(samples) - 1) * STEP
        track.receive(samples.reshape(len(samples), -1), Envelope(0, 1, time, time))


def heard(track: SoundTrack, begin: int, counts: list[int]) -> np.ndarray:
    """What the device gets, asking for blocks of its own sizes."""
    blocks = []
    for count in counts:
        out = np.zeros((count, 1), np.float32)
        track.mix_into(out, begin + sum(map(len, blocks)) * STEP)
        blocks.append(out)
    return np.concatenate(blocks)[:, 0]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=12),
    st.integers(0, 60),
    st.lists(st.integers(1, 50), min_size=1, max_size=8),
)
def test_every_sample_comes_out_once_in_its_place(sizes: list[int], late: int, counts: list[int]) -> None:
    samples = np.arange(1, sum(sizes) + 1, dtype=np.float32)
    out = heard(track_of(samples, sizes), T0 - 20 * STEP + late * STEP, counts)
    whole = np.concatenate([np.zeros(20, np.float32), samples, np.zeros(sum(counts) + 60, np.float32)])
    assert out.tolist() == whole[late : late + sum(counts)].tolist()


def test_a_gap_is_as_long_as_it_was() -> None:
    track = SoundTrack(FORMAT, rate=RATE, channels=1)
    put(track, np.ones(50), T0)
    put(track, np.full(50, 2.0), T0 + 150 * STEP)
    out = heard(track, T0, [10] * 25)
    assert np.flatnonzero(np.diff(out)).tolist() == [49, 149, 199]


def test_a_device_that_runs_a_little_fast_hears_no_jump_and_the_error_is_told() -> None:
    samples = np.arange(1, 2001, dtype=np.float32)
    track = track_of(samples, [100] * 20)
    errors, out = [], []
    for number in range(150):
        block = np.zeros((10, 1), np.float32)
        # The clock of the replay believes that a thousandth less time has passed than was heard.
        errors.append(track.mix_into(block, T0 + round(number * 10 * STEP * 0.999)))
        out.append(block[:, 0])
    assert np.concatenate(out).tolist() == samples[:1500].tolist()
    assert errors[0] == 0
    assert errors[-1] is not None
    assert abs(errors[-1] - 1490 * STEP // 1000) < STEP


def test_far_off_sound_is_put_where_it_belongs() -> None:
    samples = np.arange(1, 1001, dtype=np.float32)
    track = track_of(samples, [100] * 10)
    heard(track, T0, [10])
    out = np.zeros((10, 1), np.float32)
    track.mix_into(out, T0 + 500 * STEP)
    assert REALIGN < 490 * STEP
    assert out[:, 0].tolist() == list(range(501, 511))
    # And back again, as after a pause: what was heard lately is still there.
    track.let_go()
    out[:] = 0
    track.mix_into(out, T0 + 200 * STEP)
    assert out[:, 0].tolist() == list(range(201, 211))


def test_integers_other_rates_and_channels_are_fitted_to_the_device() -> None:
    stereo = StreamFormat(PayloadKind.AUDIO, "int16", 2, (), 500.0)
    track = SoundTrack(stereo, rate=RATE, channels=1)
    data: Any = np.stack([np.full(50, 16384), np.zeros(50)], axis=1).astype(np.int16)
    track.receive(data, Envelope(0, 1, T0 + 49 * 2 * STEP, 0))
    out = np.zeros((120, 1), np.float32)
    track.mix_into(out, T0)
    assert out[:100, 0].tolist() == [0.25] * 100
    assert not out[100:].any()
    both = SoundTrack(FORMAT, rate=RATE, channels=2)
    put(both, np.ones(10), T0)
    pair = np.zeros((10, 2), np.float32)
    both.mix_into(pair, T0)
    assert pair.tolist() == [[1.0, 1.0]] * 10


def test_a_mix_adds_its_tracks_and_is_silent_without_a_clock() -> None:
    one, other = (track_of(np.full(3000, level, np.float32), [100] * 30) for level in (0.5, 0.75))
    mix = SoundMix()
    mix.set_tracks((one, other))
    out = np.zeros((10, 1), np.float32)
    mix.fill(out, 0)
    assert not out.any()
    assert mix.error is None
    clock = ReplayClock(T0 + 100 * NS_PER_MS, is_paused=True)
    mix.follow(clock)
    mix.fill(out, 0)
    assert out.tolist() == [[1.0]] * 10  # never louder than full scale
    assert mix.error == 0
    mix.mute(True)
    mix.fill(out, 0)
    assert not out.any()
    assert mix.error  # taken but not heard, it leads on: the clock of this test stands
    mix.mute(False)
    mix.fill(out, 0)
    assert out.tolist() == [[1.0]] * 10
    mix.follow(None)
    out[:] = 0
    mix.fill(out, 0)
    assert not out.any()


def test_what_was_heard_long_ago_is_forgotten() -> None:
    track = SoundTrack(FORMAT, rate=RATE, channels=1)
    for number in range(400):
        put(track, np.full(100, number, np.float32), T0 + number * 100 * STEP)
        out = np.zeros((100, 1), np.float32)
        track.mix_into(out, T0 + number * 100 * STEP)
        assert out[50, 0] == number
    assert len(track._chunks) < 60
