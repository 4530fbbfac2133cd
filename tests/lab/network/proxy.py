"""The poorer variant of a relay, where machines cannot be made: `proxy HOST PORT WAY WAY`, a TCP proxy.

It says the port at which it takes connections for HOST:PORT. Each piece that is read from one side is written
to the other as late as that way says; a piece that is lost breaks the connection, since nobody would send it
again. No packets, no host names: what happens to handshakes and acknowledgements cannot be tried here.
"""

import asyncio
import random
import sys
import time
from contextlib import suppress

from tests.lab.network.way import Way

PIECE_BYTES = 65536


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way, seed: int) -> None:
    """One direction of a connection, in order, to its end."""
    random_, due = random.Random(seed), 0
    try:
        while data := await reader.read(PIECE_BYTES):
            takes = way.takes(random_)
            if takes is None:
                break
            due = max(due, time.monotonic_ns() + takes)
            await asyncio.sleep(max(0, due - time.monotonic_ns()) / 1e9)
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # one side is gone: so is the connection
    finally:
        writer.close()


async def proxy(host: str, port: int, there: Way, back: Way) -> None:
    """Serve until the input ends."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seed = time.monotonic_ns()
        try:
            far_reader, far_writer = await asyncio.open_connection(host, port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(
            carry(reader, far_writer, there, seed), carry(far_reader, writer, back, seed + 1)
        )

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, ended.set)
    await ended.wait()


def main() -> None:
    """See the module."""
    host, port, there, back = sys.argv[1:]
    with suppress(KeyboardInterrupt):
        asyncio.run(proxy(host, int(port), Way.from_text(there), Way.from_text(back)))


if __name__ == "__main__":
    main()
