"""Recorders are killed at every moment; what a commit counted is always there (decision 28)."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from studio import store
from studio.formats.payload import EncodedImage
from studio.store import StoreReader, layout
from studio.store.opening import open_for_appending
from studio.store.sidecar import sidecar_path
from studio.store.superblock import mark_closed
from tests.store.victim import FORMATS, content
from tests.waiting import wait_until

pytestmark = pytest.mark.kill


@contextmanager
def victim(mode: str, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path, Path]]:
    """A recorder process, its recording and its reports."""
    path, reports = folder / "r.h5", folder / "reports"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.store.victim", mode, str(path), str(reports)], stdin=subprocess.PIPE
    )
    try:
        wait_until(lambda: lines_of(reports) != [] or process.poll() is not None, timeout_s=60)
        yield process, path, reports
    finally:
        process.kill()
        process.wait()
        if process.stdin is not None:
            process.stdin.close()


def lines_of(reports: Path) -> list[str]:
    """Complete lines so far."""
    try:
        return reports.read_text().split("\n")[:-1]
    except FileNotFoundError:
        return []


def kill(process: subprocess.Popen[bytes]) -> int:
    """SIGKILL, and the time of it."""
    killed = time.time_ns()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return killed


def reported_counts(reports: Path) -> dict[str, int]:
    """The last commit that was reported."""
    counts = [json.loads(line) for line in lines_of(reports) if line.startswith("{")]
    return dict(counts[-1]) if counts else {}


def is_as_written(name: str, number: int, data: object) -> bool:
    """Bit for bit."""
    expected = content(name, number)
    if isinstance(expected, np.ndarray):
        return isinstance(data, np.ndarray) and data.tobytes() == expected.tobytes()
    if isinstance(expected, EncodedImage):
        return isinstance(data, EncodedImage) and data.data == expected.data
    return bool(data == expected)


def check_everything_committed(path: Path, counts: dict[str, int]) -> None:
    """All of the hard requirements."""
    report = store.verify(path, still_for=0)
    assert report.findings == ()
    with StoreReader(path, still_for=0) as reader:
        info = reader.info()
        assert not info.live
        for stream in info.streams:
            messages = list(reader.messages(stream.name))
            assert len(messages) >= counts.get(stream.name, 0)
            assert [m.envelope.sequence_id for m in messages] == list(range(1, len(messages) + 1))
            assert all(is_as_written(stream.name, i, m.data) for i, m in enumerate(messages))
        assert set(counts) <= set(reader.stream_names)
        if not info.clean:
            assert info.recovered
            assert {entry.stream for entry in reader.loss()} >= set(FORMATS) & set(reader.stream_names)


@pytest.mark.parametrize("lines", [1, 2, 3, 4, 6, 9, 14])
def test_whatever_a_commit_counted_survives_a_kill(lines: int, tmp_path: Path) -> None:
    with victim("direct", tmp_path) as (process, path, reports):
        wait_until(lambda: len(lines_of(reports)) >= lines, timeout_s=60)
        kill(process)
        counts = reported_counts(reports)
        if not path.exists():  # killed before the recording came to be
            assert counts == {}
            return
        check_everything_committed(path, counts)
        assert not sidecar_path(path).exists()


@pytest.mark.parametrize("is_first", [True, False])
def test_a_kill_in_the_middle_of_a_commit_leaves_a_sound_recording(is_first: bool, tmp_path: Path) -> None:
    """Between the row of counts and its time: a moment of some microseconds, here made by hand."""
    path = tmp_path / "r.h5"
    writing = (
        "import os, sys\n"
        "from studio.store.layout import NewStream\n"
        "from studio.store.writer import StoreWriter\n"
        "from tests.store.recordings import SCALAR, T0, message\n"
        f"writer = StoreWriter.create({str(path)!r}, flush_interval=0)\n"
        f"if not {is_first}:\n"
        "    writer.add_stream(NewStream('numbers', SCALAR))\n"
        "    writer.append('numbers', message(SCALAR, T0, 1.5))\n"
        "    writer.flush()\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", writing], check=False)
    mark_closed(path)
    with open_for_appending(path) as file:
        counts, times = (file[layout.COMMITS][name] for name in (layout.COUNTS, layout.TIME))
        assert len(times) == len(counts) >= 1
        times.resize(0 if is_first else len(counts) - 1, axis=0)
        counts.resize(len(times) + 1, axis=0)
    assert store.verify(path, still_for=0).findings == ()
    with StoreReader(path, still_for=0) as reader:
        assert reader.info().recovered
        stored = {name: [m.data for m in reader.messages(name)] for name in reader.stream_names}
    assert stored == ({} if is_first else {"numbers": []})


def test_a_kill_during_stop_loses_nothing(tmp_path: Path) -> None:
    with victim("short", tmp_path) as (process, path, reports):
        wait_until(lambda: "stopping" in lines_of(reports), timeout_s=60)
        kill(process)
        check_everything_committed(path, reported_counts(reports))


@pytest.mark.parametrize("commits", [12, 25])
def test_a_kill_of_the_whole_studio_path_loses_little(
    commits: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with victim("pipeline", tmp_path) as (process, path, reports):
        wait_until(lambda: len(lines_of(reports)) >= commits, timeout_s=60)
        killed = kill(process)
        check_everything_committed(path, {})
        with StoreReader(path, still_for=0) as reader:
            lost = {s.name: (killed - s.last_time) / 1e9 for s in reader.info().streams if s.message_count}
    print("lost by the kill, seconds:", lost)
    record_property("lost_s", lost)
    assert set(lost) == set(FORMATS)
    assert max(lost.values()) < 2.0


def test_readers_follow_a_recording_while_it_grows(tmp_path: Path) -> None:
    with victim("follow", tmp_path) as (process, path, reports):
        assert process.stdin is not None
        with StoreReader(path) as reader:
            counts = []
            for added in range(1, 4):
                before = len(list(reader.messages("numbers")))
                process.stdin.write(b"more\n")
                process.stdin.flush()
                wait_until(lambda added=added: len(reader.stream_names) == 1 + added)  # type: ignore[misc]
                wait_until(lambda before=before: reader.info().streams[0].message_count > before)  # type: ignore[misc]
                values = [m.data for m in reader.messages("numbers")]
                assert values == [float(i) for i in range(len(values))]
                assert reader.info().live
                counts.append(len(values))
            assert counts == sorted(set(counts))
            process.stdin.close()
            wait_until(lambda: any(line.startswith("stopped") for line in lines_of(reports)))
            total = int(lines_of(reports)[-1].split()[1])
            reader.refresh()
            info = reader.info()
            assert (info.live, info.clean) == (False, True)
            assert info.streams[0].message_count == total
        process.wait(timeout=30)
