"""A disk that fills up in the middle of the work: a clear error, nothing half-made, a process that lives."""

import subprocess
import sys
from pathlib import Path

import pytest

from studio.app.operations.requests import ExportFormat
from tests.app.operations.recordings import record

PROJECT = Path(__file__).resolve().parents[3]
LIMITED = """
import resource, sys
from studio.app.operations.directory import carry_out
from studio.app.operations.progress import Unwatched
from studio.app.operations.requests import *
from studio.errors import StoreEnvironmentError
import av, cv2, soundfile, pyarrow.parquet

selection, target = Selection(sys.argv[1]), sys.argv[2]
copies = [CopyRequest(selection, target), CompactRequest(selection, target)]
copies.append(ExportRequest(selection, ExportFormat.HDF5, target))
exports = [ExportRequest(selection, kind, target) for kind in ExportFormat]
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
for limit in (10, 1_000, 30_000, 100_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    for request in copies + (exports if limit <= 1_000 else []):
        try:
            carry_out(request, Unwatched())
        except StoreEnvironmentError as error:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
            print(limit, getattr(request, "format", "recording"), error, flush=True)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
"""


@pytest.mark.disk
def test_files_that_may_not_grow_end_the_work_with_a_sentence_and_leave_nothing(tmp_path: Path) -> None:
    source = record(tmp_path / "take.h5", 2.0)
    (tmp_path / "made").mkdir()
    command = [sys.executable, "-c", LIMITED, str(source), str(tmp_path / "made" / "out")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=PROJECT, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) == 4 * 3 + 2 * len(ExportFormat)
    assert all("cannot be written" in line for line in lines)
    assert list((tmp_path / "made").iterdir()) == []
