"""Messages of a stream that wait together are stored together, and counted one by one."""

from pathlib import Path

import pytest

from studio import store
from studio.engine import Pipeline
from studio.errors import MessageOrderError
from studio.store import StoreReader
from studio.store.batch import BATCH_MESSAGES, Batch
from studio.store.join_room import JoinRoom
from studio.store.merged_queue import MOST_AT_ONCE, MergedQueue, StoreAll
from studio.timing import NS_PER_S
from tests.store.recordings import SCALAR, STRING, T0, message
from tests.store.test_exporter import Hand
from tests.waiting import wait_until


def test_a_group_that_does_not_fit_is_refused_message_by_message() -> None:
    queue = MergedQueue(5_000)
    for begin in range(0, 40, 4):
        queue.offer_all("x", [message(SCALAR, T0 + n, float(n)) for n in range(begin, begin + 4)])
    drained = queue.drain(0)
    waiting = queue.waiting()["x"]
    assert waiting.messages == 12, "of 8 bytes and 400 each"
    assert waiting.refused == 28
    (loss,) = drained.losses
    assert (loss.count, loss.from_time, loss.to_time) == (28, T0 + 12, T0 + 39)
    queue.stored([item for item in drained.items if isinstance(item, StoreAll)])
    assert (queue.waiting()["x"].messages, queue.waiting()["x"].byte_count) == (0, 0)


def test_groups_are_drained_some_batches_at_a_time_without_waiting() -> None:
    queue = MergedQueue(1 << 40)
    group = [message(SCALAR, T0 + n, float(n)) for n in range(BATCH_MESSAGES)]
    for _ in range(9):
        queue.offer_all("x", group)
    counts = []
    for _ in range(2):
        drained = queue.drain(NS_PER_S * 600)
        counts.append(sum(len(item.messages) for item in drained.items if isinstance(item, StoreAll)))
    assert counts == [MOST_AT_ONCE, MOST_AT_ONCE]
    assert len(queue.drain(NS_PER_S * 600).items) == 1


def test_of_a_group_out_of_order_those_before_are_taken() -> None:
    batch = Batch("x")
    assert not batch.add_all([message(SCALAR, T0 + n, 1.0) for n in (0, 1)])
    with pytest.raises(MessageOrderError):
        batch.add_all([message(SCALAR, T0 + n, 1.0) for n in (2, 3, 3, 4)])
    assert len(batch) == batch.units == 4
    assert batch.byte_count == 4 * 8
    assert batch.take(0, columns=2, room=JoinRoom()).times.tolist() == [T0, T0 + 1, T0 + 2, T0 + 3]


def test_a_message_of_a_group_that_cannot_be_encoded_takes_none_with_it(tmp_path: Path) -> None:
    pipeline = Pipeline("p")
    hand = Hand(pipeline)
    exporter = store.create(pipeline, tmp_path / "r.h5")
    hand.out.write("words", exporter, format=STRING)
    pipeline.run_async()
    begun = pipeline.get_current_time()
    hand.out.post_all([(value, begun + n) for n, value in enumerate(["a", "b", 3.5, "c", 4, "d"])])
    wait_until(lambda: [s.message_count for s in exporter.statistics().streams] == [4])
    with pytest.raises(ExceptionGroup) as raised:
        pipeline.dispose()
    assert all("stream 'words'" in str(error) for error in raised.value.exceptions)
    with StoreReader(tmp_path / "r.h5") as reader:
        assert [m.data for m in reader.messages("words")] == ["a", "b", "c", "d"]
