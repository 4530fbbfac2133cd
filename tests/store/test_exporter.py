"""The exporter: nothing is lost without being counted, and whatever fails is told."""

import threading
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio import store
from studio.engine import REPLAY_ALL, Emitter, Pipeline, generators
from studio.errors import PipelineStateError, StoreEnvironmentError, StreamError
from studio.formats.payload import PayloadKind, StreamFormat
from studio.store import ExporterState, StoreReader
from studio.store.layout import NewStream
from studio.store.merged_queue import MergedQueue, Produced
from studio.store.writer import StoreWriter
from studio.timing import NS_PER_MS, TIME_MAX
from tests.store.recordings import AUDIO, MS, SCALAR, SECOND, STRING, T0, blocks, message
from tests.waiting import wait_until


class Hand:
    """A live source: posts what the test says, when it says."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.out: Emitter[Any] = pipeline.create_emitter(self, "out")

    def start(self, notify_completion_time: Any) -> None:
        notify_completion_time(TIME_MAX)

    def stop(self, final_originating_time: int, notify_completed: Any) -> None:
        notify_completed()


def test_a_live_stream_is_stored_to_the_last_message(tmp_path: Path) -> None:
    with Pipeline() as pipeline:
        hand = Hand(pipeline)
        exporter = store.create(pipeline, "live", tmp_path)
        assert hand.out.write("sound", exporter, format=AUDIO, device="Microphone 1") is hand.out
        pipeline.run_async()
        begun = pipeline.get_current_time()
        for number, (_, block) in enumerate(blocks(50)):
            hand.out.post(block, begun + number)
    assert exporter.state is ExporterState.CLOSED
    with StoreReader(tmp_path / "live.h5") as reader:
        info = reader.info()
        assert info.clean
        (stream,) = info.streams
        assert (stream.device, stream.format) == ("Microphone 1", AUDIO)
        assert (stream.message_count, stream.sample_count, stream.produced) == (50, 24_000, 24_000)
        assert stream.closed_time >= stream.last_time > 0
        stored = np.concatenate([m.data for m in reader.messages("sound")])
    assert np.array_equal(stored, np.concatenate([block for _, block in blocks(50)]))


def test_statistics_tell_how_a_recording_grows(tmp_path: Path) -> None:
    with Pipeline() as pipeline:
        hand = Hand(pipeline)
        exporter = store.create(pipeline, tmp_path / "r.h5")
        hand.out.write("sound", exporter, format=AUDIO)
        pipeline.run_async()
        hand.out.post(blocks(1)[0][1], pipeline.get_current_time())
        wait_until(lambda: any(s.sample_count == 480 for s in exporter.statistics().streams))
        statistics = exporter.statistics()
        assert statistics.state == "recording"
        assert statistics.file_size > 0
        assert statistics.streams[0].byte_count == 480 * 2 * 4
        wait_until(lambda: exporter.statistics().last_commit_time > pipeline.start_time)


def test_streams_of_another_pipeline_join_while_recording(tmp_path: Path) -> None:
    with Pipeline("first") as first:
        hand = Hand(first)
        exporter = store.create(first, tmp_path / "r.h5")
        hand.out.write("early", exporter, format=SCALAR)
        first.run_async()
        hand.out.post(1.0, first.get_current_time())
        wait_until(lambda: len(exporter.statistics().streams) == 1)
        with Pipeline("second") as second:
            late = Hand(second)
            late.out.write("late", exporter, format=STRING)
            second.run_async()
            late.out.post("here", second.get_current_time())
        hand.out.post(2.0, first.get_current_time())
    with StoreReader(tmp_path / "r.h5") as reader:
        assert [m.data for m in reader.messages("early")] == [1.0, 2.0]
        assert [m.data for m in reader.messages("late")] == ["here"]


def test_a_full_queue_refuses_counts_and_never_lies() -> None:
    queue = MergedQueue(10_000)
    taken = [queue.offer("x", message(AUDIO, T0 + i, np.zeros((100, 2), np.float32))) for i in range(40)]
    assert sum(taken) == 8  # of 800 bytes each, and what a message takes besides
    assert queue.lag() > 0
    drained = queue.drain(0)
    assert len(drained.items) == 8
    (loss,) = drained.losses
    assert (loss.reason, loss.count, loss.from_time, loss.to_time) == ("queue full", 3200, T0 + 8, T0 + 39)
    waiting = queue.waiting()["x"]
    assert (waiting.messages, waiting.refused, waiting.refused_units) == (8, 32, 3200)
    assert queue.lag() > 0, "drained, but not stored"
    assert not queue.drain(0).items
    assert queue.lag() == 0


def test_a_million_numbers_do_not_take_more_memory_than_they_may_while_a_disk_hangs() -> None:
    limit, queue = 1 << 20, MergedQueue(1 << 20)
    tracemalloc.start()
    try:
        taken = sum(queue.offer("x", message(SCALAR, T0 + i, float(i))) for i in range(10_000))
        for total in (*range(10_000), 9_998):
            queue.put(Produced("x", total))
        used = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert 1000 < taken < 10_000
    assert used < 1.5 * limit
    drained = queue.drain(0)
    assert [item for item in drained.items if isinstance(item, Produced)] == [Produced("x", 9_998)], (
        "the last word counts"
    )
    assert sum(loss.count for loss in drained.losses) == 10_000 - taken


def test_a_queue_that_is_closed_is_drained_at_once() -> None:
    queue = MergedQueue(100)
    threading.Timer(0.05, queue.close).start()
    assert queue.drain(30 * SECOND).is_closing
    wait_until(lambda: threading.active_count() == 1)


def test_what_comes_after_the_end_is_not_called_a_full_queue() -> None:
    queue = MergedQueue(10_000)
    assert queue.offer("x", message(SCALAR, T0, 1.0))
    queue.shut()
    assert not queue.offer("x", message(SCALAR, T0 + 1, 2.0, 2))
    assert queue.waiting()["x"].refused == 0
    assert queue.drain(0).losses == []


def test_what_a_queue_refused_is_in_the_loss_account(tmp_path: Path) -> None:
    rows = 1000
    block = np.zeros((rows, 8), np.float64)
    described = StreamFormat(PayloadKind.SAMPLES, dtype="float64", channels=8)
    with Pipeline() as pipeline:
        exporter = store.create(pipeline, tmp_path / "r.h5", queue_limit=300_000)
        pairs = [(block, T0 + i * MS) for i in range(400)]
        generators.timed_sequence(pipeline, pairs, start_time=T0).write("x", exporter, format=described)
        pipeline.run(REPLAY_ALL)
        exporter.report_produced("x", 400 * rows)
    with StoreReader(tmp_path / "r.h5") as reader:
        (info,) = reader.info().streams
        assert info.produced == 400 * rows
        assert info.sample_count + info.dropped == 400 * rows
        assert info.dropped > 0, "the queue was never full"
        assert {loss.reason for loss in reader.loss()} <= {"queue full", "not accounted for"}
    assert store.verify(tmp_path / "r.h5").is_sound


def test_gaps_losses_and_log_lines_are_kept(tmp_path: Path) -> None:
    with Pipeline() as pipeline:
        hand = Hand(pipeline)
        exporter = store.create(pipeline, tmp_path / "r.h5")
        hand.out.write("x", exporter, format=SCALAR)
        pipeline.run_async()
        hand.out.post(1.0, pipeline.get_current_time())
        exporter.report_gap("x", T0, T0 + SECOND, 10, "unplugged")
        exporter.report_loss("x", 3, T0, T0 + 1, "driver overrun")
        exporter.log("temperature is high", device="camera")
        with pytest.raises(StreamError, match="no stream 'y'; it has: 'x'"):
            exporter.report_produced("y", 1)
    with StoreReader(tmp_path / "r.h5") as reader:
        assert [(loss.reason, loss.count) for loss in reader.loss()] == [("gap", 10), ("driver overrun", 3)]
        (info,) = reader.info().streams
        assert (info.produced, info.dropped, info.gaps) == (14, 13, 1)
        assert [(line.device, line.text) for line in reader.log()] == [
            ("x", "gap in x: unplugged, 10 expected"),
            ("camera", "temperature is high"),
        ]


def test_texts_piped_to_the_exporter_go_to_its_log(tmp_path: Path) -> None:
    with Pipeline() as pipeline:
        exporter = store.create(pipeline, tmp_path / "r.h5")
        generators.timed_sequence(pipeline, [("one", T0), ("two", T0 + 1)], start_time=T0).pipe_to(exporter)
        pipeline.run(REPLAY_ALL)
    with StoreReader(tmp_path / "r.h5") as reader:
        assert [line.text for line in reader.log()] == ["one", "two"]


@pytest.mark.rules("E164")
def test_a_name_that_is_taken_or_a_type_that_cannot_be_stored_is_an_error_at_once(tmp_path: Path) -> None:
    with Pipeline() as pipeline:
        exporter = store.create(pipeline, tmp_path / "r.h5")
        hand, other = Hand(pipeline), Hand(pipeline)
        hand.out.write("x", exporter)
        with pytest.raises(StreamError, match="already has a stream 'x'"):
            other.out.write("x", exporter)
        with pytest.raises(StreamError, match="must have a name"):
            other.out.write("", exporter)
        with pytest.raises(StreamError, match="cannot be stored"):
            other.out.write("z", exporter, format=StreamFormat(PayloadKind.SAMPLES, dtype="complex64"))
        exporter.dispose()
        with pytest.raises(PipelineStateError, match="has ended"):
            other.out.write("late", exporter)


def test_a_message_of_the_wrong_kind_fails_the_pipeline_and_keeps_the_rest(tmp_path: Path) -> None:
    def record() -> None:
        with Pipeline() as pipeline:
            exporter = store.create(pipeline, tmp_path / "r.h5")
            pairs: list[tuple[Any, int]] = [(1.0, T0), (2.0, T0 + 1), ("three", T0 + 2)]
            generators.timed_sequence(pipeline, pairs, start_time=T0).write("x", exporter)
            pipeline.run(REPLAY_ALL)

    with pytest.raises(ExceptionGroup) as caught:
        record()
    assert caught.value.subgroup(StreamError) is not None
    assert "stream 'x'" in str(caught.value.exceptions[0])
    with StoreReader(tmp_path / "r.h5") as reader:
        assert [m.data for m in reader.messages("x")] == [1.0, 2.0]
        assert reader.info().clean


def test_a_file_that_vanishes_under_the_writer_is_told(tmp_path: Path) -> None:
    place = tmp_path / "disk"
    place.mkdir()

    def record() -> None:
        with Pipeline() as pipeline:
            hand = Hand(pipeline)
            exporter = store.create(pipeline, place / "r.h5")
            hand.out.write("x", exporter, format=SCALAR)
            pipeline.run_async()
            wait_until(lambda: len(exporter.statistics().streams) == 1)
            place.rename(tmp_path / "gone")
            hand.out.post(1.0, pipeline.get_current_time())
            wait_until(lambda: exporter.state is ExporterState.FAILED)

    with pytest.raises(ExceptionGroup) as caught:
        record()
    assert caught.value.subgroup(StoreEnvironmentError) is not None
    with StoreReader(tmp_path / "gone" / "r.h5", still_for=0) as reader:
        assert reader.stream_names == ("x",)


def test_a_full_disk_stops_the_pipeline_once_with_words(tmp_path: Path) -> None:
    def record() -> None:
        with Pipeline() as pipeline:
            exporter = store.create(pipeline, tmp_path / "r.h5")
            hand = Hand(pipeline)
            hand.out.write("x", exporter, format=SCALAR)
            pipeline.run_async()
            exporter.on_disk_full(StoreEnvironmentError("the disk is full"))
            assert exporter.state is ExporterState.DISK_FULL
            pipeline.wait_all(10)

    with pytest.raises(ExceptionGroup) as caught:
        record()
    assert [str(error) for error in caught.value.exceptions] == ["the disk is full"]


@pytest.mark.rules("E168")
def test_paths_of_recordings() -> None:
    assert store.recording_path("a", "folder") == Path("folder/a.h5")
    assert store.recording_path("a.h5", "folder") == Path("folder/a.h5")
    assert store.recording_path("with.dot", "folder") == Path("folder/with.dot.h5")
    assert store.recording_path(Path("x/y.h5")) == Path("x/y.h5")
    for bad in ("a/b", "", "..", "."):
        with pytest.raises(StoreEnvironmentError, match="not a plain name"):
            store.recording_path(bad, "folder")


def test_message_times_of_a_stream_survive_many_batches(tmp_path: Path) -> None:
    writer = StoreWriter.create(tmp_path / "r.h5", flush_interval=NS_PER_MS)
    writer.add_stream(NewStream("x", SCALAR))
    for i in range(3000):
        writer.append("x", message(SCALAR, T0 + i * MS, float(i), i + 1))
        writer.flush_if_due()
    writer.close()
    with StoreReader(tmp_path / "r.h5") as reader:
        assert [m.envelope.originating_time for m in reader.messages("x")] == [
            T0 + i * MS for i in range(3000)
        ]
    assert store.verify(tmp_path / "r.h5").is_sound
