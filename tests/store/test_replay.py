"""A pipeline records, another replays: the examples of the document that need a store, and more."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from studio import store
from studio.engine import (
    REPLAY_ALL,
    REPLAY_ALL_REAL_TIME,
    DeliveryPolicy,
    Emitter,
    Envelope,
    Pipeline,
    ReplayDescriptor,
    generators,
)
from studio.errors import StoreEnvironmentError, StreamError
from studio.formats.encoding import encode
from studio.formats.first_message import infer_format
from studio.formats.payload import EncodedImage, Event
from studio.store import PaceBy, StoreReader
from studio.store.batch import EncodedMessage
from studio.store.layout import NewStream
from studio.store.writer import StoreWriter
from studio.timing import NS_PER_S, TimeInterval, monotonic_ns
from tests.store.recordings import MS, SCALAR, STRING, T0, small_recording, write_recording
from tests.waiting import wait_until

MINUTE = 60 * NS_PER_S
NOON = T0 - T0 % (24 * 60 * MINUTE) + 12 * 60 * MINUTE


@pytest.fixture
def noon(tmp_path: Path) -> Path:
    """A picture a minute from 12:00 to 12:05."""
    pictures = [(NOON + i * MINUTE, EncodedImage(b"\xff\xd8%d\xff\xd9" % i, 4, 3)) for i in range(6)]
    return write_recording(tmp_path / "demo.h5", {"Image": (infer_format(pictures[0][1]), pictures)})


class Collected:
    """Keeps what arrives."""

    def __init__(self, pipeline: Pipeline, emitter: Emitter[object]) -> None:
        self.data: list[object] = []
        self.envelopes: list[Envelope] = []
        self.receiver = pipeline.create_receiver(self, self._take)
        emitter.pipe_to(self.receiver, DeliveryPolicy.UNLIMITED)

    def _take(self, data: object, envelope: Envelope) -> None:
        self.data.append(data)
        self.envelopes.append(envelope)

    @property
    def times(self) -> list[int]:
        return [envelope.originating_time for envelope in self.envelopes]


def test_what_a_pipeline_wrote_another_pipeline_replays(tmp_path: Path) -> None:
    with Pipeline() as pipeline:
        demo = store.create(pipeline, "demo", tmp_path)
        numbers = generators.timed_sequence(
            pipeline, [(float(i), T0 + i * MS) for i in range(500)], start_time=T0
        )
        numbers.write("Numbers", demo)
        numbers.select(lambda x: f"number {x:g}").write("Words", demo)
        pipeline.run(REPLAY_ALL)
    with StoreReader(tmp_path / "demo.h5") as reader:
        recorded = [message.envelope for message in reader.messages("Numbers")]
    with Pipeline() as pipeline:
        demo_again = store.open(pipeline, "demo", tmp_path)
        numbers_again = Collected(pipeline, demo_again.open_stream("Numbers"))
        words_again = Collected(pipeline, demo_again.open_stream("Words"))
        pipeline.run(REPLAY_ALL)
    assert numbers_again.data == [float(i) for i in range(500)]
    assert words_again.data == [f"number {i}" for i in range(500)]
    for again, before in zip(numbers_again.envelopes, recorded, strict=True):
        assert again.originating_time == before.originating_time
        assert again.creation_time == before.creation_time
        assert again.sequence_id == before.sequence_id


@pytest.mark.rules("E153", "E154")
def test_only_messages_from_12_01_to_12_04_are_replayed(noon: Path) -> None:
    with Pipeline() as p:
        demo = store.open(p, noon)
        images = Collected(p, demo.open_stream("Image"))
        start_time, end_time = NOON + MINUTE, NOON + 4 * MINUTE
        p.run(ReplayDescriptor.between(start_time, end_time, enforce_replay_clock=False))
    assert images.times == [NOON + i * MINUTE for i in (1, 2, 3, 4)]


def test_the_overloads_of_run_replay_the_same_interval(noon: Path) -> None:
    for arguments in (
        {"interval": TimeInterval(NOON + MINUTE, NOON + 4 * MINUTE)},
        {"start": NOON + MINUTE, "end": NOON + 4 * MINUTE},
    ):
        with Pipeline() as p:
            images = Collected(p, store.open(p, noon).open_stream("Image"))
            p.run(**arguments, enforce_replay_clock=False)  # type: ignore[arg-type]
        assert images.times == [NOON + i * MINUTE for i in (1, 2, 3, 4)]


@pytest.mark.rules("E154")
def test_open_ends_leave_the_messages_at_them_out(noon: Path) -> None:
    with Pipeline() as p:
        images = Collected(p, store.open(p, noon).open_stream("Image"))
        p.run(interval=TimeInterval(NOON, NOON + 3 * MINUTE, False, False), enforce_replay_clock=False)
    assert images.times == [NOON + MINUTE, NOON + 2 * MINUTE]


def test_a_run_starts_at_the_earliest_opened_message_and_ends_by_itself(noon: Path) -> None:
    completed: list[int] = []
    with Pipeline() as p:
        images = Collected(p, store.open(p, noon).open_stream("Image"))
        p.pipeline_completed.connect(lambda event: completed.append(event.completed_originating_time))
        p.run(REPLAY_ALL)
        assert p.start_time == NOON
    assert images.times == [NOON + i * MINUTE for i in range(6)]
    assert completed == [NOON + 5 * MINUTE]


@pytest.mark.rules("E156")
def test_replay_in_real_time_takes_as_long_as_the_recording(tmp_path: Path) -> None:
    path = write_recording(
        tmp_path / "r.h5", {"x": (SCALAR, [(T0 + i * 50 * MS, float(i)) for i in range(11)])}
    )

    def seconds(descriptor: ReplayDescriptor | None) -> tuple[float, list[int]]:
        delays: list[int] = []
        with Pipeline() as p:
            x = store.open(p, path).open_stream("x")
            seen = Collected(p, x)
            x.process(
                lambda data, envelope, out: delays.append(p.get_current_time() - envelope.originating_time)
            )
            begun = monotonic_ns()
            p.run(descriptor)
            assert seen.data == [float(i) for i in range(11)]
            return (monotonic_ns() - begun) / NS_PER_S, delays

    paced, delays = seconds(REPLAY_ALL_REAL_TIME)
    assert 0.5 <= paced < 2.0
    assert all(0 <= delay < 300 * MS for delay in delays)
    assert seconds(None)[0] >= 0.5
    assert seconds(REPLAY_ALL)[0] < paced


@pytest.mark.rules("E156")
def test_recorded_latency_comes_back_when_creation_time_sets_the_pace(tmp_path: Path) -> None:
    """A slow stream, 200 ms late, beside a quick one that is 1 ms late."""
    path, late = tmp_path / "r.h5", 200 * MS
    writer = StoreWriter.create(path)
    writer.add_streams([NewStream("quick", SCALAR), NewStream("slow", SCALAR)])
    for i in range(8):
        time = T0 + i * 50 * MS
        payload = encode(SCALAR, float(i))
        writer.append("quick", EncodedMessage(time, time + MS, i, payload))
        writer.append("slow", EncodedMessage(time, time + late, i, payload))
    writer.close()
    delays: dict[str, list[int]] = {"quick": [], "slow": []}
    with Pipeline() as p:
        importer = store.open(p, path, pace_by=PaceBy.CREATION_TIME)
        for name, found in delays.items():
            importer.open_stream(name).process(
                lambda data, envelope, out, found=found: found.append(
                    p.get_current_time() - envelope.originating_time
                )
            )
        p.run(REPLAY_ALL_REAL_TIME)
    assert len(delays["quick"]) == len(delays["slow"]) == 8
    assert all(late <= delay < late + 150 * MS for delay in delays["slow"])
    assert all(MS <= delay < 150 * MS for delay in delays["quick"])


def test_everything_comes_at_once_when_nothing_sets_the_pace(noon: Path) -> None:
    with Pipeline() as p:
        images = Collected(p, store.open(p, noon, pace_by=PaceBy.CREATION_TIME).open_stream("Image"))
        p.run(REPLAY_ALL)
    assert images.times == [NOON + i * MINUTE for i in range(6)]


@pytest.mark.rules("E158")
def test_a_recording_that_still_grows_is_replayed_as_far_as_it_goes(tmp_path: Path) -> None:
    with Pipeline() as recording:
        hand = generators.timed_sequence(
            recording, [(float(i), T0 + i * MS) for i in range(300)], start_time=T0
        )
        exporter = store.create(recording, tmp_path / "r.h5")
        hand.write("x", exporter)
        held = recording.create_emitter(exporter, "held")
        held.write("later", exporter, format=SCALAR)
        recording.run_async(ReplayDescriptor.between(T0, enforce_replay_clock=False))
        wait_until(lambda: any(s.message_count == 300 for s in exporter.statistics().streams))
        wait_until(lambda: exporter.statistics().last_commit_time > 0)
        with Pipeline() as replaying:
            importer = store.open(replaying, tmp_path / "r.h5")
            known = {stream.name: stream.message_count for stream in importer.streams}["x"]
            seen = Collected(replaying, importer.open_stream("x"))
            replaying.run(REPLAY_ALL)
    assert known <= len(seen.data) <= 300
    assert seen.data == [float(i) for i in range(len(seen.data))]


@pytest.mark.rules("E155")
def test_streams_are_merged_by_time(tmp_path: Path) -> None:
    path = small_recording(tmp_path / "r.h5")
    order: list[tuple[int, str]] = []
    with Pipeline(thread_count=1) as p:
        recording = store.open(p, path)
        together = object()
        for name in ("sound", "numbers", "words"):
            recording.open_stream(name).pipe_to(
                p.create_receiver(
                    together,
                    lambda data, envelope, name=name: order.append((envelope.originating_time, name)),
                    name,
                )
            )
        p.run(REPLAY_ALL_REAL_TIME)
    assert len(order) == 100 + 1000 + 10
    assert max(before[0] - after[0] for before, after in pairwise(order)) <= 50 * MS


@pytest.mark.rules("E152")
def test_opening_an_unknown_stream_lists_what_there_is(noon: Path) -> None:
    with Pipeline() as p:
        demo = store.open(p, noon)
        assert [stream.name for stream in demo.streams] == ["Image"]
        assert demo.open_stream("Image") is demo.open_stream("Image")
        with pytest.raises(StreamError, match="no stream 'Sound'; it has: 'Image'"):
            demo.open_stream("Sound")


@pytest.mark.rules("E152")
def test_a_store_that_is_missing_is_an_error_at_once(tmp_path: Path) -> None:
    with Pipeline() as p, pytest.raises(StoreEnvironmentError, match="there is no file"):
        store.open(p, "nothing", tmp_path)


def test_an_empty_stream_ends_the_run_at_once(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "r.h5", {"x": (STRING, [])})
    with Pipeline() as p:
        seen = Collected(p, store.open(p, path).open_stream("x"))
        p.run(REPLAY_ALL)
    assert seen.data == []


@pytest.mark.rules("E157")
def test_a_long_recording_is_not_read_ahead_of_a_paced_consumer(tmp_path: Path) -> None:
    block = np.zeros((1, 250_000), np.float32)
    path = write_recording(
        tmp_path / "r.h5", {"x": (infer_format(block), [(T0 + i * 20 * MS, block) for i in range(150)])}
    )
    with Pipeline() as p:
        seen = Collected(p, store.open(p, path).open_stream("x"))
        p.run_async(REPLAY_ALL_REAL_TIME)
        wait_until(lambda: len(seen.data) >= 5)
        waiting = seen.receiver.statistics().queued_bytes
    assert 0 < waiting <= 48 << 20


def test_messages_of_every_kind_are_recorded_without_saying_what_they_are(tmp_path: Path) -> None:
    values: dict[str, object] = {
        "float": 1.5, "whole": 7, "truth": True, "text": "hello", "bytes": b"raw",
        "json": {"a": [1, None]}, "event": Event("go", "cue", 5),
        "jpeg": EncodedImage(b"\xff\xd8\xff\xd9", 1, 1),
        "samples": np.arange(6.0).reshape(3, 2), "picture": np.full((2, 3, 3), 7, np.uint8),
    }  # fmt: skip
    with Pipeline() as pipeline:
        exporter = store.create(pipeline, tmp_path / "all.h5")
        for name, value in values.items():
            generators.timed_sequence(pipeline, [(value, T0)], start_time=T0).write(name, exporter)
        pipeline.run(REPLAY_ALL)
    with StoreReader(tmp_path / "all.h5") as reader:
        for name, value in values.items():
            (message,) = reader.messages(name)
            assert repr(message.data) == repr(value)
    assert store.verify(tmp_path / "all.h5").findings == ()
