"""What processes offer each other (rules E244, E245): four kinds of endpoints, with streams. Values only."""

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar, TypeAlias

if TYPE_CHECKING:
    from studio.engine.pipeline import Pipeline
    from studio.net.remote_clock import RemoteClockImporter


class EndpointKind(IntEnum):
    """How a kind of endpoint is called on the wire."""

    TCP_SOURCE = 0
    NETMQ_SOURCE = 1
    REMOTE_EXPORTER = 2
    REMOTE_CLOCK_EXPORTER = 3


class Transport(IntEnum):
    """How a remote exporter sends its messages."""

    TCP = 0
    UDP = 1
    NAMED_PIPES = 2


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream that an endpoint offers."""

    name: str
    type_name: str
    """As its program calls the type of its messages; nobody else may read more into it (E244)."""


@dataclass(frozen=True, slots=True)
class TcpSourceEndpoint:
    """One stream over a TCP connection. Raises ValueError for no host, or for more than one stream."""

    host: str
    port: int
    streams: tuple[Stream, ...] = ()
    kind: ClassVar = EndpointKind.TCP_SOURCE

    def __post_init__(self) -> None:
        if not self.host:
            raise ValueError("A TCP source needs the host it can be reached at; it is empty.")
        if len(self.streams) > 1:
            raise ValueError(f"A TCP source has one stream; {len(self.streams)} are given.")


@dataclass(frozen=True, slots=True)
class NetMQSourceEndpoint:
    """Streams as topics of a ZeroMQ publisher."""

    address: str
    streams: tuple[Stream, ...] = ()
    kind: ClassVar = EndpointKind.NETMQ_SOURCE


@dataclass(frozen=True, slots=True)
class RemoteExporterEndpoint:
    """Streams of a store that is written elsewhere (rule E255)."""

    host: str
    port: int
    transport: Transport = Transport.TCP
    streams: tuple[Stream, ...] = ()
    kind: ClassVar = EndpointKind.REMOTE_EXPORTER


@dataclass(frozen=True, slots=True)
class RemoteClockExporterEndpoint:
    """A clock that others may follow (rule E235). It has no streams."""

    host: str
    port: int
    kind: ClassVar = EndpointKind.REMOTE_CLOCK_EXPORTER

    @property
    def streams(self) -> tuple[Stream, ...]:
        """None."""
        return ()

    def to_remote_clock_importer(self, pipeline: "Pipeline | None") -> "RemoteClockImporter":
        """Follow that clock (rule E247). Raises what the importer raises."""
        from studio.net.remote_clock import RemoteClockImporter

        return RemoteClockImporter(pipeline, self.host, self.port)


Endpoint: TypeAlias = (
    TcpSourceEndpoint | NetMQSourceEndpoint | RemoteExporterEndpoint | RemoteClockExporterEndpoint
)


@dataclass(frozen=True, slots=True)
class Process:
    """A program somewhere, and what it offers."""

    name: str
    endpoints: tuple[Endpoint, ...] = ()
    version: str = ""

    def __post_init__(self) -> None:
        # A list, say: others compare what they have with what they are told.
        object.__setattr__(self, "endpoints", tuple(self.endpoints))
