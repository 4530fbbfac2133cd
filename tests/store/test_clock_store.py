"""What a recording keeps of the clock it ran on: written while recording, as safe as the streams."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio import store
from studio.app.partition_entries import describe
from studio.engine import Pipeline
from studio.errors import StoreFormatError
from studio.store import StoreReader, layout, verify
from studio.store.clock_reader import joined, separated
from studio.store.clock_rows import effective, log_of, tables_of
from studio.store.clock_writer import REMEMBERED
from studio.store.summary import read_summary
from studio.store.writer import StoreWriter
from studio.timing.clock_summary import summary_of
from studio.timing.segments import Segment, SegmentLine
from studio.timing.sync_status import (
    ClockLog,
    ClockTerms,
    ProbeOutcome,
    ProbeRecord,
    Reference,
    StateChange,
    SyncState,
)
from tests.store.clock_logs import BEGIN, SECOND, begun_following, followed, part, whole
from tests.store.recordings import T0
from tests.waiting import wait_until

NS = st.integers(-(2**62), 2**62)
TEXT = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=60)
LOGS = st.builds(
    ClockLog,
    probes=st.lists(
        st.builds(ProbeRecord, NS, NS, NS, st.sampled_from(ProbeOutcome), st.integers(0, 9)), max_size=4
    ).map(tuple),
    segments=st.lists(st.builds(Segment, NS, NS, st.integers(-(2**31), 2**31)), max_size=4).map(effective),
    changes=st.lists(st.builds(StateChange, NS, st.sampled_from(SyncState), TEXT, NS, NS), max_size=3).map(
        tuple
    ),
    references=st.lists(
        st.builds(Reference, TEXT, st.integers(0, 65535), TEXT, st.booleans(), st.booleans()), max_size=3
    ).map(tuple),
    bounds=st.lists(st.tuples(NS, NS), max_size=4).map(tuple),
    terms=st.none()
    | st.builds(
        ClockTerms,
        NS,
        NS,
        TEXT,
        TEXT,
        st.integers(0, 9),
        st.dictionaries(TEXT, st.floats(allow_nan=False)).map(lambda d: tuple(d.items())),
    ),
)


@settings(deadline=None)
@given(LOGS)
def test_every_log_comes_back_from_its_rows(log: ClockLog) -> None:
    assert log_of(tables_of(log)) == log


@settings(deadline=None, max_examples=40)
@given(st.lists(LOGS, max_size=3))
def test_the_logs_of_several_recordings_can_be_told_apart_in_one(logs: list[ClockLog]) -> None:
    assert [log_of(tables) for tables in separated(joined([tables_of(log) for log in logs]))] == logs


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=20))
def test_what_was_planned_is_forgotten_when_it_is_decided_anew(begins: list[int]) -> None:
    decided = [Segment(monotonic, number, 0) for number, monotonic in enumerate(begins)]
    line = effective(decided)
    assert line[-1] == decided[-1]
    assert all(first.monotonic < second.monotonic for first, second in pairwise(line))
    for segment in line:  # nothing decided later begins at its moment or before
        later = decided[decided.index(segment) + 1 :]
        assert all(each.monotonic > segment.monotonic for each in later)


def recording_of(path: Path, logs: list[ClockLog]) -> Path:
    """A closed one."""
    writer = StoreWriter.create(path)
    for log in logs:
        writer.write_clock(log)
        writer.flush()
    writer.close()
    return path


def test_parts_written_one_after_the_other_are_read_as_a_whole(tmp_path: Path) -> None:
    path = recording_of(tmp_path / "r.h5", [part(number) for number in range(20)])
    with StoreReader(path) as reader:
        assert reader.clock_logs() == (whole(20),)
    assert verify(path).is_sound


def test_what_is_told_again_is_not_written_again(tmp_path: Path) -> None:
    line = SegmentLine.beginning(0, T0)
    for now in range(20):
        line = line.steered(now * 10**9, offset=T0 + now * 10**5, rate=0)
    count = len(line.segments)
    told = [ClockLog(segments=line.segments[:n], references=whole(2).references) for n in range(1, count + 1)]
    path = recording_of(tmp_path / "r.h5", told)
    with StoreReader(path) as reader:
        assert reader.clock_logs() == (ClockLog(segments=line.segments, references=whole(2).references),)
    with h5py.File(path) as file:
        assert len(file["clock/segments"]) == count > REMEMBERED
        assert len(file["clock/references"]) == 1


def test_a_line_that_is_steered_again_and_again_is_read_as_it_was(tmp_path: Path) -> None:
    writer = StoreWriter.create(tmp_path / "r.h5")
    line = SegmentLine.beginning(0, T0)
    moments = {}
    for now in range(0, 60 * 10**9, 7 * 10**8):
        moments[now] = line.time_at(now)
        line = line.steered(now, offset=T0 + (now % 11) * 10**3, rate=now % 5 * 10**6)
        writer.write_clock(ClockLog(segments=line.segments[-3:]))
        writer.flush()
    writer.close()
    with StoreReader(writer.path) as reader:
        (log,) = reader.clock_logs()
    read = SegmentLine(log.segments)
    assert {now: read.time_at(now) for now in moments} == moments
    assert read == line


def test_a_recording_that_follows_nobody_keeps_nothing(tmp_path: Path) -> None:
    path = recording_of(tmp_path / "r.h5", [])
    with StoreReader(path) as reader:
        assert reader.clock_logs() == ()
        assert reader.clock_tables() == []


def test_a_pipeline_keeps_the_clock_of_its_recording(tmp_path: Path) -> None:
    with Pipeline() as pipeline:
        exporter = store.create(pipeline, tmp_path / "r.h5")
        for number in range(5):
            exporter.write_clock(part(number))
    with StoreReader(exporter.path) as reader:
        assert reader.clock_logs() == (whole(5),)


def test_who_follows_the_recording_sees_the_clock_grow(tmp_path: Path) -> None:
    writer = StoreWriter.create(tmp_path / "r.h5")
    with StoreReader(writer.path) as reader:
        for number in range(3):
            writer.write_clock(part(number))
            reader.refresh()
            assert reader.clock_logs() == ((whole(number),) if number else ())
            writer.flush()
            reader.refresh()
            assert reader.clock_logs() == (whole(number + 1),)
    writer.close()


def test_plain_h5py_maps_a_moment_to_the_time_in_the_file(tmp_path: Path) -> None:
    path = recording_of(tmp_path / "r.h5", [part(number) for number in range(5)])
    moment = whole(5).probes[12].sent
    with h5py.File(path) as file:
        segments = file["clock/segments"]
        assert b"rounded down" in segments.attrs["columns"]
        row = segments[:][segments["monotonic"] <= moment][-1]
        elapsed = moment - int(row["monotonic"])
        time_there = int(row["time"]) + elapsed + ((elapsed * int(row["rate_q40"])) >> 40)
        for name in layout.CLOCK_TABLES:
            assert "columns" in file["clock"][name].attrs
        assert file["clock/references"]["machine"][-1] == b"LAB-MASTER"
    assert time_there == SegmentLine(whole(5).segments).time_at(moment)


def test_rows_that_make_no_sense_are_said_to_be_damaged(tmp_path: Path) -> None:
    path = recording_of(tmp_path / "r.h5", [part(0)])
    with h5py.File(path, "r+") as file:
        states = file["clock/states"]
        states[0] = (0, b"asleep?", 0, 0, b"")
    with StoreReader(path) as reader, pytest.raises(StoreFormatError, match="its clock cannot be read"):
        reader.clock_logs()


def test_the_summary_is_noted_when_the_recording_is_closed(tmp_path: Path) -> None:
    path = followed(tmp_path / "r.h5", whole(20), 20)
    with StoreReader(path) as reader:
        (noted,) = reader.noted_clock_summaries() or ()
        assert reader.clock_summaries() == (noted,)
    assert noted == summary_of(whole(20), noted.begin_time, noted.end_time)
    assert noted.bound_max == 180_019
    summary = read_summary(path)
    assert summary is not None
    assert summary.clock_bound == 180_019
    assert describe(path).clock_bound_ns == 180_019
    report = verify(path)
    assert (report.findings, report.clock) == ((), (noted,))
    with h5py.File(path) as file:
        assert json.loads(file["clock"].attrs["summary"])[0]["machine"] == "LAB-MASTER"
        assert file["clock"].attrs["guaranteed_bound_ns"] == 180_019


def test_a_summary_that_nobody_noted_is_computed_from_the_log(tmp_path: Path) -> None:
    writer = begun_following(tmp_path / "r.h5", whole(20), 20)
    with StoreReader(writer.path) as reader:
        assert reader.noted_clock_summaries() is None
        (growing,) = reader.clock_summaries()
        assert describe(writer.path).clock_bound_ns is None  # not while it grows
    assert (growing.machine, growing.bound_max) == ("LAB-MASTER", 180_019)
    shutil.copy(writer.path, copy := tmp_path / "copy.h5")
    assert describe(copy).clock_bound_ns == 180_019
    with StoreReader(copy, repair=False) as reader:
        assert reader.clock_summaries() == (growing,)
    with StoreReader(copy, still_for=0) as reader:
        assert reader.info().recovered
        assert reader.noted_clock_summaries() == (growing,)
    assert verify(copy, still_for=0).findings == ()
    writer.close()


@pytest.mark.parametrize(
    ("table", "row", "what"),
    [
        ("bounds", (5, 5), "the times of bounds go back"),
        ("bounds", (BEGIN + 3 * SECOND, 9**9), "summary 0 is not what the log"),
        ("probes", (9, 5, 5, 0, 0), "probe 3 was answered before"),
        ("probes", (5, 9, 5, 7, 0), "probe 3 asked reference 7"),
        ("segments", (BEGIN + 3, T0, 2**40), "runs faster or slower"),
        ("segments", (BEGIN + 3 * SECOND, T0, 0), "the clock goes back by"),
    ],
)
def test_verify_says_what_is_wrong_with_the_clock(
    tmp_path: Path, table: str, row: tuple[int, ...], what: str
) -> None:
    path = followed(tmp_path / "r.h5", whole(20), 20)
    with h5py.File(path, "r+") as file:
        file["clock"][table][3] = row
    found = [finding for finding in verify(path).findings if finding.where == "clock"]
    assert any(what in finding.what for finding in found), found


@pytest.mark.kill
@pytest.mark.parametrize("delay", [0.0, 0.05, 0.2])
def test_a_killed_recorder_keeps_what_was_committed(tmp_path: Path, delay: float) -> None:
    path, reports = tmp_path / "r.h5", tmp_path / "reports"
    process = subprocess.Popen([sys.executable, "-m", "tests.store.clock_victim", str(path), str(reports)])
    try:
        wait_until(lambda: reports.exists() and len(reports.read_text()) > 4, timeout_s=60)
        time.sleep(delay)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    committed = int(reports.read_text().split("\n")[-2])
    with StoreReader(path, still_for=0) as reader:
        (log,) = reader.clock_logs()
        (summary,) = reader.noted_clock_summaries() or ()
        parts = len(log.bounds)
        assert reader.info().recovered
    assert parts >= committed
    assert summary.machine == "LAB-MASTER"
    assert log == whole(parts)
    assert verify(path, still_for=0).findings == ()
    with h5py.File(path) as file:
        assert len(file["clock/probes"]) == len(log.probes)
        assert np.all(file["clock/commits"]["commit"] < len(file["commits/time"]))
