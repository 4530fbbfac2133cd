"""The reader process: answers queries about recordings, one at a time, until its pipe ends (decision 16).

A file so broken that the HDF5 library crashes takes this process with it and nothing else.
"""

import json
import logging
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from studio.errors import RemoteProtocolError, StudioError
from studio.host.codec import decode, encode
from studio.host.commands import unexpected
from studio.host.freed_memory import give_freed_memory_back
from studio.host.pipe_frames import claim_pipes, read_frame, write_frame
from studio.host.protocol import Failure, Reply, Request
from studio.host.queries import Queries
from studio.host.reader_signs import Listing, Opening

_log = logging.getLogger(__name__)


def run(arguments: Sequence[str]) -> int:
    """Answer until the end of the pipe."""
    give_freed_memory_back()
    queries, answers = claim_pipes()

    def tell(path: Path) -> None:
        write_frame(answers, encode(Opening(str(path))))

    def tell_more(path: Path, done: float) -> None:
        write_frame(answers, encode(Listing(str(path), done)))

    avoided = _parser().parse_args(arguments).avoid
    known = Queries(on_opening=tell, on_listing=tell_more, avoided=avoided)
    try:
        while (data := read_frame(queries)) is not None:
            write_frame(answers, _answer(known, data))
    except (BrokenPipeError, RemoteProtocolError):
        return 0  # who asked is gone
    finally:
        known.close()
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="studio --role reader")
    parser.add_argument("--avoid", type=json.loads, default={}, help="files that are not listed by opening")
    return parser


def _answer(known: Queries, data: bytes) -> bytes:
    request = decode(data)
    if not isinstance(request, Request):
        raise RemoteProtocolError(f"a {type(request).__name__} came instead of a query")
    try:
        return encode(Reply(request.number, known.answer(request.body)))
    except BrokenPipeError:
        raise  # who asked is gone
    except StudioError as error:
        return encode(Failure(request.number, str(error), type(error).__name__))
    except Exception as error:  # the outer edge of the query: our bug, told and logged, the reader lives on
        _log.exception("query %r failed", request.body)
        return encode(unexpected(request.number, error))
