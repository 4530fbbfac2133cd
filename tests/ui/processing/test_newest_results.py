"""The newest values of a result are told while it grows, and no older result is taken for it."""

from pathlib import Path

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from studio.app.answers import ValueAt
from studio.ui.processing.newest_results import LONGEST, NewestResults, words_of
from tests.store.recordings import small_recording
from tests.store.test_following import growing
from tests.ui.real_reader import RealReader

LONG = 30_000


def test_what_is_said_is_short_and_leaves_out_what_says_nothing() -> None:
    values = (ValueAt("chain/level", 1, "23 dB"), ValueAt("silent", 0, ""), ValueAt("word", 2, "a\n" * 50))
    level, word = words_of(values).split(" · ")
    assert level == "level 23 dB"
    assert (len(word), word[-1]) == (len("word ") + LONGEST, "…")


def test_a_growing_partition_is_told_again_and_again_until_it_is_closed(qtbot: QtBot, tmp_path: Path) -> None:
    reader, told, owner = RealReader(), list[str](), QObject()
    with growing(tmp_path / "r.h5", ending="told") as path:
        newest = NewestResults(reader, str(path), told.append, owner, interval_ms=20)
        newest.start()
        qtbot.waitUntil(lambda: len(set(told)) > 1, timeout=LONG)
        newest.close()
    reader.close()


def test_a_result_that_is_complete_is_none_of_now(qtbot: QtBot, tmp_path: Path) -> None:
    reader, told, owner = RealReader(), list[str](), QObject()
    newest = NewestResults(
        reader, str(small_recording(tmp_path / "r.h5")), told.append, owner, interval_ms=20
    )
    newest.start()
    qtbot.waitUntil(lambda: len(reader.asked) > 1, timeout=LONG)
    newest.close()
    assert told == []
    reader.close()
