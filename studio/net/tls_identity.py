"""What a machine proves itself with: a key and a certificate that it made itself. Opens no connection.

The one place that knows `cryptography`; it is imported when it is needed, since few need it.
"""

import hashlib
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from studio.errors import MissingExtraError, PairingError
from studio.timing import NS_PER_S, SystemClock, Timestamp

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

CERTIFICATE_BYTES = 4096
"""Longest certificate that is believed; ours have about 400."""
SIGNATURE_BYTES = 128
_BEFORE = timedelta(days=365)
"""So much earlier it is valid: clocks that are to be synchronised may be wrong."""
_VALID = timedelta(days=20 * 365)


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate (DER) and the key to it (PEM, not encrypted)."""

    certificate: bytes
    key: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """By which others know the certificate: its SHA-256 in hexadecimal."""
        return fingerprint(self.certificate)


def new_identity(machine: str, now: Timestamp | None = None) -> Identity:
    """A new key with a certificate that names the machine. Raises MissingExtraError."""
    _need_cryptography()
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, machine[:64] or "studio")])
    made = _date(SystemClock().now() if now is None else now)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(made - _BEFORE)
        .not_valid_after(made + _VALID)
        # A machine that is paired shall vouch for itself only.
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    return Identity(
        certificate.public_bytes(Encoding.DER),
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )


def fingerprint(certificate: bytes) -> str:
    """Of a certificate (DER): its SHA-256 in hexadecimal."""
    return hashlib.sha256(certificate).hexdigest()


def certificate_pem(certificate: bytes) -> str:
    """As files have it."""
    return ssl.DER_cert_to_PEM_cert(certificate)


def check_certificate(certificate: bytes, now: Timestamp | None = None) -> None:
    """Raises PairingError unless it is one like ours: self-made, for itself only, valid now."""
    _need_cryptography()
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.x509 import InvalidVersion

    try:
        read = _read(certificate)
        read.verify_directly_issued_by(read)
        begin, end = read.not_valid_before_utc, read.not_valid_after_utc
    except (ValueError, TypeError, InvalidSignature, InvalidVersion, UnsupportedAlgorithm) as error:
        raise PairingError("The other machine shows a certificate that is none of the studio.") from error
    if not begin <= _date(SystemClock().now() if now is None else now) <= end:
        raise PairingError(
            f"The certificate of the other machine is valid from {begin:%Y-%m-%d} to {end:%Y-%m-%d}, not "
            "now. See that both machines have the right date."
        )


def sign(identity: Identity, data: bytes) -> bytes:
    """Prove to be the one with the key."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(identity.key, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key.sign(data, ec.ECDSA(SHA256()))


def has_signed(certificate: bytes, signature: bytes, data: bytes) -> bool:
    """Whether the one with the key to that certificate has signed the data."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256

    key = _read(certificate).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(signature, data, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _read(certificate: bytes) -> "Certificate":
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

    read = x509.load_der_x509_certificate(certificate)
    if not isinstance(read.public_key(), ec.EllipticCurvePublicKey):
        raise ValueError("its key is of another kind")
    return read


def _date(time: Timestamp) -> datetime:
    return datetime.fromtimestamp(time // NS_PER_S, tz=UTC)


def _need_cryptography() -> None:
    try:
        import cryptography  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(
            "Protected connections need the package cryptography. Install it with: pip install cryptography"
        ) from error
