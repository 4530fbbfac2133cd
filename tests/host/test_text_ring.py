"""However texts come together, a ring holds the newest of them, each whole, in their order."""

import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.formats.payload import Event, PayloadKind, StreamFormat
from studio.host.ring_sinks import RingSinks
from studio.host.rings import LiveText, TextRingReader
from studio.host.text_ring import SLOTS, TEXT_BYTES, TextRingWriter, cut

FOLDERS = itertools.count()
TEXTS = st.text(max_size=80) | st.just("ü" * 200) | st.just("zeros\0\0")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    groups=st.lists(st.sampled_from([0, 1, 1, 2, 5, 64, SLOTS - 1, SLOTS, 3 * SLOTS + 7]), max_size=8),
    some=st.lists(TEXTS, min_size=1, max_size=7),
)
def test_groups_are_nothing_else_than_one_text_after_another(
    tmp_path: Path, groups: list[int], some: list[str]
) -> None:
    writer = TextRingWriter.create(tmp_path / f"{next(FOLDERS)}.ring")
    assert writer is not None
    reader = TextRingReader(writer.path)
    written: list[tuple[str, int, int]] = []
    for size in groups:
        first = len(written)
        group = [(some[n % len(some)], n, n % 3) for n in range(first, first + size)]
        if size == 1:
            writer.write(*group[0])
        else:
            writer.write_all(group)
        written += group
        assert reader.total == len(written)
    shown = [
        LiveText(time, cut(text.encode("utf-8", "replace"), TEXT_BYTES).decode(), duration)
        for text, time, duration in written[1 - SLOTS :]
    ]
    assert list(reader.newest(SLOTS)) == shown
    assert list(reader.newest(3)) == shown[-3:]
    reader.close()
    writer.close()


def test_nothing_written_is_no_sign_of_life(tmp_path: Path) -> None:
    writer = TextRingWriter.create(tmp_path / "texts.ring")
    assert writer is not None
    reader = TextRingReader(writer.path)
    writer.write_all([])
    assert (reader.total, reader.age_s) == (0, float("inf"))
    assert reader.newest(10) == ()
    reader.close()
    writer.close()


@pytest.mark.parametrize("kind", [PayloadKind.EVENT, PayloadKind.AUDIO, PayloadKind.JSON])
def test_what_cannot_be_shown_costs_none_that_came_with_it(tmp_path: Path, kind: PayloadKind) -> None:
    sinks = RingSinks(tmp_path)
    sink = sinks.open("s", StreamFormat(kind, dtype="float32", rate=10.0))
    assert sink is not None
    sink.put_all([(Event("a"), 1), (object(), 2), (Event("b"), 3)])
    assert sink.skipped == (1 if kind is PayloadKind.EVENT else 3)
    if kind is PayloadKind.EVENT:
        reader = TextRingReader(sink.view.path)
        assert [(text.text, text.time) for text in reader.newest(9)] == [("a", 1), ("b", 3)]
        reader.close()
    sinks.close_all()
