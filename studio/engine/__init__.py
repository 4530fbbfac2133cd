"""Streams of messages between components, and the pipeline that runs them.

**Words.** A *pipeline* owns *components*: any objects that were given as `owner` of an *emitter* (output) or
a *receiver* (input). A component that starts and stops by itself is a *source*. A *message* is a payload
with an *envelope*; its *originating time* says when the event in the world took place and travels along
through every component, its *creation time* when this message was posted.

**Rules.** (The numbers E... are those of the specification that the engine follows.)

- Originating times on one stream strictly increase (E94), so they identify a message across streams.
- A component does one thing at a time: all its receivers, its Start and its Stop run under one lock (E109).
- Nothing is delivered before every source has started (E20), or before the pipeline clock has reached its
  originating time, unless the run is told not to wait (E117).
- Posting never waits (E92). What may pile up before a slow receiver is said by the policy of the connection:
  unlimited, the newest only, pausing the poster, limited by number, age or bytes (E122). What is dropped or
  refused is counted.
- Nobody sees another's changes: an array is frozen when posted, what cannot be frozen is copied for each
  receiver (decision 4).
- At the end everything up to the final time is delivered, later messages are not (E44, E45); then streams
  close, upstream components first (E51).
- Any failure on any thread stops the pipeline and is raised once, by `run`, or by `wait_all`, `dispose` or
  the end of the `with` block, unless a handler of `pipeline_exception_not_handled` takes it (decision 9).

**When a run ends.** A source says once how long it lasts: for ever, or until the time of its last message.
(1) Only infinite sources, or none: it runs until disposed. (2) Only finite ones: it ends when the last has
told its end. (3) Both: as (2), and the infinite ones are then told to stop (E24-E29).

    from studio.engine import Pipeline, generators
    from studio.timing import NS_PER_MS

    received = []
    with Pipeline("example") as p:
        numbers = generators.range_(p, 1, 5, interval=10 * NS_PER_MS)
        squares = numbers.select(lambda x: x * x).where(lambda x: x % 2 == 1)
        squares.do(received.append)
        p.run()
    assert received == [1, 9, 25]

**Time.** Live, the pipeline clock is the clock of the world; in a replay it begins at the left end of the
interval and can be paused, slowed down, sped up and stepped: `Pipeline.transport` (decision 7).

**Parts.** A pipeline may contain pipelines: `create_subpipeline`. They share workers and clock, start and end
with their parent, and are reached through connectors (E64-E72). One that was added to a running pipeline may
end before it, and is forgotten then. `diagnostics=` has everything measured, otherwise nothing is (E228).
`verify_replay` runs a graph twice and says where the runs part.

**Threads.** Two to four workers, `studio.worker-n`, run everything under the rules above. A stop that the
pipeline begins itself has its own short thread. Sources may have threads of their own, made with
`Pipeline.spawn`; throttling cannot slow these down (E130). One lock guards the queues of a pipeline, and no
code of a component is called under it. What posts from elsewhere than its inputs must be a source (E75):
`check_posting=True` tells who breaks that. Idle threads wait on conditions: a resting pipeline takes no CPU.
A worker goes on with one receiver for a moment when nothing else has to wait for that, and a resting one
watches that nothing does.

**Throttling and loops.** A throttled component handles none of its inputs, so a loop with throttling can
stand still for ever (E133).
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.engine import generators, timers
    from studio.engine.connector import Connector
    from studio.engine.delivery import DeliveryPolicy
    from studio.engine.diagnostics import DiagnosticsConfiguration, PipelineDiagnostics
    from studio.engine.emitter import Emitter
    from studio.engine.events import Event
    from studio.engine.lifecycle import PipelineState
    from studio.engine.message import Envelope, Message
    from studio.engine.pipeline import Pipeline
    from studio.engine.pipeline_events import (
        ComponentCompleted,
        PipelineCompleted,
        PipelineExceptionNotHandled,
        PipelineRun,
    )
    from studio.engine.receiver import Receiver, ReceiverStatistics
    from studio.engine.replay import REPLAY_ALL, REPLAY_ALL_REAL_TIME, ReplayDescriptor
    from studio.engine.source import Consumer, SourceComponent, StreamSink
    from studio.engine.threads import StudioThread, spawn
    from studio.engine.verification import ReplayDifference, verify_replay

__all__ = [
    "REPLAY_ALL",
    "REPLAY_ALL_REAL_TIME",
    "ComponentCompleted",
    "Connector",
    "Consumer",
    "DeliveryPolicy",
    "DiagnosticsConfiguration",
    "Emitter",
    "Envelope",
    "Event",
    "Message",
    "Pipeline",
    "PipelineCompleted",
    "PipelineDiagnostics",
    "PipelineExceptionNotHandled",
    "PipelineRun",
    "PipelineState",
    "Receiver",
    "ReceiverStatistics",
    "ReplayDescriptor",
    "ReplayDifference",
    "SourceComponent",
    "StreamSink",
    "StudioThread",
    "generators",
    "spawn",
    "timers",
    "verify_replay",
]

_MODULES = ("generators", "timers")
_PLACES = {
    "ComponentCompleted": "pipeline_events",
    "Connector": "connector",
    "Consumer": "source",
    "DeliveryPolicy": "delivery",
    "DiagnosticsConfiguration": "diagnostics",
    "Emitter": "emitter",
    "Envelope": "message",
    "Event": "events",
    "Message": "message",
    "Pipeline": "pipeline",
    "PipelineCompleted": "pipeline_events",
    "PipelineDiagnostics": "diagnostics",
    "PipelineExceptionNotHandled": "pipeline_events",
    "PipelineRun": "pipeline_events",
    "PipelineState": "lifecycle",
    "REPLAY_ALL": "replay",
    "REPLAY_ALL_REAL_TIME": "replay",
    "Receiver": "receiver",
    "ReceiverStatistics": "receiver",
    "ReplayDescriptor": "replay",
    "ReplayDifference": "verification",
    "SourceComponent": "source",
    "StreamSink": "source",
    "StudioThread": "threads",
    "spawn": "threads",
    "verify_replay": "verification",
}


def __getattr__(name: str) -> object:
    """Imported when asked for: what only needs threads, as the clock process does, starts without numpy."""
    if name in _MODULES:
        return import_module(f"studio.engine.{name}")
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"studio.engine.{_PLACES[name]}"), name)
