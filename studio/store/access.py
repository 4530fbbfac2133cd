"""Begins and opens recordings for pipelines."""

from pathlib import Path
from typing import Any

from studio.engine import Pipeline
from studio.errors import StoreEnvironmentError
from studio.store import layout
from studio.store.exporter import QUEUE_LIMIT_BYTES, Exporter
from studio.store.importer import Importer, PaceBy
from studio.store.reader import StoreReader
from studio.store.writer import StoreWriter


def recording_path(path_or_name: Path | str, folder: Path | str | None = None) -> Path:
    """Where a recording lies: `path_or_name` as given, or in `folder`; `.h5` is added if it is missing."""
    given = Path(path_or_name)
    if folder is not None:
        if given.name != str(path_or_name) or given.name in ("", ".."):
            raise StoreEnvironmentError(
                f"{str(path_or_name)!r} is not a plain name for a recording in {folder}"
            )
        given = Path(folder) / given
    return given if given.suffix == layout.SUFFIX else given.with_name(given.name + layout.SUFFIX)


def create(
    pipeline: Pipeline,
    path_or_name: Path | str,
    folder: Path | str | None = None,
    *,
    session_id: str = "",
    queue_limit: int = QUEUE_LIMIT_BYTES,
    waits: bool = False,
    derivation: dict[str, Any] | None = None,
) -> Exporter:
    """Begin a recording; write streams to the result. It is complete when `pipeline` is disposed (E167).

    `waits`: what the disk cannot take at once makes the pipeline wait instead of being refused; for what is
    computed, never for devices. `derivation`: how the recording is computed from others, as JSON can say it.
    Raises StoreEnvironmentError if something is there already or the folder cannot be written.
    """
    exporters: list[Exporter] = []  # the writer is made before the exporter that it tells of a full disk

    def on_disk_full(error: StoreEnvironmentError) -> None:
        for exporter in exporters:
            exporter.on_disk_full(error)

    writer = StoreWriter.create(
        recording_path(path_or_name, folder),
        session_id=session_id,
        clock=pipeline.clock,
        on_disk_full=on_disk_full,
        derivation=derivation,
    )
    try:
        exporter = Exporter(pipeline, writer, queue_limit=queue_limit, waits=waits)
    except BaseException:
        writer.close()
        raise
    exporters.append(exporter)
    exporter.begin()
    return exporter


def open(
    pipeline: Pipeline,
    path_or_name: Path | str,
    folder: Path | str | None = None,
    *,
    pace_by: PaceBy = PaceBy.ORIGINATING_TIME,
    **options: Any,
) -> Importer:
    """Open a recording to be replayed by `pipeline`; `options` go to StoreReader.

    Raises StoreEnvironmentError or StoreFormatError.
    """
    path = Path(path_or_name)
    if folder is not None or not path.exists():
        path = recording_path(path_or_name, folder)
    reader = StoreReader(path, **options)
    try:
        return Importer(pipeline, reader, pace_by=pace_by)
    except BaseException:
        reader.close()
        raise
