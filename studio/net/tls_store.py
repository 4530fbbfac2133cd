"""Which machines were paired with this one, and what this one proves itself with: files of one folder.

Each machine has a file of its own, so programs that pair or forget at the same time do not undo each other's
work. Only the user may read them.
"""

import json
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from studio.errors import PairingError
from studio.net.tls_files import TlsFiles
from studio.net.tls_identity import Identity, certificate_pem, fingerprint, new_identity
from studio.timing import Timestamp

_CERTIFICATE = "certificate.pem"
_KEY = "key.pem"
_TRUSTED = "trusted.pem"
_PAIRED = "paired"
_DER = re.compile(r"[0-9a-f]{2,8192}")


@dataclass(frozen=True, slots=True)
class PairedMachine:
    """A machine whose certificate is trusted."""

    machine: str
    """Its name, as it gave it."""
    address: str
    """At which it was when it was paired."""
    certificate: bytes
    """DER."""
    paired_time: Timestamp = 0

    @property
    def fingerprint(self) -> str:
        """By which it is known."""
        return fingerprint(self.certificate)


def pairing_folder() -> Path:
    """Where the user of this machine has them."""
    return platformdirs.user_data_path("studio", appauthor=False) / "pairing"


class PairedMachines:
    """Reads the files each time it is asked, and writes them whole. Raises PairingError if that cannot be."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: that of the user, unless said otherwise. Nothing is made yet."""
        self._folder = pairing_folder() if folder is None else folder

    def identity(self, machine: str) -> Identity:
        """Of this machine; made the first time, with that name in it. Raises MissingExtraError."""
        known = self._known_identity()
        if known is not None:
            return known
        made = new_identity(machine)
        self._write(_KEY, made.key)
        self._write(_CERTIFICATE, certificate_pem(made.certificate).encode())
        return made

    @property
    def own_fingerprint(self) -> str:
        """Of this machine; empty if it never was paired."""
        known = self._known_identity()
        return "" if known is None else known.fingerprint

    @property
    def machines(self) -> tuple[PairedMachine, ...]:
        """All, by name. A file that is none of ours is passed over."""
        found = [machine for path in self._files() if (machine := _read_machine(path)) is not None]
        return tuple(sorted(found, key=lambda one: (one.machine.casefold(), one.fingerprint)))

    @property
    def stamp(self) -> int:
        """Another one whenever a machine was paired or forgotten; 0 if none ever was."""
        try:
            return (self._folder / _PAIRED).stat().st_mtime_ns
        except OSError:
            return 0

    def add(self, machine: PairedMachine) -> None:
        """Trust it; in the place of those of that name at that address, if there are any."""
        document = {
            "machine": machine.machine,
            "address": machine.address,
            "certificate": machine.certificate.hex(),
            "paired_time": machine.paired_time,
        }
        self._write(f"{_PAIRED}/{machine.fingerprint}.json", json.dumps(document, indent=1).encode())
        for other in self.machines:
            is_same = (other.machine, other.address) == (machine.machine, machine.address)
            if is_same and other.fingerprint != machine.fingerprint:
                self.forget(other.fingerprint)

    def forget(self, fingerprint_or_name: str) -> bool:
        """Trust it no more; False if there is none of that fingerprint or name."""
        wanted = [one for one in self.machines if fingerprint_or_name in (one.fingerprint, one.machine)]
        try:
            for machine in wanted:
                (self._folder / _PAIRED / f"{machine.fingerprint}.json").unlink(missing_ok=True)
        except OSError as error:
            raise PairingError(f"The machine cannot be forgotten: {error}.") from error
        return bool(wanted)

    def find(self, fingerprint: str) -> PairedMachine | None:
        """The one with that fingerprint, if it is paired."""
        return next((one for one in self.machines if one.fingerprint == fingerprint), None)

    def files(self, *only: str) -> TlsFiles | None:
        """For protected connections with all, or only with those of these fingerprints.

        None if there are none, or nothing was ever paired here.
        """
        trusted = [one for one in self.machines if not only or one.fingerprint in only]
        if not trusted or self._known_identity() is None:
            return None
        name = f"{'-'.join(sorted(one[:16] for one in only))[:64]}-{_TRUSTED}" if only else _TRUSTED
        self._write(name, "".join(certificate_pem(one.certificate) for one in trusted).encode())
        place = self._folder
        return TlsFiles(str(place / _CERTIFICATE), str(place / _KEY), str(place / name))

    def _known_identity(self) -> Identity | None:
        import ssl

        try:
            pem = (self._folder / _CERTIFICATE).read_text(encoding="ascii")
            key = (self._folder / _KEY).read_bytes()
            return Identity(ssl.PEM_cert_to_DER_cert(pem), key)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise PairingError(
                f"What this machine proves itself with cannot be read ({error}). "
                f"Remove the folder {self._folder} and pair the machines again."
            ) from error

    def _files(self) -> list[Path]:
        return sorted((self._folder / _PAIRED).glob("*.json"))

    def _write(self, name: str, data: bytes) -> None:
        path = self._folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, pending = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")
            with os.fdopen(handle, "wb") as file:  # mkstemp: nobody else may read it
                file.write(data)
            os.replace(pending, path)
        except OSError as error:
            raise PairingError(
                f"What belongs to paired machines cannot be kept in {self._folder}: {error}."
            ) from error


def _read_machine(path: Path) -> PairedMachine | None:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        machine, address, time = document["machine"], document["address"], document["paired_time"]
        certificate = document["certificate"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    is_sound = isinstance(machine, str) and isinstance(address, str) and isinstance(time, int)
    if not is_sound or not isinstance(certificate, str) or not _DER.fullmatch(certificate):
        return None
    return PairedMachine(machine, address, bytes.fromhex(certificate), time)
