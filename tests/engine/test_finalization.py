"""The order in which components end, with the component and the cases of the original (rules E49-E54)."""

from collections.abc import Callable
from typing import Any

import pytest

from studio.engine import DeliveryPolicy, Emitter, Envelope, Pipeline, Receiver, generators
from studio.timing import TIME_MAX
from tests.engine.components import MS, Collector, PushSource


class Relay:
    """Three inputs, relayed on outputs of the same letter and on `any`; `gen` posts 0, 1, 2 if connected."""

    def __init__(self, pipeline: Pipeline, name: str, log: list[str]) -> None:
        self.pipeline = pipeline
        self.name = name
        self.log = log
        self.received: dict[str, int] = {"x": 0, "y": 0, "z": 0}
        self.out: dict[str, Emitter[Any]] = {
            port: pipeline.create_emitter(self, port) for port in ("any", "x", "y", "z", "gen")
        }
        self.into: dict[str, Receiver[Any]] = {
            port: pipeline.create_receiver(self, self.relay(port), port) for port in ("x", "y", "z")
        }
        for port, emitter in self.out.items():
            emitter.closed.connect(lambda _t, port=port: log.append(f"{name}.{port} closed"))
        for port, receiver in self.into.items():
            receiver.unsubscribed.connect(lambda _t, port=port: log.append(f"{name}.{port} unsubscribed"))

    def relay(self, port: str) -> Callable[[int, Envelope], None]:
        def receive(data: int, envelope: Envelope) -> None:
            self.received[port] += 1
            time = envelope.originating_time
            self.out[port].post(data, time)
            self.out["any"].post(data, max(time, self.out["any"].last_envelope.originating_time) + MS)

        return receive

    def start(self, notify_completion_time: Callable[[int], None]) -> None:
        if not self.out["gen"].has_subscribers:
            notify_completion_time(TIME_MAX)
            return
        start = self.pipeline.start_time
        for index in range(3):
            self.out["gen"].post(index, start + index * MS)
        notify_completion_time(start + 2 * MS)

    def stop(self, _final: int, notify_completed: Callable[[], None]) -> None:
        notify_completed()


CASES: dict[str, tuple[str, str, list[str]]] = {
    # wiring; letters of all components; what must hold, "AB" meaning A before B
    "simple": ("A.gen>B.x", "AB", ["AB"]),
    "self cycle": ("A.gen>A.x", "A", []),
    "long cycle": ("A.gen>B.x B.x>C.x C.x>A.x", "ABC", ["CA", "AB"]),
    "disjoint cycles": ("A.gen>C.x C.x>A.x B.gen>D.x D.x>B.x", "ABCD", ["DC", "CB", "CA"]),
    "self cycles upstream": ("A.gen>A.x A.x>B.x C.gen>C.x C.x>D.x", "ABCD", ["CA", "AB", "AD", "CD"]),
    "two upstream": ("A.gen>C.x B.gen>C.y", "ABC", ["AC", "BC"]),
    "cycle and another upstream": (
        "A.gen>B.x B.x>E.x C.x>D.x D.x>E.y E.gen>C.x",
        "ABCDE",
        ["AB", "BC", "BD", "BE"],
    ),
    "cycle upstream": ("A.gen>B.x B.x>A.x B.x>C.x", "ABC", ["BA", "BC"]),
    "multiple cycles": ("A.gen>B.x B.any>C.x C.x>B.y C.x>B.z", "ABC", ["AB", "AC"]),
    "nested cycles": (
        "A.gen>B.x B.any>C.x C.any>D.x D.x>E.x D.x>C.y E.x>B.y",
        "ABCDE",
        ["AB", "AC", "AD", "AE"],
    ),
    "separated cycles": (
        "A.gen>B.x B.x>A.x C.gen>D.x D.x>C.x B.gen>C.y C.gen>B.y B.y>C.z",
        "ABCD",
        ["BA", "AC", "AD"],
    ),
}


@pytest.mark.rules("E51", "E53", "E54")
@pytest.mark.parametrize("case", CASES)
def test_components_end_upstream_first_and_cycles_where_they_can_be_cut(case: str) -> None:
    wiring, letters, order = CASES[case]
    log: list[str] = []
    with Pipeline("p") as p:
        relays = {letter: Relay(p, letter, log) for letter in sorted(letters, reverse=True)}
        connected = set()
        for wire in wiring.split():
            source, target = wire.split(">")
            relays[source[0]].out[source[2:]].pipe_to(relays[target[0]].into[target[2:]])
            connected.add(f"{target} unsubscribed")
        p.run()
    closed = [entry[0] for entry in log if entry.endswith("closed")]
    assert sorted(closed) == sorted(letters * 5)  # every output of every component closes
    assert {entry for entry in log if entry.endswith("unsubscribed")} == connected
    assert len(log) == len(closed) + len(connected)
    for first, second in order:
        assert closed.index(first) < closed.index(second), f"{first} before {second} in {closed}"


@pytest.mark.rules("E51")
def test_a_loop_that_feeds_itself_ends_and_loses_nothing_it_was_given() -> None:
    log: list[str] = []
    with Pipeline("p") as p:
        b, a = Relay(p, "B", log), Relay(p, "A", log)
        a.out["gen"].pipe_to(b.into["y"])
        b.out["any"].pipe_to(a.into["x"])
        a.out["x"].pipe_to(b.into["x"])
        p.run()
    assert b.received["y"] == 3
    assert b.received["x"] >= 1
    assert sorted(entry[0] for entry in log if entry.endswith("closed")) == sorted("AB" * 5)
    ended = {entry for entry in log if entry.endswith("unsubscribed")}
    assert ended == {"A.x unsubscribed", "B.x unsubscribed", "B.y unsubscribed"}


@pytest.mark.rules("E52")
def test_what_a_component_posts_at_the_end_of_its_input_still_arrives() -> None:
    class Buffer:
        def __init__(self, pipeline: Pipeline) -> None:
            self.kept: list[tuple[int, int]] = []
            self.out = pipeline.create_emitter(self, "out")
            self.receiver = pipeline.create_receiver(self, self.receive, "in")
            self.receiver.unsubscribed.connect(self.flush)

        def receive(self, data: int, envelope: Envelope) -> None:
            self.kept.append((data, envelope.originating_time))

        def flush(self, _time: int) -> None:
            for data, time in self.kept:
                self.out.post(data, time)

    with Pipeline("p") as p:
        buffer = Buffer(p)
        generators.range_(p, 0, 10, interval=33 * MS).pipe_to(buffer)
        collector = Collector(p, buffer.out)
        p.run(enforce_replay_clock=False)
    assert collector.values == list(range(10))
    assert collector.times == [p.start_time + 33 * MS * index for index in range(10)]


@pytest.mark.rules("E102", "E179")
def test_unsubscribed_is_told_under_the_lock_of_the_component_and_each_handler_by_itself() -> None:
    heard: list[str] = []

    def fail(_time: int) -> None:
        heard.append("first")
        raise ValueError("in unsubscribed")

    p = Pipeline("p")
    source = PushSource(p)
    collector = Collector(p, source.out)
    collector.receiver.unsubscribed.connect(fail)
    collector.receiver.unsubscribed.connect(lambda _t: heard.append("second"))
    source.out.closed.connect(lambda _t: 1 / 0)
    p.run_async()
    with pytest.raises(ExceptionGroup) as caught:
        p.dispose()
    assert heard == ["first", "second"]
    assert caught.group_contains(ValueError, match="in unsubscribed")
    assert caught.group_contains(ZeroDivisionError)


@pytest.mark.rules("E57", "E49")
def test_streams_of_a_pipeline_that_never_ran_stay_open() -> None:
    log: list[str] = []
    p = Pipeline("p")
    Relay(p, "A", log).out["gen"].pipe_to(Relay(p, "B", log).into["x"])
    p.dispose()
    assert log == []


@pytest.mark.rules("E127")
@pytest.mark.parametrize("policy", [DeliveryPolicy.LATEST_MESSAGE, DeliveryPolicy.latency_constrained(0)])
def test_no_policy_swallows_the_end(policy: DeliveryPolicy) -> None:
    with Pipeline("p") as p:
        collector = Collector(p, generators.range_(p, 0, 5, interval=1), policy)
        p.run()
    assert len(collector.ended_at) == 1
