"""An exporter with a synthetic clock as a program: `exporter HOST PORT MACHINE MANNER CLOCK`.

It says its port when it listens, then serves. A line on its input, a manner, changes how it treats those who
ask from then on; it answers "changed" when that is so. It ends at the end of its input.
"""

import selectors
import socket
import sys
import threading
import time
from dataclasses import dataclass

from tests.lab.network.manners import VERSION, Answer, Manner, listening, serve
from tests.lab.network.synthetic_clock import SyntheticClock


@dataclass(slots=True)
class Exporter:
    """Serves in one manner after another at one address."""

    host: str
    port: int
    manner: Manner | None
    """None: it has ended."""
    answer: Answer
    news: str = ""
    """What is said when it listens again."""

    def run(self) -> None:
        """Serve until the input ends."""
        while self.manner is not None:
            with listening(self.host, self.port) as listener:
                self.port = int(listener.getsockname()[1])
                self._tell(str(self.port) if not self.news else self.news)
                self._serve_from(listener, self.manner)

    def _tell(self, news: str) -> None:
        if news != "-":
            print(news, flush=True)
        self.news = "-"

    def _serve_from(self, listener: socket.socket, manner: Manner) -> None:
        if manner is Manner.HONEST:
            serve_many(listener, self)
            return
        with selectors.DefaultSelector() as selector:
            selector.register(listener, selectors.EVENT_READ)
            selector.register(sys.stdin, selectors.EVENT_READ)
            while self.manner is manner:
                if any(key.fileobj is sys.stdin for key, _ in selector.select()):
                    self.obey()
                    continue
                connection, _ = listener.accept()
                if manner is Manner.ONE_AT_A_TIME:
                    listener.close()  # whoever waits meanwhile is reset
                    serve(connection, manner, self.answer)
                    return
                arguments = (connection, manner, self.answer)
                threading.Thread(target=serve, args=arguments, daemon=True).start()

    def obey(self) -> None:
        """Take a command, or the end of all of them."""
        line = sys.stdin.readline()
        self.manner = Manner(line.strip()) if line else None
        self.news = "changed"


def serve_many(listener: socket.socket, exporter: Exporter) -> None:
    """Honestly and at once, whoever has asked, until there is a command."""
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is sys.stdin:
                    exporter.obey()
                    return
                if key.fileobj is listener:
                    connection, _ = listener.accept()
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    selector.register(connection, selectors.EVENT_READ)
                elif isinstance(key.fileobj, socket.socket):
                    selector.unregister(key.fileobj)
                    serve_asked(key.fileobj, exporter.answer)


def serve_asked(connection: socket.socket, answer: Answer) -> None:
    """One client whose request has come; whatever goes wrong ends it and nothing else."""
    with connection:
        try:
            if connection.recv(len(VERSION)) == VERSION:
                connection.sendall(answer.stamp() + answer.name())
        except OSError:
            return  # the client left; that is its affair


def main() -> None:
    """See the module."""
    host, port, machine, manner, clock = sys.argv[1:]
    synthetic = SyntheticClock.from_text(clock)
    answer = Answer(lambda: synthetic.time_at(time.monotonic_ns()), machine)
    Exporter(host, int(port), Manner(manner), answer).run()


if __name__ == "__main__":
    main()
