"""Exports, read again with other programs: h5py, wave, soundfile, csv, pyarrow, OpenCV."""

import csv
import json
import wave
from datetime import datetime
from pathlib import Path
from typing import Any

import cv2
import h5py
import numpy as np
import pyarrow.parquet
import pytest
import soundfile

from studio.app.operations.exporting import export
from studio.app.operations.progress import Cancelled, Outcome, Unwatched
from studio.app.operations.requests import ExportFormat, ExportRequest, Selection
from studio.errors import MissingExtraError, StreamError
from studio.formats.notes import Note, PutNote
from studio.formats.opencv import decode_jpeg
from studio.formats.payload import PayloadKind, StreamFormat
from studio.interop import extras
from studio.store.clock_rows import log_of, tables_of
from studio.store.notes_journal import append_entries
from studio.store.plain_clock import write_plain_clock
from studio.timing import TimeInterval
from tests.app.operations.recordings import messages, picture, record, row_times
from tests.store.clock_logs import followed, whole
from tests.store.recordings import MS, SECOND, T0

RATE = 8000


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("original") / "take.h5", 2.0)


def made(
    path: Path,
    target: Path,
    kind: ExportFormat,
    *streams: str,
    interval: TimeInterval = TimeInterval.INFINITE,
    **options: Any,
) -> Outcome:
    selection = Selection(str(path), interval, streams or None)
    return export(ExportRequest(selection, kind, str(target), **options), Unwatched())


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def note_of(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def test_csv_has_a_row_for_each_sample_and_message(take: Path, tmp_path: Path) -> None:
    outcome = made(take, tmp_path / "tables", ExportFormat.CSV)
    folder = Path(outcome.paths[0])
    assert "silent was left out: it holds nothing there." in outcome.remarks
    names = {path.name for path in folder.iterdir()}
    assert {"sound.csv", "un_rated \u00b5.csv", "events.csv", "about.json"} <= names
    times, samples = row_times(take, "sound")
    rows = rows_of(folder / "sound.csv")
    assert [int(row["time_ns"]) for row in rows] == times.tolist()
    assert [[int(row["channel 1"]), int(row["channel 2"])] for row in rows] == samples.tolist()
    moment = datetime.fromisoformat(rows[5]["time"][:26] + "+00:00")
    assert abs(moment.timestamp() * 1e9 - times[5]) < 2000
    assert rows[5]["time"].endswith(f"{times[5] % SECOND:09}Z")
    unrated = rows_of(folder / "un_rated \u00b5.csv")
    floats = row_times(take, "un/rated \u00b5")[1]
    assert np.array_equal(np.array([[r[f"channel {c}"] for c in (1, 2, 3)] for r in unrated], "f4"), floats)
    numbers = rows_of(folder / "numbers.csv")
    assert [float(r["value (V)"]) for r in numbers] == [m.data for m in messages(take, "numbers")]
    assert [r["text"] for r in rows_of(folder / "words.csv")] == [m.data for m in messages(take, "words")]
    assert rows_of(folder / "events.csv")[3]["duration_ns"] == str(3 * MS)
    assert json.loads(rows_of(folder / "json.csv")[2]["json"]) == {"n": 2, "list": [1.5, None]}
    assert rows_of(folder / "pictures.csv")[0]["width"] == "32"
    note = note_of(folder / "about.json")
    assert note["recording"] == "take"
    assert [loss["reason"] for loss in note["missing"]] == ["gap"]


def test_parquet_keeps_types_and_nanoseconds(take: Path, tmp_path: Path) -> None:
    outcome = made(take, tmp_path / "p", ExportFormat.PARQUET, "sound", "raw", "words")
    table = pyarrow.parquet.read_table(Path(outcome.paths[0]) / "sound.parquet")
    times, samples = row_times(take, "sound")
    assert str(table.schema.field("time").type) == "timestamp[ns, tz=UTC]"
    assert table["time"].cast("int64").to_pylist() == times.tolist()
    assert str(table.schema.field("channel 1").type) == "int16"
    assert table["channel 1"].to_pylist() == samples[:, 0].tolist()
    raw = pyarrow.parquet.read_table(Path(outcome.paths[0]) / "raw.parquet")
    assert raw["bytes"].to_pylist() == [m.data for m in messages(take, "raw")]


def test_an_export_of_a_selection_holds_only_that(take: Path, tmp_path: Path) -> None:
    interval = TimeInterval(T0 + 500 * MS, T0 + 700 * MS)
    outcome = made(take, tmp_path / "t", ExportFormat.CSV, "sound", "words", interval=interval)
    times, _ = row_times(take, "sound")
    inside = [int(time) for time in times if interval.contains(int(time))]
    assert [int(r["time_ns"]) for r in rows_of(Path(outcome.paths[0]) / "sound.csv")] == inside
    assert len(rows_of(Path(outcome.paths[0]) / "words.csv")) == 3


def with_gap(path: Path) -> tuple[Path, np.ndarray[Any, Any]]:
    """Two seconds of sound with half a second missing after the first; the samples count."""
    described = StreamFormat(PayloadKind.AUDIO, dtype="int16", channels=1, rate=float(RATE))
    samples = np.arange(1, 2 * RATE + 1, dtype=np.int16)[:, None]
    blocks = [(n, samples[n * 80 : n * 80 + 80]) for n in range(200) if not 100 <= n < 150]
    streams = {"mic": (described, [(T0 + (n * 80 + 79) * SECOND // RATE, block) for n, block in blocks])}
    return record(path, streams=streams), samples


def test_gaps_of_sound_become_silence_so_that_time_stays_true(tmp_path: Path) -> None:
    path, samples = with_gap(tmp_path / "gap.h5")
    expected = samples.copy()
    expected[RATE : RATE + RATE // 2] = 0
    outcome = made(path, tmp_path / "wav", ExportFormat.WAV)
    with wave.open(str(Path(outcome.paths[0]) / "mic.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        assert np.array_equal(np.frombuffer(file.readframes(2 * RATE), np.int16), expected[:, 0])
    (described,) = note_of(Path(outcome.paths[0]) / "about.json")["files"]
    assert described["begin_ns"] == T0
    assert [(s["sample"], s["samples"]) for s in described["silences"]] == [(RATE, RATE // 2)]
    assert described["last_sample_late_ms"] == pytest.approx(0.0, abs=0.001)
    flac = made(path, tmp_path / "flac", ExportFormat.FLAC)
    read, rate = soundfile.read(Path(flac.paths[0]) / "mic.flac", dtype="int16")
    assert rate == RATE
    assert np.array_equal(read, expected[:, 0])


@pytest.mark.parametrize(
    ("dtype", "samples", "stored"),
    [
        ("float32", [0.5, -1.0], [0.5, -1.0]),
        ("int32", [1 << 30, -(1 << 31)], [0.5, -1.0]),
        ("uint8", [192, 0], [0.5, -1.0]),
        ("int8", [64, -128], [0.5, -1.0]),
    ],
)
def test_sound_of_any_type_is_as_loud_as_it_was(
    tmp_path: Path, dtype: str, samples: list[float], stored: list[float]
) -> None:
    described = StreamFormat(PayloadKind.AUDIO, dtype=dtype, channels=2, rate=float(RATE))
    block = np.tile(np.array(samples, dtype), (80, 1))
    path = record(tmp_path / "a.h5", streams={"mic": (described, [(T0 + 10 * MS, block)])})
    for kind in (ExportFormat.WAV, ExportFormat.FLAC):
        outcome = made(path, tmp_path / str(kind), kind)
        read, _ = soundfile.read(Path(outcome.paths[0]) / f"mic.{kind}")
        assert read[5] == pytest.approx(stored, abs=1e-6)


def test_sound_can_be_split_at_its_gaps(tmp_path: Path) -> None:
    path, samples = with_gap(tmp_path / "gap.h5")
    outcome = made(path, tmp_path / "wav", ExportFormat.WAV, split_gaps=True)
    folder = Path(outcome.paths[0])
    first, _ = soundfile.read(folder / "mic 001.wav", dtype="int16")
    second, _ = soundfile.read(folder / "mic 002.wav", dtype="int16")
    assert np.array_equal(first, samples[:RATE, 0])
    assert np.array_equal(second, samples[RATE + RATE // 2 :, 0])
    begins = [file["begin_ns"] for file in note_of(folder / "about.json")["files"]]
    assert begins == [T0, T0 + 3 * SECOND // 2]


def test_pictures_are_numbered_and_their_times_are_in_a_table(take: Path, tmp_path: Path) -> None:
    outcome = made(take, tmp_path / "png", ExportFormat.PNG)
    folder = Path(outcome.paths[0])
    rows = rows_of(folder / "pictures" / "times.csv")
    stored = messages(take, "pictures")
    assert [int(row["time_ns"]) for row in rows] == [m.envelope.originating_time for m in stored]
    read = cv2.imread(str(folder / "pictures" / rows[7]["file"]))
    assert np.array_equal(read, decode_jpeg(stored[7].data))
    raw = cv2.imread(str(folder / "raw pictures" / "000004.png"))
    assert np.array_equal(raw, picture(3, height=6, width=8))


def test_plain_hdf5_is_contiguous_and_complete(take: Path, tmp_path: Path) -> None:
    outcome = made(take, tmp_path / "plain.h5", ExportFormat.HDF5)
    with h5py.File(outcome.paths[0]) as file:
        times, samples = row_times(take, "sound")
        assert file["sound/data"].chunks is None
        assert np.array_equal(file["sound/data"][:], samples)
        assert np.array_equal(file["sound/time"][:], times)
        assert file["sound"].attrs["rate"] == 8000.0
        words = [text.decode() for text in file["words/text"][:]]
        assert words == [m.data for m in messages(take, "words")]
        assert file["events/duration_ns"][4] == 4 * MS
        assert np.array_equal(file["raw pictures/data"][3], picture(3, height=6, width=8))
        offset, length = file["pictures/offset"][5], file["pictures/length"][5]
        assert (
            file["pictures/data"][offset : offset + length].tobytes()
            == messages(take, "pictures")[5].data.data
        )
    assert note_of(tmp_path / "plain.json")["format"] == "hdf5"


@pytest.mark.parametrize("name", list(ExportFormat))
def test_every_export_says_what_was_noted_there_and_how_it_was_computed(
    tmp_path: Path, name: ExportFormat
) -> None:
    path = record(tmp_path / "a.h5", 1.0)
    with h5py.File(path, "r+") as file:
        file.attrs["derivation"] = json.dumps({"chain": "doubled"})
    there, elsewhere = (Note(n, "Mood", T0 + at, T0 + at, n) for n, at in (("early", 0), ("late", SECOND)))
    append_entries(path, [PutNote(there), PutNote(elsewhere)])
    target = tmp_path / "made" / "out"
    target.parent.mkdir()
    selection = Selection(str(path), TimeInterval(T0, T0 + SECOND // 2))
    export(ExportRequest(selection, name, str(target)), Unwatched())
    (told,) = target.parent.rglob("*.json")
    found = json.loads(told.read_text())
    assert [note["text"] for note in found["notes"]] == ["early"]
    assert found["derivation"] == {"chain": "doubled"}


def test_what_does_not_fit_is_refused_in_words(take: Path, tmp_path: Path) -> None:
    with pytest.raises(StreamError, match="it needs audio"):
        made(take, tmp_path / "w", ExportFormat.WAV, "words")
    with pytest.raises(StreamError, match="it needs pictures"):
        made(take, tmp_path / "f.mp4", ExportFormat.MP4, "sound")
    outcome = made(take, tmp_path / "w", ExportFormat.WAV, "sound", "words")
    assert "words was left out: string does not fit into Sound (WAV)." in outcome.remarks


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(extras.EXTRAS, "no_such_package", "media")
    assert not extras.is_installed("no_such_package")
    with pytest.raises(MissingExtraError, match=r"pip install 'studio\[media\]'"):
        extras.required("no_such_package", "Writing WAV")
    assert extras.advice("pyarrow") == "pip install 'studio[parquet]'"


@pytest.mark.parametrize("kind", list(ExportFormat))
def test_an_export_that_is_called_off_leaves_nothing(take: Path, tmp_path: Path, kind: ExportFormat) -> None:
    class Late(Unwatched):
        """Calls it off after some of it was done."""

        def report(self, done: float, text: str = "") -> None:
            if done > 0.5:
                raise Cancelled("enough")

    with pytest.raises(Cancelled):
        export(ExportRequest(Selection(str(take)), kind, str(tmp_path / "made")), Late())
    assert list(tmp_path.iterdir()) == []


def test_plain_hdf5_has_the_clock_beside_the_streams_whatever_they_are_called(tmp_path: Path) -> None:
    path = followed(tmp_path / "take.h5", whole(20), 20)
    request = ExportRequest(Selection(str(path)), ExportFormat.HDF5, str(tmp_path / "plain.h5"))
    (made,) = export(request, Unwatched()).paths
    with h5py.File(made) as file:
        group = file[file.attrs["clock"]]
        assert log_of({name: group["0"][name][:] for name in group["0"]}) == whole(20)
        assert json.loads(group.attrs["summary"])[0]["machine"] == "LAB-MASTER"
        assert b"rounded down" in group["0/segments"].attrs["columns"]
    with h5py.File(tmp_path / "by hand.h5", "w") as file:
        file.create_group("clock")
        write_plain_clock(file, [tables_of(whole(3))], "[]", [])
        assert file.attrs["clock"] == "clock_"
        assert len(file["clock_/0/bounds"]) == 3
