"""A disk that fills up in the middle of the work: a clear error, nothing half-made, a process that lives."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.operations.recordings import record

PROJECT = Path(__file__).resolve().parents[3]
LIMITED = """
import resource, sys
from studio.app.operations.directory import carry_out
from studio.app.operations.progress import Unwatched
from studio.app.operations.requests import CompactRequest, CopyRequest, Selection
from studio.errors import StoreEnvironmentError
source, target, limit = sys.argv[1], sys.argv[2], int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
for request in (CopyRequest(Selection(source), target), CompactRequest(Selection(source), target)):
    try:
        carry_out(request, Unwatched())
    except StoreEnvironmentError as error:
        print(error)
"""


@pytest.mark.disk
@pytest.mark.parametrize("limit", [100, 2_000, 60_000, 110_000])
def test_a_file_that_may_not_grow_ends_the_work_with_a_sentence(tmp_path: Path, limit: int) -> None:
    source = record(tmp_path / "take.h5", 2.0)
    (tmp_path / "made").mkdir()
    command = [sys.executable, "-c", LIMITED, str(source), str(tmp_path / "made" / "copy.h5"), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=PROJECT, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    assert all("cannot be written" in line for line in lines)
    assert list((tmp_path / "made").iterdir()) == []
