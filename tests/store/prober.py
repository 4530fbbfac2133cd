"""Opens every file named on standard input and reads all of it; says for each what came of it.

Prints the path before it is touched: whoever reads along knows at which file the process died.
"""

import sys
import traceback
from pathlib import Path

from studio.errors import StudioError
from studio.store import StoreReader, verify


def read_everything(path: Path) -> None:
    """All that the studio reads of a recording."""
    with StoreReader(path, still_for=0) as reader:
        info = reader.info()
        reader.loss()
        reader.log()
        for stream in info.streams:
            for message in reader.messages(stream.name):
                assert message.envelope is not None
            reader.message_at(stream.name, stream.last_time)
            reader.times(stream.name, stream.first_time, stream.last_time, 50)
            if stream.format.kind.is_sampled:
                reader.window(stream.name, stream.first_time, stream.last_time, 20)


def outcome(path: Path) -> str:
    """In one word, or the traceback of what must not happen."""
    try:
        read_everything(path)
    except StudioError as error:
        return f"refused: {error}"
    except BaseException:
        return "BAD " + traceback.format_exc()
    return "read"


def checked(path: Path) -> str:
    """The same for `verify`."""
    try:
        return "sound" if verify(path, still_for=0).is_sound else "unsound"
    except StudioError:
        return "unsound"
    except BaseException:
        return "BAD " + traceback.format_exc()


def main() -> None:
    """Until the input ends."""
    for line in sys.stdin:
        path = Path(line.rstrip("\n"))
        print(path, flush=True)
        print(repr(outcome(path)), flush=True)
        print(repr(checked(path)), flush=True)


if __name__ == "__main__":
    main()
