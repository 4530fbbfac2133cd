"""Operators: functions that turn streams into streams, one idea a module.

Each takes a stream first and is also a method of it, so `joining.join(a, b)` is `a.join(b)`; the emitter only
names them in its class body, nothing is said twice, and mypy knows the payload type along a chain. Functions
of several streams of one type are here: `join_all`, `fuse_all`, `merge_all`, `zip_all`.

An operator makes a component in the pipeline of its input, connects the input to it with the policy given, or
else that of the pipeline, and returns its output (rule E189). Unless said otherwise an output message carries
the originating time of the input message that caused it (rule E190), so that streams stay comparable however
long anything takes:

    loud = sound.select(level).where(lambda db: db > -30)
    seen = loud.join(faces, reproducible.nearest(RelativeTimeInterval.around(20_000_000)))
    smooth = seen.item1().average(time_span=1_000_000_000)

| what | operators |
|---|---|
| one message at a time | select, where, do, process, nullable_select, item1, item2, flip, abs, log |
| some of the messages | first, last, changes |
| a memory | aggregate, scan, process_aggregate, delta |
| statistics | count, sum, min, max, average, std; array_statistics for what windows bring |
| times | time_of, latency, intervals, rate, delay |
| the value of another stream | join, fuse, pair, join_with, join_each, sample, interpolate |
| many streams in one | merge, zip, join_all, fuse_all, Merger, Splitter |
| windows | window (by time), window_by_index, window_dynamic, history, buffer |
| branches | parallel, parallel_variable, parallel_sparse |
| out of the pipeline | to_iterable, to_observable, bridge_to, named |

**Reproducible or not.** join, sample, interpolate, zip and windows give the same messages in every run,
however late their inputs are; fuse with available interpolators, pair, merge and latency do not.

**The end.** When its inputs have ended, an operator posts what was only waiting for more (joins, windows,
zip, last). What gets its time from the clock, a merged or a delayed message, may be later than the final time
of the run, and then is not delivered (rule E44).

**Memory.** A silent secondary lets primaries pile up in a join, a silent input all others in a zip; a window
without a left end keeps everything.
"""

from studio.engine.operators import array_statistics
from studio.engine.operators.iterating import Observable, Observer, StreamIterator
from studio.engine.operators.joining_many import fuse_all, join_all
from studio.engine.operators.merging import Merger, Splitter, merge_all, zip_all
from studio.engine.operators.termination import (
    BranchState,
    TerminationPolicy,
    after_key_not_present,
    never,
    when_key_not_present,
)
from studio.engine.operators.values import Values

__all__ = [
    "BranchState",
    "Merger",
    "Observable",
    "Observer",
    "Splitter",
    "StreamIterator",
    "TerminationPolicy",
    "Values",
    "after_key_not_present",
    "array_statistics",
    "fuse_all",
    "join_all",
    "merge_all",
    "never",
    "when_key_not_present",
    "zip_all",
]
