"""Recordings: one self-describing HDF5 file each, that opens whatever became of its recorder.

*Writing.* `create(pipeline, path)` gives an `Exporter`. Its receivers, on pipeline workers, encode payloads
and put them into one queue, bounded per stream; what does not fit is refused and counted, never silently lost
(decision 11). One thread, `studio.exporter`, owns the file: it hands batches to HDF5, flushes every 0.25 s,
and then commits, i.e. notes how far each stream is valid. Everything a commit counts survives `kill -9`. A
new stream closes and reopens the file; a nearly full disk ends the recording with all that is there.

*Reading.* `StoreReader` opens finished, broken-off and growing recordings alike and never looks beyond the
last commit. It is used by one thread, in another process than the writer: HDF5 has one global lock, and a
heavy reader would stall the recorder. `open(pipeline, path)` gives an `Importer`, which posts what was
recorded with the recorded envelopes.

*Who is writing* is told by the lock of the side-car `NAME.h5.lock` alone, which dies with its process.
A recording without a living writer that was not closed is put in order when it is opened: flags and lengths,
never data. `verify` reads everything and says what is wrong.

Rules: h5py lives here and nowhere else; every name inside a file is in `layout`; this package is never
imported by the window.
"""

from studio.store.access import create, open, recording_path
from studio.store.export_statistics import ExporterStatistics, StreamStatistics
from studio.store.exporter import Exporter, ExporterState
from studio.store.importer import Importer
from studio.store.reader import StoreReader
from studio.store.verify import Finding, VerifyReport, repair, verify

__all__ = [
    "Exporter",
    "ExporterState",
    "ExporterStatistics",
    "Finding",
    "Importer",
    "StoreReader",
    "StreamStatistics",
    "VerifyReport",
    "create",
    "open",
    "recording_path",
    "repair",
    "verify",
]
