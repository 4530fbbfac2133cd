"""Samples of batches lie side by side in one memory, and are what they were."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.store.join_room import LEAST_BYTES, ROOM_BYTES, JoinRoom


@given(
    st.lists(st.lists(st.integers(0, 3000), min_size=1, max_size=8), min_size=1, max_size=3),
    st.sampled_from(["i2", "f4", "f8", "u2"]),
)
@settings(deadline=None, max_examples=40)
def test_rows_of_any_type_are_joined_batch_after_batch(batches: list[list[int]], dtype: str) -> None:
    random, room = np.random.default_rng(1), JoinRoom()
    for counts in batches:
        parts = [random.integers(-99, 99, (count, 16)).astype(dtype) for count in counts]
        joined = room.joined(parts)
        assert joined.dtype == parts[0].dtype
        np.testing.assert_array_equal(joined, np.concatenate(parts))


def test_large_batches_share_memory_and_small_ones_and_huge_ones_have_their_own() -> None:
    room = JoinRoom()

    def joined(size: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        half = np.zeros((size // 2, 1), np.uint8)
        return room.joined([half, half])

    large = joined(LEAST_BYTES)
    assert np.shares_memory(large, joined(ROOM_BYTES))
    for other in (joined(LEAST_BYTES - 2), joined(ROOM_BYTES + 2)):
        assert not np.shares_memory(large, other)


def test_one_array_is_not_copied_and_bytes_are_joined() -> None:
    block = np.zeros((LEAST_BYTES, 1), np.uint8)
    assert JoinRoom().joined([block]) is block
    assert JoinRoom().joined([b"abc", b"", b"de"]).tobytes() == b"abcde"
