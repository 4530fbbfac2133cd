"""An importer as \\psi's, to compare: it asks once and believes it (rule E238), with the stopwatch mended.

`single_shot HOST PORT PERIOD_S [TIMEOUT_S]` says "monotonic offset" a line for each shot, in ns: each is what
an importer that starts at that moment would keep to its end. A shot that fails is told as such.
"""

import select
import socket
import struct
import sys
import time

from tests.lab.network.manners import TICKS_AT_1970, VERSION

TIMEOUT_S = 3.0
"""The original has none; this one is to end."""


def shot(host: str, port: int, timeout_s: float = TIMEOUT_S) -> tuple[int, int]:
    """(monotonic, offset to the monotonic clock) as the original computes them."""
    with socket.create_connection((host, port), timeout_s) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        began = time.monotonic_ns()
        connection.sendall(VERSION)
        said = b""
        while len(said) < 8:
            more = connection.recv(8 - len(said))
            if not more:
                raise ConnectionResetError("the exporter closed without a word")
            said += more
        ended = time.monotonic_ns()
    (ticks,) = struct.unpack("<q", said)
    elapsed = ended - began
    return ended, (ticks - TICKS_AT_1970) * 100 - (ended - elapsed // 2)


def main() -> None:
    """See the module."""
    host, port, period, *timeout = sys.argv[1:]
    timeout_s = float(timeout[0]) if timeout else TIMEOUT_S
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], float(period))[0]:
        try:
            print(*shot(host, int(port), timeout_s), flush=True)
        except OSError as error:
            print("failed", type(error).__name__, flush=True)


if __name__ == "__main__":
    main()
