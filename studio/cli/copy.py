"""`studio copy`: recordings with the streams that are wanted."""

from pathlib import Path

from studio.cli.recording_options import Files, Json, OutOfMany, Streams


def copy(
    files: Files,
    streams: Streams = [],  # noqa: B006 - the way a repeatable option is declared; nobody changes it
    out: OutOfMany = None,
    json: Json = False,
) -> None:
    """Copy recordings, with chosen streams only if they are named. One that grows is copied up to now.

    Of several, one that fails holds up no other; exit code 1 says that one did, and --json gives a list.
    """
    from studio.app.operations.requests import CopyRequest
    from studio.cli.operation import selection_of
    from studio.cli.operations import Batch

    batch = Batch.of(files, out)

    def request(path: Path) -> CopyRequest:
        selection = selection_of(path, streams, skips_missing=batch.is_several)
        return CopyRequest(selection, batch.target(path, "copy"))

    batch.run(request, json=json)
