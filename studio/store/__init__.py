"""Recordings: one self-describing HDF5 file each, that opens whatever became of its recorder.

*Writing.* `create(pipeline, path)` gives an `Exporter`. Its receivers, on pipeline workers, encode payloads
and put them into one queue, bounded per stream; what does not fit is refused and counted, never silently lost
(decision 11). One thread, `studio.exporter`, owns the file: it hands batches to HDF5, flushes every 0.25 s,
and then commits, i.e. notes how far each stream is valid. Everything a commit counts survives `kill -9`. A
new stream closes and reopens the file; a nearly full disk ends the recording with all that is there. What is
much is folded for the pyramid on a thread beside it, which never touches the file; another one asks for what
was written to be brought to the disk (`write_back`), so that the writer's own `fdatasync` finds little to do.

*Reading.* `StoreReader` opens finished, broken-off and growing recordings alike and never looks beyond the
last commit. It is used by one thread, in another process than the writer: HDF5 has one global lock, and a
heavy reader would stall the recorder. A recording of more than 64 streams has a table of `contents`, complete
or `growing_contents`: it opens without looking into each of them. `open(pipeline, path)` gives an `Importer`,
which posts what was recorded with the recorded envelopes. What is inside JSON messages has no stored pyramid:
it is folded while somebody looks (`member_fold`).

*Who is writing* is told by the lock of the side-car `NAME.h5.lock` alone, which dies with its process.
A recording without a living writer that was not closed is put in order when it is opened: flags and lengths,
never data. `verify` reads everything and says what is wrong.

*The clock.* A recording that follows another machine's clock, or is followed, keeps under `/clock` what was
asked and answered, the exact map from the monotonic clock to its times, bounds and states: `Exporter.
write_clock` takes it in parts, `clock_logs()` of a reader gives it back, `clock_summaries()` the certificate.
A commit counts its rows as it counts those of the streams.

*Made of others.* `cutting` reads what lies in an interval, exact at the sample, and `composing` writes a
complete recording of such pieces (crop, copy, join, compact); `plain` writes HDF5 without any structure of
ours. Neither writes what somebody reads meanwhile; on a failure the file is given up as a whole.

Rules: h5py lives here and nowhere else; every name inside a file is in `layout`; this package is never
imported by the window.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studio.store.access import create, open, recording_path
    from studio.store.export_statistics import ExporterStatistics, StreamStatistics
    from studio.store.exporter import Exporter, ExporterState
    from studio.store.importer import Importer
    from studio.store.reader import StoreReader
    from studio.store.verification import Finding, VerifyReport, repair, verify

_HOMES = {
    "Exporter": "exporter",
    "ExporterState": "exporter",
    "ExporterStatistics": "export_statistics",
    "Finding": "verification",
    "Importer": "importer",
    "PaceBy": "importer",
    "StoreReader": "reader",
    "StreamStatistics": "export_statistics",
    "VerifyReport": "verification",
    "create": "access",
    "open": "access",
    "recording_path": "access",
    "repair": "verification",
    "verify": "verification",
}
"""Fetched at their first use: importing one value from a module of this package must not load h5py."""


def __getattr__(name: str) -> Any:
    """A public name, from the module that owns it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'studio.store' has no attribute {name!r}")
    return getattr(importlib.import_module(f"studio.store.{_HOMES[name]}"), name)


__all__ = [
    "Exporter",
    "ExporterState",
    "ExporterStatistics",
    "Finding",
    "Importer",
    "PaceBy",
    "StoreReader",
    "StreamStatistics",
    "VerifyReport",
    "create",
    "open",
    "recording_path",
    "repair",
    "verify",
]
