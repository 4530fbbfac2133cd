"""Which sessions a line of words asks for. Parses and compares; knows nothing of files or screens.

Plain words must all occur in what a session is called or described with. A word with a colon asks one thing:
`tag:pilot device:camera participant:ada after:2026-11-01 before:2026-12 on:2026-11-22 is:live`. A minus
before a word turns it round; quotation marks keep words together.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from studio.app.session_entries import SessionEntry
from studio.errors import SearchError
from studio.timing import NS_PER_S, Timestamp

EXPLANATION = (
    "Words must all occur in the name, participant, notes, tags or devices of a session.\n\n"
    "tag:pilot   participant:ada   device:camera   machine:lab\n"
    "after:2026-11-01   before:2026-12   on:2026-11-22   on:today\n"
    "is:live   is:recovered   is:broken   is:derived\n\n"
    "A minus turns a word round: -tag:pilot. Quotation marks keep words together: \u201cfirst try\u201d."
)

Test = Callable[[SessionEntry], bool]

_WORD = re.compile(r'(-?)(?:(\w+):)?(?:["\u201c\u201d]([^"\u201c\u201d]*)["\u201c\u201d]?|(\S+))')
_TRUE: dict[str, Test] = {
    "live": lambda session: session.live,
    "recovered": lambda session: session.recovered or not session.clean,
    "broken": lambda session: any(part.problem and not part.live for part in session.partitions),
    "derived": lambda session: any(part.derived for part in session.partitions),
}
_TEXTS: dict[str, Callable[[SessionEntry], Iterable[str]]] = {
    "name": lambda session: (session.name,),
    "note": lambda session: (session.notes,),
    "notes": lambda session: (session.notes,),
    "tag": lambda session: session.tags,
    "participant": lambda session: (session.participant,),
    "device": lambda session: session.devices,
    "machine": lambda session: session.machines,
}


@dataclass(frozen=True, slots=True)
class SessionSearch:
    """What a line asks for."""

    tests: tuple[Test, ...] = ()

    def finds(self, session: SessionEntry) -> bool:
        """Whether the session is one of those."""
        return all(test(session) for test in self.tests)


def parse_search(text: str, *, today: date) -> SessionSearch:
    """Understand a line. Raises SearchError that says which word is not understood."""
    tests: list[Test] = []
    for minus, key, quoted, plain in _WORD.findall(text):
        wanted = quoted or plain
        if wanted:
            test = _test(key, wanted, today) if key else _words(wanted)
            tests.append(_turned_round(test) if minus else test)
    return SessionSearch(tuple(tests))


@lru_cache(maxsize=32768)
def folded(text: str) -> str:
    """Text as it is compared: without case and accents."""
    if text.isascii():
        return text.casefold()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def names_with(names: Sequence[str], words: str) -> Sequence[int]:
    """Numbers of the names that hold all of these words; all of them for none. For very many names."""
    wanted = folded(words).split()
    if not wanted:
        return range(len(names))
    joined = "\0".join(names)
    # A hundred thousand calls take ten times as long as one for all.
    plain = joined.casefold().split("\0") if joined.isascii() else []
    texts = plain if len(plain) == len(names) else [folded(name) for name in names]
    found: Sequence[int] = range(len(texts))
    for word in wanted:
        found = [number for number in found if word in texts[number]]
    return found


def _turned_round(test: Test) -> Test:
    return lambda session: not test(session)


def _words(wanted: str) -> Test:
    sought = folded(wanted)
    return lambda session: sought in folded("\n".join(_all_texts(session)))


def _all_texts(session: SessionEntry) -> Iterable[str]:
    yield from (session.name, session.participant, session.notes, *session.tags)
    yield from session.devices
    yield from session.machines
    yield from (part.name for part in session.partitions)


def _test(key: str, wanted: str, today: date) -> Test:
    name = key.casefold()
    if name in _TEXTS:
        texts, sought = _TEXTS[name], folded(wanted)
        return lambda session: any(sought in folded(text) for text in texts(session))
    if name == "is":
        if wanted.casefold() not in _TRUE:
            raise SearchError(f"\u201cis:{wanted}\u201d is not known; there are {', '.join(_TRUE)}.")
        return _TRUE[wanted.casefold()]
    if name in ("after", "before", "on"):
        return _time_test(name, *_span(wanted, today))
    return _words(f"{key}:{wanted}")  # an address or a time of day, most likely


def _time_test(name: str, begin: Timestamp, end: Timestamp) -> Test:
    """`after` a day includes it, `before` does not, as people mean it."""
    return {
        "after": lambda session: session.started_time >= begin,
        "before": lambda session: session.started_time < begin,
        "on": lambda session: begin <= session.started_time < end,
    }[name]


def _span(text: str, today: date) -> tuple[Timestamp, Timestamp]:
    """Beginning and end of `2026`, `2026-11`, `2026-11-22`, `today` or `yesterday`, here."""
    days = {"today": today, "yesterday": today - timedelta(days=1)}
    day = days.get(text.casefold())
    if day is not None:
        return _midnight(day), _midnight(day + timedelta(days=1))
    try:
        numbers = [int(part) for part in text.split("-")]
        if not 1 <= len(numbers) <= 3:
            raise ValueError(text)
        first = date(*(*numbers, 1, 1)[:3])
        return _midnight(first), _midnight(_following(first, len(numbers)))
    except (ValueError, OverflowError) as error:
        raise SearchError(f"\u201c{text}\u201d is not a date; write it like 2026-11-22.") from error


def _following(first: date, parts: int) -> date:
    if parts == 3:
        return first + timedelta(days=1)
    year, month = (first.year, first.month + 1) if parts == 2 else (first.year + 1, 1)
    return date(year + (month > 12), month if month <= 12 else 1, 1)


def _midnight(day: date) -> Timestamp:
    return int(datetime(day.year, day.month, day.day).astimezone().timestamp()) * NS_PER_S
