"""What was recorded is read back bit for bit, by us and by anybody."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from studio.errors import StreamError
from studio.formats.first_message import infer_format
from studio.formats.payload import EncodedImage, Event, PayloadKind, StreamFormat
from studio.store.layout import escape
from studio.store.reader import StoreReader
from studio.timing import TimeInterval
from tests.store.recordings import (
    AUDIO,
    MS,
    SCALAR,
    STRING,
    T0,
    blocks,
    message,
    small_recording,
    write_recording,
)

few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

texts = st.text(st.characters(exclude_categories=()), max_size=40)
jsons = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(texts, children, max_size=4),
    max_leaves=10,
)
payloads: dict[str, Any] = {
    "float blocks": hnp.arrays(np.float32, st.tuples(st.integers(1, 90), st.just(3))),
    "whole blocks": hnp.arrays(np.int16, st.tuples(st.integers(1, 200), st.just(2))),
    "scalars": st.floats(),
    "whole numbers": st.integers(-(2**63), 2**63 - 1),
    "truth values": st.booleans(),
    "pictures": hnp.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3))),
    "encoded": st.builds(EncodedImage, st.binary(max_size=50), st.integers(0, 5000), st.integers(0, 5000)),
    "texts": texts,
    "jsons": st.dictionaries(texts, jsons, max_size=4),
    "events": st.builds(Event, texts, texts, st.integers(0, 2**60)),
    "bytes": st.binary(max_size=60),
}


def same(left: Any, right: Any) -> bool:
    """Equal to the bit; NaN is itself."""
    if isinstance(left, np.ndarray):
        return left.dtype == right.dtype and left.shape == right.shape and left.tobytes() == right.tobytes()
    return repr(left) == repr(right)


@pytest.mark.parametrize("kind", payloads)
@few
@given(data=st.data())
def test_every_payload_comes_back_as_it_was(
    kind: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    values = data.draw(st.lists(payloads[kind], min_size=1, max_size=12))
    path = tmp_path_factory.mktemp("round") / "r.h5"
    steps = data.draw(st.lists(st.integers(1, 10**10), min_size=len(values), max_size=len(values)))
    times = [T0 + sum(steps[: i + 1]) for i in range(len(values))]
    pairs = list(zip(times, values, strict=True))
    write_recording(path, {"x": (infer_format(values[0]), pairs)})
    with StoreReader(path) as reader:
        messages = list(reader.messages("x"))
    assert [m.envelope.originating_time for m in messages] == times
    assert [m.envelope.creation_time for m in messages] == [time + MS for time in times]
    assert [m.envelope.sequence_id for m in messages] == list(range(1, len(times) + 1))
    assert all(same(value, m.data) for value, m in zip(values, messages, strict=True))


ODD_NAMES = [
    "a/b", "/", ".", "..", "...", " ", "\t", "%", "%2F", "ä/ö", "日本語", "🎤 left", "x" * 1000, "x" * 1001,
    "a\0b", "a\nb", "\ud800", "streams", "time", "A", "a", "./x", "x/", "\u202e", "é", "e\u0301",
]  # fmt: skip


def test_streams_of_any_name_stand_side_by_side(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "r.h5", {name: (STRING, [(T0, repr(name))]) for name in ODD_NAMES})
    with StoreReader(path) as reader:
        assert list(reader.stream_names) == ODD_NAMES
        assert [next(iter(reader.messages(name))).data for name in ODD_NAMES] == list(map(repr, ODD_NAMES))
        assert [stream.name for stream in reader.info().streams] == ODD_NAMES


@given(st.sets(st.text(st.characters(exclude_categories=()), min_size=1, max_size=300), max_size=20))
def test_escaped_names_are_single_links_and_never_collide(names: set[str]) -> None:
    links = {escape(name) for name in names}
    assert len(links) == len(names)
    assert all(link and "/" not in link and "\0" not in link and set(link) != {"."} for link in links)
    assert all(len(link.encode()) <= 200 for link in links)


OUTSIDER = """
import h5py, json, sys
with h5py.File(sys.argv[1], "r") as f:
    out = {}
    for group in f["streams"].values():
        times = group["time"][:]
        index = group["index"][:]
        offset, length = index[:, 0], index[:, 1]
        data = group["data"]
        parts = [data[o:o + n] for o, n in zip(offset, length)]
        out[group.attrs["name"]] = [
            len(times), int(times[-1]), int(group.attrs["message_count"]), float(parts[-1].sum()),
            int(group.attrs["last_time"]), str(group.attrs["kind"]),
        ]
    print(json.dumps({"clean": int(f.attrs["clean"]), "streams": out}))
"""


def test_a_stranger_with_plain_h5py_reads_everything(tmp_path: Path) -> None:
    path = small_recording(tmp_path / "r.h5")
    done = subprocess.run(
        [sys.executable, "-c", OUTSIDER, str(path)], capture_output=True, text=True, check=True, timeout=60
    )
    read = json.loads(done.stdout)
    assert read["clean"] == 1
    assert set(read["streams"]) == {"sound", "numbers", "words"}
    assert read["streams"]["numbers"] == [1000, T0 + 999 * MS, 1000, 999.0, T0 + 999 * MS, "scalar"]
    assert read["streams"]["sound"][:3] == [100, T0 + 1000 * MS, 100]
    assert read["streams"]["sound"][3] == pytest.approx(float(blocks(100)[-1][1].sum()), rel=1e-4)


def test_h5dump_of_hdf5_1_10_lists_the_recording(tmp_path: Path) -> None:
    path = small_recording(tmp_path / "r.h5")
    done = subprocess.run(
        ["h5dump", "-H", str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    for name in ("commits", "clock", "probes", "segments", "states", "log", "sound", "pyramid"):
        assert f'"{name}"' in done.stdout


def test_an_interval_is_read_with_the_ends_it_declares(tmp_path: Path) -> None:
    path = small_recording(tmp_path / "r.h5")
    with StoreReader(path) as reader:

        def values(interval: TimeInterval) -> list[float]:
            return [m.data for m in reader.messages("numbers", interval)]

        left, right = T0 + 10 * MS, T0 + 20 * MS
        assert values(TimeInterval(left, right)) == [float(i) for i in range(10, 21)]
        assert values(TimeInterval(left, right, False, False)) == [float(i) for i in range(11, 20)]
        assert values(TimeInterval(left + 1, left + 2)) == []
        assert values(TimeInterval(T0 + 10**12)) == []


@given(time=st.integers(T0 - 5 * MS, T0 + 1005 * MS))
@settings(max_examples=200, deadline=None)
def test_the_message_at_a_time_is_the_last_one_before(time: int, numbers: StoreReader) -> None:
    found = numbers.message_at("numbers", time)
    if time < T0:
        assert found is None
    else:
        assert found is not None
        assert found.data == min((time - T0) // MS, 999)


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = small_recording(tmp_path_factory.mktemp("numbers") / "r.h5")
    with StoreReader(path) as reader:
        yield reader


def test_times_are_thinned_evenly(numbers: StoreReader) -> None:
    assert list(numbers.times("numbers", T0, T0 + 9 * MS, 100)) == [T0 + i * MS for i in range(10)]
    thinned = numbers.times("numbers", T0, T0 + 999 * MS, 100)
    assert 90 <= len(thinned) <= 100
    assert set(np.diff(thinned)) == {10 * MS}


def test_an_unknown_stream_is_an_error_that_lists_what_there_is(numbers: StoreReader) -> None:
    with pytest.raises(StreamError, match=r"no stream 'colours'.*'sound', 'numbers', 'words'"):
        list(numbers.messages("colours"))
    with pytest.raises(StreamError, match="cannot be drawn"):
        numbers.window("words", T0, T0 + 1, 10)


@pytest.mark.parametrize(
    ("described", "wrong"),
    [
        (AUDIO, np.zeros((5, 3), np.float32)),
        (AUDIO, np.zeros((0, 2), np.float32)),
        (AUDIO, "text"),
        (StreamFormat(PayloadKind.SAMPLES, dtype="int16"), np.zeros((4, 1), np.float32)),
        (StreamFormat(PayloadKind.SCALAR, dtype="int64"), 2.5),
        (StreamFormat(PayloadKind.SCALAR, dtype="int64"), 2**70),
        (SCALAR, "one"),
        (STRING, b"bytes"),
        (StreamFormat(PayloadKind.JSON), {"a": object()}),
        (StreamFormat(PayloadKind.EVENT), "not an event"),
        (StreamFormat(PayloadKind.IMAGE), np.zeros((4, 4), np.float64)),
        (StreamFormat(PayloadKind.IMAGE), np.zeros((0, 4, 3), np.uint8)),
        (StreamFormat(PayloadKind.IMAGE, "uint16"), np.zeros((4, 4), np.uint8)),
        (StreamFormat(PayloadKind.IMAGE, "uint16"), np.zeros((4, 4, 3), np.uint16)),
        (StreamFormat(PayloadKind.IMAGE, "float64"), np.zeros((4, 4), np.float64)),
    ],
)
def test_what_a_stream_does_not_hold_is_refused_in_words(described: StreamFormat, wrong: Any) -> None:
    with pytest.raises(StreamError):
        message(described, T0, wrong)
