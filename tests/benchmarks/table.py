"""The table of all benchmarks: rows as values, shown as text or Markdown. Measures nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Verdict(StrEnum):
    """What a figure says about its aim."""

    MET = "met"
    MISSED = "MISSED"
    NONE = ""
    """There is no aim."""
    FAILED = "FAILED"
    """Nothing could be measured."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line."""

    what: str
    reached: str
    aim: str = ""
    verdict: Verdict = Verdict.NONE
    peer: str = ""
    """Who did the same in the same run, and what they reached."""
    ratio: float | None = None
    """Ours to theirs; more is better."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that are measured together; `measure` yields each as soon as it is known."""

    name: str
    measure: Callable[[bool], Iterator[Row]]
    """Given whether it shall be quick: then figures are rough, and nothing large is made."""


def at_most(what: str, value: float, limit: float, unit: str, *, digits: int = 0, note: str = "") -> Row:
    """A figure that should not be larger."""
    met = Verdict.MET if value <= limit else Verdict.MISSED
    return Row(what, f"{value:.{digits}f} {unit}{note}", f"<= {limit:g} {unit}", met)


def beside(what: str, reached: str, peer: str, ratio: float, aim: float | None = None) -> Row:
    """A figure that should be so many times the one of a peer."""
    if aim is None:
        return Row(what, reached, peer=peer, ratio=ratio)
    met = Verdict.MET if ratio >= aim else Verdict.MISSED
    return Row(what, reached, f">= {aim:g} x", met, peer, ratio)


HEADINGS = ("what", "aim", "reached", "peer in the same run", "ratio", "verdict", "load")


def cells(row: Row, load: float) -> tuple[str, ...]:
    """As text, in the order of the headings."""
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    return (row.what, row.aim, row.reached, row.peer, ratio, row.verdict.value, f"{load:.1f}")


WIDTHS = (68, 10, 34, 40, 6, 8, 5)


def text_line(line: tuple[str, ...]) -> str:
    """In columns; what is longer pushes the rest."""
    return "  ".join(text.ljust(width) for text, width in zip(line, WIDTHS, strict=True)).rstrip()


def markdown(lines: list[tuple[str, ...]]) -> str:
    """The whole table, as README has it."""
    told = [" | ".join(text.replace("|", "\\|") for text in line) for line in (HEADINGS, *lines)]
    told.insert(1, " | ".join("---" for _ in HEADINGS))
    return "\n".join(f"| {line} |" for line in told)


BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def write_markdown(path: Path, table: str) -> None:
    """Put it between the two marks of the file, as README has them; without them it is the whole file."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    head, begin, rest = before.partition(BEGIN)
    _, end, tail = rest.partition(END)
    told = f"{head}{begin}\n{table}\n{end}{tail}" if begin and end else f"{table}\n"
    path.write_text(told, encoding="utf-8")
