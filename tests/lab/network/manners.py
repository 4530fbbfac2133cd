"""How exporters of clocks behave: the honest one, real \\psi's, and the bad ones. Sockets only, no studio.

Each manner serves one listening socket for as long as `goes_on` says; what a clock shows is asked last, just
before it is sent.
"""

import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

TICKS_AT_1970 = 621_355_968_000_000_000
VERSION = b"\x00\x00"
DRIP_S = 0.3
LOOK_S = 0.05
"""So often a manner looks whether it goes on."""


class Manner(Enum):
    """How an exporter treats who asks."""

    HONEST = "honest"
    """Serves at once, many at a time."""
    ONE_AT_A_TIME = "one at a time"
    """As real \\psi: one client, and whoever waits meanwhile is reset."""
    SILENT = "silent"
    """Takes connections and never answers."""
    DRIPPING = "dripping"
    """Answers a byte every 0.3 s."""
    RESETTING = "resetting"
    """Takes connections and resets them."""
    ENDLESS = "endless"
    """Answers, and never stops."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an exporter has to say."""

    now: Callable[[], int]
    """What its clock shows, ns UTC."""
    machine: str

    def stamp(self) -> bytes:
        """The time, now."""
        return struct.pack("<q", self.now() // 100 + TICKS_AT_1970)

    def name(self) -> bytes:
        """The machine's name; at most 127 bytes."""
        name = self.machine.encode()
        return bytes([len(name)]) + name


def ask(connection: socket.socket) -> bool:
    """Whether the client asked in the version that there is."""
    asked = b""
    while len(asked) < len(VERSION):
        more = connection.recv(len(VERSION) - len(asked))
        if not more:
            return False
        asked += more
    return asked == VERSION


def answer_whole(connection: socket.socket, answer: Answer) -> None:
    """As an honest exporter does."""
    if ask(connection):
        connection.sendall(answer.stamp() + answer.name())


def answer_dripping(connection: socket.socket, answer: Answer) -> None:
    """A byte at a time."""
    if ask(connection):
        for byte in answer.stamp() + answer.name():
            connection.sendall(bytes([byte]))
            time.sleep(DRIP_S)


def answer_reset(connection: socket.socket, _answer: Answer) -> None:
    """Reset, whatever was asked."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def answer_endless(connection: socket.socket, answer: Answer) -> None:
    """A stamp, and then a name without end."""
    if ask(connection):
        connection.sendall(answer.stamp() + b"\xff\xff\xff\xff\x07")
        while True:
            connection.sendall(b"x" * 65536)


def answer_never(connection: socket.socket, _answer: Answer) -> None:
    """Wait until the client has had enough."""
    while connection.recv(4096):
        pass


ANSWERS: dict[Manner, Callable[[socket.socket, Answer], None]] = {
    Manner.HONEST: answer_whole,
    Manner.ONE_AT_A_TIME: answer_whole,
    Manner.SILENT: answer_never,
    Manner.DRIPPING: answer_dripping,
    Manner.RESETTING: answer_reset,
    Manner.ENDLESS: answer_endless,
}


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens there."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
        yield listener


def serve(connection: socket.socket, manner: Manner, answer: Answer) -> None:
    """One client; whatever goes wrong ends it and nothing else."""
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            ANSWERS[manner](connection, answer)
        except OSError:
            return  # the client left; that is its affair
