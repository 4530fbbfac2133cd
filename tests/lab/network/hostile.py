"""Clients that mean no good: `hostile HOST PORT COUNT HELLO` always holds so many connections of four kinds.

HELLO is what honest clients say first, in hexadecimal digits. They come from several addresses of 127/8, and
who is thrown out comes back a moment later. It says "ready" when all have been there once, and at the end of
its input how many connections it made.
"""

import random
import selectors
import socket
import struct
import sys
import time
from collections.abc import Callable
from contextlib import suppress

ADDRESSES = 40
BACK_S = 0.1
"""Who was thrown out comes back after that."""
LOOK_S = 0.02


def silent(_client: socket.socket, _hello: bytes) -> None:
    """It connects, and that is all."""


def halting(client: socket.socket, hello: bytes) -> None:
    """It sends half of what it should say and waits."""
    client.send(hello[: len(hello) // 2])


def babbling(client: socket.socket, _hello: bytes) -> None:
    """It speaks another language."""
    client.send(b"GET / HTTP/1.1\r\nHost: clock\r\n\r\n" * 20)


def rude(client: socket.socket, hello: bytes) -> None:
    """It asks, and hangs up before the answer."""
    client.send(hello)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


KINDS: tuple[Callable[[socket.socket, bytes], None], ...] = (silent, halting, babbling, rude)


class Crowd:
    """All of them."""

    def __init__(self, place: tuple[str, int], count: int, hello: bytes) -> None:
        self._place = place
        self._hello = hello
        self._selector = selectors.DefaultSelector()
        self._random = random.Random(1)
        self._out = [(0.0, place) for place in range(count)]
        """When who is to come (back)."""
        self._been: set[int] = set()
        self._count = count
        self.made = 0

    def run(self) -> None:
        """Come back until the input ends."""
        self._selector.register(sys.stdin, selectors.EVENT_READ)
        told = False
        while True:
            self._come()
            if not told and len(self._been) == self._count:
                told = True
                print("ready", flush=True)
            for key, _ in self._selector.select(LOOK_S):
                if key.fileobj is sys.stdin:
                    return
                self._hear(key)

    def _come(self) -> None:
        now = time.monotonic()
        due = [who for at, who in self._out if at <= now]
        self._out = [(at, who) for at, who in self._out if at > now]
        for who in due:
            self._connect(who)

    def _connect(self, who: int) -> None:
        client = socket.socket()
        client.bind((f"127.0.1.{1 + who % ADDRESSES}", 0))
        client.setblocking(False)
        with suppress(BlockingIOError):
            client.connect(self._place)
        self.made += 1
        self._selector.register(client, selectors.EVENT_WRITE, who)

    def _hear(self, key: selectors.SelectorKey) -> None:
        client, who = key.fileobj, key.data
        assert isinstance(client, socket.socket)
        try:
            if key.events & selectors.EVENT_WRITE:
                self._act(client, who)
                return
            if client.recv(4096):
                return
        except OSError:
            pass  # thrown out
        self._leave(client, who)

    def _act(self, client: socket.socket, who: int) -> None:
        """It is connected, or was refused: do what its kind does."""
        self._been.add(who)
        kind = KINDS[who % len(KINDS)]
        kind(client, self._hello)
        if kind is rude:
            self._leave(client, who)
        else:
            self._selector.modify(client, selectors.EVENT_READ, who)

    def _leave(self, client: socket.socket, who: int) -> None:
        with suppress(KeyError, ValueError):
            self._selector.unregister(client)
        client.close()
        self._out.append((time.monotonic() + BACK_S * self._random.uniform(0.5, 1.5), who))


def main() -> None:
    """See the module."""
    host, port, count, hello = sys.argv[1:]
    crowd = Crowd((host, int(port)), int(count), bytes.fromhex(hello))
    crowd.run()
    print(crowd.made, flush=True)


if __name__ == "__main__":
    main()
