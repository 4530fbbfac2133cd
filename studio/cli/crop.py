"""`studio crop`: a stretch of a recording as a recording of its own."""

from studio.cli.recording_options import Begin, End, File, Json, Out, Streams


def crop(
    file: File,
    begin: Begin = None,
    end: End = None,
    streams: Streams = [],  # noqa: B006 - the way a repeatable option is declared; nobody changes it
    out: Out = None,
    json: Json = False,
) -> None:
    """Cut a stretch out of a recording, exact at the sample. The original stays as it is."""
    from studio.app.operations.requests import CopyRequest
    from studio.cli.operation import beside, run_operation, selection_of

    selection = selection_of(file, streams, begin, end)
    run_operation(CopyRequest(selection, beside(file, out, "cut")), json=json)
