"""When messages were made and how late, as noted at the end of a recording, or from its rows before."""

from pathlib import Path

import pytest

from studio.app import browse_facts
from studio.app.browse import Browser
from studio.formats.payload import StreamFormat
from studio.host.protocol import ReadStreamFacts
from studio.host.queries import Queries
from studio.store.layout import NewStream
from studio.store.writer import StoreWriter
from tests.store.recordings import MS, SCALAR, SECOND, STRING, T0, message, small_recording


def growing(path: Path, messages: int, described: StreamFormat = SCALAR) -> StoreWriter:
    writer = StoreWriter.create(path)
    writer.add_streams([NewStream("numbers", described), NewStream("words", STRING)])
    for n in range(messages):
        writer.append("numbers", message(described, T0 + n * MS, float(n), n + 1))
    writer.flush()
    return writer


def test_of_a_closed_recording_what_was_noted_is_told(tmp_path: Path) -> None:
    path = small_recording(tmp_path / "take.h5")
    answer = Queries().answer(ReadStreamFacts(str(path), ("numbers", "words")))
    assert isinstance(answer, tuple)
    numbers, words = answer
    assert numbers.first_creation_time == T0 + MS
    assert numbers.last_creation_time == T0 + 999 * MS + MS
    assert numbers.mean_latency_ns == MS
    assert words.last_creation_time == T0 + 900 * MS + MS


def test_of_one_that_grows_its_rows_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = growing(tmp_path / "take.h5", 3 * browse_facts.CHUNK)
    try:
        browser = Browser()
        numbers, words = browser.read_facts(str(tmp_path / "take.h5"), ("numbers", "words"))
        assert (numbers.first_creation_time, numbers.mean_latency_ns) == (T0 + MS, MS)
        assert numbers.known_share == 1.0
        assert words.first_creation_time == 0
        monkeypatch.setattr(browse_facts, "MOST_CHUNKS", 2)
        (numbers,) = browser.read_facts(str(tmp_path / "take.h5"), ("numbers",))
        assert numbers.known_share == pytest.approx(2 / 3)
        assert numbers.last_creation_time - T0 == (3 * browse_facts.CHUNK - 1) * MS + MS < 20 * SECOND
        browser.close()
    finally:
        writer.close()
