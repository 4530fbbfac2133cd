"""Each end of a local connection proves to the other that it knows the key, before anything else is read.

Four short messages: a challenge, the answer with a challenge back, the answer to that. HMAC-SHA256 over both
challenges and the direction, so that nothing can be reflected or replayed. All of it within a deadline.
"""

import hmac
import secrets
import threading

from studio.errors import RemoteProtocolError
from studio.host.channel import Channel

HANDSHAKE_S = 2.0
_CHALLENGE_BYTES = 32
_PROOF_BYTES = 32
_LIMIT = 128


def admit(channel: Channel, authkey: bytes, cancelled: threading.Event) -> None:
    """The listening end. Raises RemoteProtocolError for a wrong key, TimeoutError for silence, OSError."""
    ours = secrets.token_bytes(_CHALLENGE_BYTES)
    channel.send(ours, cancelled, stall_s=HANDSHAKE_S)
    answer = channel.receive(cancelled, timeout_s=HANDSHAKE_S, limit=_LIMIT)
    theirs, proof = answer[:_CHALLENGE_BYTES], answer[_CHALLENGE_BYTES:]
    if len(answer) != _CHALLENGE_BYTES + _PROOF_BYTES or not _is_proof(
        proof, authkey, b"client", ours + theirs
    ):
        raise RemoteProtocolError("a process that does not know the key tried to connect")
    channel.send(_proof(authkey, b"server", ours + theirs), cancelled, stall_s=HANDSHAKE_S)


def introduce(channel: Channel, authkey: bytes, cancelled: threading.Event) -> None:
    """The connecting end: raises as `admit` does."""
    theirs = channel.receive(cancelled, timeout_s=HANDSHAKE_S, limit=_LIMIT)
    if len(theirs) != _CHALLENGE_BYTES:
        raise RemoteProtocolError("the process at this address is not one of the studio")
    ours = secrets.token_bytes(_CHALLENGE_BYTES)
    channel.send(ours + _proof(authkey, b"client", theirs + ours), cancelled, stall_s=HANDSHAKE_S)
    answer = channel.receive(cancelled, timeout_s=HANDSHAKE_S, limit=_LIMIT)
    if not _is_proof(answer, authkey, b"server", theirs + ours):
        raise RemoteProtocolError("the process at this address does not know the key")


def _proof(authkey: bytes, direction: bytes, challenges: bytes) -> bytes:
    return hmac.digest(authkey, direction + challenges, "sha256")


def _is_proof(given: bytes, authkey: bytes, direction: bytes, challenges: bytes) -> bool:
    return hmac.compare_digest(given, _proof(authkey, direction, challenges))
