"""The three stages as units of ezmsg; imported only where it is installed."""

import time
from collections.abc import AsyncGenerator
from typing import Any

import ezmsg.core as ez

began: list[float] = []
ended: list[float] = []


class CountSettings(ez.Settings):
    """How many messages."""

    count: int


class Source(ez.Unit):
    """Posts integers as fast as it may."""

    SETTINGS = CountSettings
    OUTPUT = ez.OutputStream(int)

    @ez.publisher(OUTPUT)
    async def post(self) -> AsyncGenerator[Any, Any]:
        began.append(time.perf_counter())
        for index in range(self.SETTINGS.count):
            yield self.OUTPUT, index


class Stage(ez.Unit):
    """Passes on."""

    INPUT = ez.InputStream(int)
    OUTPUT = ez.OutputStream(int)

    @ez.subscriber(INPUT)
    @ez.publisher(OUTPUT)
    async def pass_on(self, message: int) -> AsyncGenerator[Any, Any]:
        yield self.OUTPUT, message


class Sink(ez.Unit):
    """Counts, and ends the run."""

    SETTINGS = CountSettings
    INPUT = ez.InputStream(int)

    @ez.subscriber(INPUT)
    async def receive(self, message: int) -> None:
        if message == self.SETTINGS.count - 1:
            ended.append(time.perf_counter())
            raise ez.NormalTermination


class Chain(ez.Collection):
    """Source, three stages, sink."""

    SETTINGS = CountSettings
    SOURCE, ONE, TWO, THREE, SINK = Source(), Stage(), Stage(), Stage(), Sink()

    def configure(self) -> None:
        self.SOURCE.apply_settings(self.SETTINGS)
        self.SINK.apply_settings(self.SETTINGS)

    def network(self) -> ez.NetworkDefinition:
        return (
            (self.SOURCE.OUTPUT, self.ONE.INPUT),
            (self.ONE.OUTPUT, self.TWO.INPUT),
            (self.TWO.OUTPUT, self.THREE.INPUT),
            (self.THREE.OUTPUT, self.SINK.INPUT),
        )


def run(count: int) -> float:
    """Messages a second from the first post to the last receipt."""
    began.clear()
    ended.clear()
    ez.run(CHAIN=Chain(CountSettings(count=count)), force_single_process=True)
    return count / (ended[0] - began[0])
