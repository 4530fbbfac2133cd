"""Values of the protocol as bytes and back. Only the studio's own values come back, and numpy's arrays.

The bytes are pickles, read only from a peer that has proved to know the key, and even then nothing but the
classes that the protocol speaks of can come into being. A digest stands before each, since a damaged pickle
may ask for gigabytes before it is found to be none.
"""

import hashlib
import io
import pickle
from collections.abc import Callable
from enum import Enum
from typing import Any

from studio.errors import LocalProtocolError, RemoteProtocolError

_OUR_MODULES = (
    "studio.host.protocol",
    "studio.host.reader_signs",
    "studio.host.clock_protocol",
    "studio.host.going_on_protocol",
    "studio.host.inside_protocol",
    "studio.host.pairing_protocol",
    "studio.host.preflight_protocol",
    "studio.host.job_protocol",
    "studio.host.picture_protocol",
    "studio.host.player_protocol",
    "studio.app.status",
    "studio.app.preflight.card",
    "studio.app.clock_sync",
    "studio.app.clock_history",
    "studio.app.answers",
    "studio.app.player_status",
    "studio.app.operations.requests",
    "studio.app.operations.progress",
    "studio.app.session_entries",
    "studio.app.chains.requests",
    "studio.app.chains.description",
    "studio.devices.device",
)
_OUR_PACKAGES = ("studio.formats.", "studio.timing.")
_NUMPY_NAMES = frozenset({"_reconstruct", "_frombuffer", "scalar", "ndarray", "dtype"})
_BUILTINS = frozenset({"set", "frozenset", "bytearray", "complex"})
_DIGEST_BYTES = 16


def encode(value: object) -> bytes:
    """A value of the protocol as bytes; raises LocalProtocolError for what cannot be sent."""
    try:
        buffer = io.BytesIO()
        _PlainEnums(buffer, protocol=5).dump(value)
        return sealed(buffer.getvalue())
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
        raise LocalProtocolError(
            f"a {type(value).__name__} cannot be sent to another process: {error}"
        ) from error


def decode(data: bytes) -> Any:
    """The value that `encode` made bytes of; raises RemoteProtocolError for anything else."""
    digest, pickled = data[:_DIGEST_BYTES], memoryview(data)[_DIGEST_BYTES:]
    if _digest(pickled) != digest:
        raise RemoteProtocolError("a message of the other process arrived damaged")
    try:
        return _OnlyValues(io.BytesIO(pickled)).load()
    except Exception as error:  # garbage makes the unpickler raise nearly anything
        raise RemoteProtocolError(
            f"the other process sent what is no message of the studio: {error}"
        ) from error


def sealed(pickled: bytes) -> bytes:
    """A pickle with its digest, as `decode` takes it."""
    return _digest(pickled) + pickled


def _digest(pickled: "bytes | memoryview") -> bytes:
    return hashlib.blake2b(pickled, digest_size=_DIGEST_BYTES).digest()


class _PlainEnums(pickle.Pickler):
    """Writes an enum as its class and value; Python before 3.11.4 would write a call of getattr."""

    def reducer_override(self, obj: object) -> Any:
        return (type(obj), (obj.value,)) if isinstance(obj, Enum) else NotImplemented


class _OnlyValues(pickle.Unpickler):
    """Refuses to find any class or function but those of values."""

    def find_class(self, module: str, name: str) -> Callable[..., Any]:
        if not _is_value(module, name):
            raise pickle.UnpicklingError(f"{module}.{name} is not a value of the protocol")
        found: Callable[..., Any] = super().find_class(module, name)
        if module.startswith("studio.") and not isinstance(found, type):
            raise pickle.UnpicklingError(f"{module}.{name} is not a class")
        return found


def _is_value(module: str, name: str) -> bool:
    if "." in name:
        return False
    if module.split(".")[0] == "numpy":
        return name in _NUMPY_NAMES
    if module == "builtins":
        return name in _BUILTINS
    return module in _OUR_MODULES or module.startswith(_OUR_PACKAGES)
