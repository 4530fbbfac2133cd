"""The table says truly what met its aim, and the command tells of what could not be measured."""

from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.__main__ import measured
from tests.benchmarks.table import (
    BEGIN,
    END,
    HEADINGS,
    Part,
    Row,
    Verdict,
    at_most,
    beside,
    cells,
    markdown,
    text_line,
    write_markdown,
)


def test_a_figure_meets_its_aim_or_misses_it() -> None:
    assert at_most("open", 20.0, 20, "ms").verdict is Verdict.MET
    assert at_most("open", 20.1, 20, "ms").verdict is Verdict.MISSED
    assert beside("appends", "3/s", "other 2/s", 1.5, 1.5).verdict is Verdict.MET
    assert beside("appends", "3/s", "other 2/s", 1.49, 1.5).verdict is Verdict.MISSED
    assert beside("appends", "3/s", "other 2/s", 0.1).verdict is Verdict.NONE


def test_a_line_has_what_was_reached_beside_whom_and_the_load() -> None:
    line = cells(beside("appends", "3/s", "a|b: 2/s", 1.5, 1.4), load=0.25)
    assert line == ("appends", ">= 1.4 x", "3/s", "a|b: 2/s", "1.50", "met", "0.2")
    assert " ".join(text_line(line).split()) == "appends >= 1.4 x 3/s a|b: 2/s 1.50 met 0.2"
    head, rule, told = markdown([line]).splitlines()
    assert head.count("|") == rule.count("|") == len(HEADINGS) + 1
    assert "a\\|b: 2/s" in told


def test_what_cannot_be_measured_is_a_row_after_those_that_could() -> None:
    def measure(quick: bool) -> Iterator[Row]:
        yield Row("first", "quick" if quick else "")
        raise OSError("no disk\nat all")

    first, failed = measured(Part("files", measure), quick=True)
    assert first.reached == "quick"
    assert failed.verdict is Verdict.FAILED
    assert failed.reached == "OSError: no disk"


def test_the_table_goes_where_the_marks_are_and_takes_the_place_of_the_last(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"# before\n{BEGIN}\nold\n{END}\nafter\n")
    write_markdown(page, "| new |")
    write_markdown(page, "| newer |")
    assert page.read_text() == f"# before\n{BEGIN}\n| newer |\n{END}\nafter\n"
    write_markdown(tmp_path / "alone.md", "| new |")
    assert (tmp_path / "alone.md").read_text() == "| new |\n"
