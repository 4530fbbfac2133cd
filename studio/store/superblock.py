"""The first 48 bytes of an HDF5 file (superblock version 2 or 3), read and put right without HDF5.

A recorder that was killed leaves the mark "open for writing" and an old end of file behind; both are put
right here (design of the store, "Repair"). Touches nothing else of a file.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

from studio.errors import StoreFormatError

SIGNATURE = b"\x89HDF\r\n\x1a\n"
LENGTH = 48
_FLAGS_AT = 11
_END_OF_FILE_AT = 28
_CHECKSUM_AT = 44
_WORD = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Superblock:
    """What matters of it."""

    version: int
    flags: int
    """Bit 0: open for writing; bit 2: in single-writer-multiple-reader mode."""
    end_of_file: int

    @property
    def is_marked_open(self) -> bool:
        """Whether a writer has not closed the file."""
        return bool(self.flags & 0b101)


def read_superblock(path: Path) -> Superblock:
    """Raises StoreFormatError when `path` does not begin like a recording, OSError when it cannot be read."""
    with path.open("rb") as file:
        raw = file.read(LENGTH)
    if not raw:
        raise StoreFormatError(f"{path} is empty; it is not a recording")
    if not raw.startswith(SIGNATURE[: len(raw)]) or (len(raw) >= 8 and raw[:8] != SIGNATURE):
        raise StoreFormatError(f"{path} is not a recording of the studio: it is no HDF5 file")
    if len(raw) < LENGTH:
        raise StoreFormatError(f"{path} is cut off after {len(raw)} bytes; nothing can be read from it")
    if raw[8] not in (2, 3):
        raise StoreFormatError(f"{path} is an HDF5 file, but not a recording of the studio")
    if raw[9] != 8 or raw[10] != 8 or struct.unpack_from("<I", raw, _CHECKSUM_AT)[0] != lookup3(raw[:44]):
        raise StoreFormatError(f"{path} is damaged: the first bytes do not agree with their checksum")
    return Superblock(raw[8], raw[_FLAGS_AT], struct.unpack_from("<Q", raw, _END_OF_FILE_AT)[0])


def closed_superblock(path: Path) -> bytes:
    """The first bytes as they should be: no mark "open for writing", end of file at the end of the file."""
    read_superblock(path)
    with path.open("rb") as file:
        raw = bytearray(file.read(LENGTH))
        raw[_FLAGS_AT] = 0
        struct.pack_into("<Q", raw, _END_OF_FILE_AT, file.seek(0, 2))
        struct.pack_into("<I", raw, _CHECKSUM_AT, lookup3(bytes(raw[:_CHECKSUM_AT])))
        return bytes(raw)


def mark_closed(path: Path) -> None:
    """Put the first bytes right."""
    raw = closed_superblock(path)
    with path.open("r+b") as file:
        file.write(raw)


def lookup3(data: bytes) -> int:
    """Jenkins' lookup3 hash of `data`, the checksum of HDF5's metadata (public domain, initial value 0)."""
    a = b = c = (0xDEADBEEF + len(data)) & _WORD
    blocks = [data[i : i + 12].ljust(12, b"\0") for i in range(0, len(data), 12)]
    for number, block in enumerate(blocks):
        x, y, z = struct.unpack("<III", block)
        a, b, c = (a + x) & _WORD, (b + y) & _WORD, (c + z) & _WORD
        a, b, c = _mix(a, b, c) if number + 1 < len(blocks) else _final(a, b, c)
    return c


def _rotate(x: int, k: int) -> int:
    return ((x << k) | (x >> (32 - k))) & _WORD


def _mix(a: int, b: int, c: int) -> tuple[int, int, int]:
    for first, second, third in ((4, 6, 8), (16, 19, 4)):
        a = (a - c & _WORD) ^ _rotate(c, first)
        c = c + b & _WORD
        b = (b - a & _WORD) ^ _rotate(a, second)
        a = a + c & _WORD
        c = (c - b & _WORD) ^ _rotate(b, third)
        b = b + a & _WORD
    return a, b, c


def _final(a: int, b: int, c: int) -> tuple[int, int, int]:
    c = (c ^ b) - _rotate(b, 14) & _WORD
    a = (a ^ c) - _rotate(c, 11) & _WORD
    b = (b ^ a) - _rotate(a, 25) & _WORD
    c = (c ^ b) - _rotate(b, 16) & _WORD
    a = (a ^ c) - _rotate(c, 4) & _WORD
    b = (b ^ a) - _rotate(a, 14) & _WORD
    c = (c ^ b) - _rotate(b, 24) & _WORD
    return a, b, c
