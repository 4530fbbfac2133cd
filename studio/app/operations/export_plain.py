"""Exports streams as one plain HDF5 file."""

from studio.app.operations.exporting import Export
from studio.store.plain import write_plain


def write_plain_file(work: Export) -> None:
    """All streams in one file."""
    write_plain(work.place, work.part.info, work.cuts, work.told)
    for cut in work.cuts:
        work.note(work.place, cut.stream.description.name)
