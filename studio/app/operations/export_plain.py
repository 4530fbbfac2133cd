"""Exports streams as one plain HDF5 file."""

from studio.app.operations.exporting import Export
from studio.store.clock_summaries import summaries_text
from studio.store.plain import write_plain


def write_plain_file(work: Export) -> None:
    """All streams in one file."""
    reader = work.part.reader
    summary = summaries_text(reader.clock_summaries())
    clock = reader.clock_tables()
    write_plain(work.place, work.part.info, work.cuts, work.told, clock=clock, clock_summary=summary)
    for cut in work.cuts:
        work.note(work.place, cut.stream.description.name)
