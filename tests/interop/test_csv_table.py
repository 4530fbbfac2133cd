"""CSV files: every number and text comes back as it was, whatever is in it."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.interop.csv_table import CsvTable, iso_texts
from studio.interop.table import Column, ColumnKind, TablePiece

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
ROWS = st.lists(
    st.tuples(st.integers(-(2**62), 2**62), st.floats(width=32), st.floats(), TEXTS), min_size=1, max_size=20
)
COLUMNS = (
    Column("time", ColumnKind.TIME),
    Column("single", ColumnKind.NUMBER, "float32"),
    Column("double", ColumnKind.NUMBER, "float64"),
    Column('text, "quoted"', ColumnKind.TEXT),
)


def same(left: float, right: float) -> bool:
    return left == right or (math.isnan(left) and math.isnan(right))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_everything_comes_back(tmp_path: Path, rows: list[tuple[int, float, float, str]]) -> None:
    times, singles, doubles, texts = zip(*rows, strict=True)
    piece = TablePiece(
        [np.array(times, np.int64), np.array(singles, np.float32), np.array(doubles), list(texts)]
    )
    with CsvTable(tmp_path / "t.csv", COLUMNS) as table:
        table.write(piece)
        table.write(piece)
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        heading, *read = csv.reader(file)
    assert heading == ["time_ns", "time", "single", "double", 'text, "quoted"']
    assert len(read) == 2 * len(rows)
    for (time, iso, single, double, text), row in zip(read, rows * 2, strict=True):
        assert (int(time), iso, text) == (row[0], iso_texts(np.array([row[0]], np.int64))[0], row[3])
        assert same(np.float32(single), row[1])
        assert same(float(double), row[2])


def test_times_are_told_to_the_nanosecond() -> None:
    assert iso_texts(np.array([0, 1_700_000_000_000_000_123], np.int64)) == [
        "1970-01-01T00:00:00.000000000Z",
        "2023-11-14T22:13:20.000000123Z",
    ]


def test_half_a_character_becomes_a_question_mark(tmp_path: Path) -> None:
    with CsvTable(tmp_path / "t.csv", [Column("text", ColumnKind.TEXT)]) as table:
        table.write(TablePiece([["a\ud800b"]]))
    assert (tmp_path / "t.csv").read_text("utf-8").splitlines() == ["text", "a?b"]


@pytest.mark.parametrize("name", ["int8", "uint64", "int64"])
def test_whole_numbers_stay_whole(tmp_path: Path, name: str) -> None:
    limits = np.iinfo(name)
    with CsvTable(tmp_path / "t.csv", [Column("n", ColumnKind.NUMBER, name)]) as table:
        table.write(TablePiece([np.array([limits.min, limits.max], name)]))
    assert (tmp_path / "t.csv").read_text().split() == ["n", str(limits.min), str(limits.max)]
