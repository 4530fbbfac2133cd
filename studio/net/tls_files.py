"""Mutual TLS 1.3 from files: who we are, and whose certificates we take (sync.md 5.2).

Exactly the certificates that were paired are trusted, whatever names they carry.
"""

import ssl
from dataclasses import dataclass

from studio.errors import NetworkError


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Where an end of a protected connection finds what it needs (PEM)."""

    certificate: str
    key: str
    trusted: str
    """The certificates that are taken from the other end."""


def client_context(files: TlsFiles) -> ssl.SSLContext:
    """For who connects. Raises NetworkError if the files cannot be used."""
    return _context(ssl.PROTOCOL_TLS_CLIENT, files)


def server_context(files: TlsFiles) -> ssl.SSLContext:
    """For who listens. Raises NetworkError if the files cannot be used."""
    return _context(ssl.PROTOCOL_TLS_SERVER, files)


def _context(kind: int, files: TlsFiles) -> ssl.SSLContext:
    context = ssl.SSLContext(kind)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    if kind == ssl.PROTOCOL_TLS_SERVER:
        context.num_tickets = 0
    try:
        context.load_cert_chain(files.certificate, files.key)
        context.load_verify_locations(files.trusted)
    except (OSError, ssl.SSLError) as error:
        raise NetworkError(
            f"The certificates for protected connections cannot be used ({error}); pair the machines again."
        ) from error
    return context
