"""The reader process: answers queries about recordings, one at a time, until its pipe ends (decision 16).

A file so broken that the HDF5 library crashes takes this process with it and nothing else.
"""

import logging
from collections.abc import Sequence

from studio.errors import RemoteProtocolError, StudioError
from studio.host.codec import decode, encode
from studio.host.commands import unexpected
from studio.host.pipe_frames import claim_pipes, read_frame, write_frame
from studio.host.protocol import Failure, Reply, Request
from studio.host.queries import Queries

_log = logging.getLogger(__name__)


def run(arguments: Sequence[str]) -> int:
    """Answer until the end of the pipe."""
    queries, answers = claim_pipes()
    known = Queries()
    try:
        while (data := read_frame(queries)) is not None:
            write_frame(answers, _answer(known, data))
    except (BrokenPipeError, RemoteProtocolError):
        return 0  # who asked is gone
    finally:
        known.close()
    return 0


def _answer(known: Queries, data: bytes) -> bytes:
    request = decode(data)
    if not isinstance(request, Request):
        raise RemoteProtocolError(f"a {type(request).__name__} came instead of a query")
    try:
        return encode(Reply(request.number, known.answer(request.body)))
    except StudioError as error:
        return encode(Failure(request.number, str(error), type(error).__name__))
    except Exception as error:  # the outer edge of the query: our bug, told and logged, the reader lives on
        _log.exception("query %r failed", request.body)
        return encode(unexpected(request.number, error))
