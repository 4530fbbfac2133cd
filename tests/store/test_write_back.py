"""What was written is asked for beside the writer, once each, and nothing depends on it."""

import os
import threading
from pathlib import Path

import pytest

from studio.store.write_back import STEP_BYTES, WriteBack
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="there is no such hint here")


def grow(path: Path, size: int) -> None:
    with path.open("ab") as file:
        file.write(bytes(size))


def advance_until(write_back: WriteBack, begun: int) -> None:
    """Ask again until the hint before has ended."""

    def has_begun() -> bool:
        write_back.advance()
        return write_back.begun_bytes == begun

    wait_until(has_begun, timeout_s=60)


def test_a_file_that_has_grown_by_much_is_asked_for_once_and_keeps_what_it_holds(tmp_path: Path) -> None:
    path, threads = tmp_path / "growing", threading.active_count()
    grow(path, STEP_BYTES - 1)
    write_back = WriteBack(path)
    try:
        write_back.advance()
        assert write_back.begun_bytes == 0
        assert threading.active_count() == threads, "little needs no thread"
        grow(path, 1)
        advance_until(write_back, STEP_BYTES)
        grow(path, STEP_BYTES - 1)
        write_back.advance()
        assert write_back.begun_bytes == STEP_BYTES
        grow(path, 2)
        advance_until(write_back, 2 * STEP_BYTES + 1)
    finally:
        write_back.close()
    assert threading.active_count() == threads
    write_back.close()
    assert path.read_bytes() == bytes(2 * STEP_BYTES + 1)


def test_a_hint_that_cannot_be_given_is_none_and_a_file_that_has_gone_is_told(tmp_path: Path) -> None:
    path = tmp_path / "going"
    grow(path, STEP_BYTES)
    write_back = WriteBack(path)
    write_back.advance()
    path.unlink()
    with pytest.raises(FileNotFoundError):
        advance_until(write_back, 2 * STEP_BYTES)
    write_back.abandon()
    write_back.close()
