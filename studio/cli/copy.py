"""`studio copy`: a recording with the streams that are wanted."""

from studio.cli.recording_options import File, Json, Out, Streams


def copy(
    file: File,
    streams: Streams = [],  # noqa: B006 - the way a repeatable option is declared; nobody changes it
    out: Out = None,
    json: Json = False,
) -> None:
    """Copy a recording, with chosen streams only if they are named. One that grows is copied up to now."""
    from studio.app.operations.requests import CopyRequest
    from studio.cli.operation import beside, run_operation, selection_of

    run_operation(CopyRequest(selection_of(file, streams), beside(file, out, "copy")), json=json)
