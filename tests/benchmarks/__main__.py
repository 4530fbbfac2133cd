"""Everything that is measured of the studio, beside others that do the same, in one run and one table.

python -m tests.benchmarks [--only WORD] [--quick] [--markdown FILE]

Rows appear as they are measured; a last column holds the load of the machine at that moment, without which no
absolute figure means anything. `--only` measures the parts whose name contains WORD, `--quick` is rough and
makes nothing large, `--markdown README.md` puts the table where README has its place for it. The whole takes
some eight minutes on a machine that does nothing else. `pip install mcap` first to see it beside the store.
"""

import argparse
import os
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks import (
    rows_appends,
    rows_closing,
    rows_engine,
    rows_length,
    rows_overview,
    rows_window,
)
from tests.benchmarks.table import HEADINGS, Part, Row, Verdict, cells, markdown, text_line, write_markdown

PARTS = (
    Part("appends", rows_appends.measure),
    Part("overview", rows_overview.measure),
    Part("closing", rows_closing.measure),
    Part("length", rows_length.measure),
    Part("engine", rows_engine.measure),
    Part("window", rows_window.measure),
)


def measured(part: Part, *, quick: bool) -> Iterator[Row]:
    """Its rows; what goes wrong is a row, too, and the others are measured all the same."""
    try:
        yield from part.measure(quick)
    except Exception as error:  # the outer edge: it is told, and fails the command
        traceback.print_exc()
        told = f"{type(error).__name__}: {error}".splitlines()[0][:120]
        yield Row(f"{part.name}: could not be measured", told, verdict=Verdict.FAILED)


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and say by the exit code whether everything could be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Measure the studio.")
    parser.add_argument("--only", default="", metavar="WORD", help=", ".join(part.name for part in PARTS))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--markdown", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    chosen = [part for part in PARTS if options.only in part.name]
    if not chosen:
        parser.error(f"nothing is called {options.only!r}; there are: {', '.join(p.name for p in PARTS)}")
    began = time.perf_counter()
    lines = []
    show(text_line(HEADINGS))
    for part in chosen:
        for row in measured(part, quick=options.quick):
            lines.append(cells(row, os.getloadavg()[0]))
            show(text_line(lines[-1]))
    show(f"{os.cpu_count()} processors, {time.perf_counter() - began:.0f} s{', quick' * options.quick}")
    if options.markdown is not None:
        write_markdown(options.markdown, markdown(lines))
    return int(any(line[HEADINGS.index("verdict")] == Verdict.FAILED for line in lines))


def show(line: str) -> None:
    """At once, also into a pipe."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
