"""The loss account sums exactly whatever happens, also up to the last commit; one that lies is found."""

import shutil
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.store import StoreReader, layout, verify
from studio.store.layout import NewStream
from studio.store.writer import StoreWriter
from tests.store.recordings import AUDIO, MS, SCALAR, SECOND, T0, message

STEP = st.one_of(
    st.tuples(st.just("store"), st.integers(1, 50)),
    st.tuples(st.just("refuse"), st.integers(1, 50)),
    st.tuples(st.just("lose"), st.integers(0, 1000)),
    st.tuples(st.just("commit"), st.just(0)),
    st.tuples(st.just("count"), st.integers(0, 30)),
)


class Device:
    """What is true: the units it has produced, and what became of them."""

    def __init__(self, writer: StoreWriter, name: str, rows: int) -> None:
        self._writer, self._name, self._rows = writer, name, rows
        self._sent = self.produced = self.stored = 0
        self.lost = self._on_the_way = 0

    def _message(self) -> None:
        self._sent += 1
        self.produced += self._rows

    def do(self, deed: str, count: int) -> None:
        """One step of the story."""
        if deed == "commit":
            self._writer.flush()
        elif deed == "count":  # the device counts before its messages arrive
            self._on_the_way = count
            self._writer.report_produced(self._name, self.produced + count)
        elif deed == "lose":
            self.produced, self.lost = self.produced + count, self.lost + count
            self._writer.add_loss(self._name, layout.GAP, count, T0, T0 + SECOND)
        for _ in range(count if deed in ("store", "refuse") else 0):
            self._message()
            if deed == "store":
                data = np.zeros((self._rows, 2), np.float32) if self._name == "sound" else 1.0
                described = AUDIO if self._name == "sound" else SCALAR
                sent = message(described, T0 + self._sent * MS, data, self._sent)
                self._writer.append(self._name, sent)
                self.stored += self._rows
        if deed == "refuse":
            self.lost += count * self._rows
            self._writer.add_loss(self._name, layout.QUEUE_FULL, count * self._rows, T0, T0 + SECOND)


@settings(max_examples=12, deadline=None)
@given(story=st.lists(st.tuples(st.booleans(), STEP), max_size=25), is_killed=st.booleans())
def test_produced_is_stored_and_dropped_whatever_happens_and_whenever_it_ends(
    tmp_path_factory: pytest.TempPathFactory,
    story: list[tuple[bool, tuple[str, int]]],
    is_killed: bool,
) -> None:
    writer = StoreWriter.create(tmp_path_factory.mktemp("account") / "r.h5", flush_interval=10**15)
    path = writer.path
    writer.add_streams([NewStream("sound", AUDIO), NewStream("numbers", SCALAR)])
    devices = Device(writer, "sound", 48), Device(writer, "numbers", 1)
    for is_sound, (deed, count) in story:
        devices[0 if is_sound else 1].do(deed, count)
    if is_killed:
        writer.flush()
        path = Path(shutil.copy(path, path.with_name("killed.h5")))
    writer.close()
    report = verify(path, still_for=0)
    assert report.findings == ()
    with StoreReader(path) as reader:
        for device, info in zip(devices, reader.info().streams, strict=True):
            stored = info.sample_count or info.message_count
            assert info.produced == stored + info.dropped
            assert stored == device.stored
            assert info.dropped >= device.lost
            assert info.produced >= device.produced


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sound and numbers of which some messages were refused, in several commits."""
    writer = StoreWriter.create(tmp_path_factory.mktemp("honest") / "r.h5", flush_interval=10**15)
    writer.add_streams([NewStream("sound", AUDIO), NewStream("numbers", SCALAR)])
    sound, numbers = Device(writer, "sound", 48), Device(writer, "numbers", 1)
    for deed, count in (("store", 20), ("commit", 0), ("refuse", 5), ("store", 10), ("commit", 0)):
        sound.do(deed, count)
        numbers.do(deed, count)
    writer.close()
    assert verify(writer.path).findings == ()
    return writer.path


def lie(what: str, change: Callable[[h5py.File], None]) -> "pytest.ParameterSet":
    return pytest.param(change, id=what)


def hide_losses(file: h5py.File) -> None:
    """All that the account says of losses is taken away, everywhere it is said."""
    group = file["streams/numbers"]
    lost = int(group["loss"]["count"].sum())
    group["loss"].resize(0, axis=0)
    file["commits/counts"][:, 2, 2] = 0
    for row in range(len(file["commits/counts"])):
        counts = file["commits/counts"][row, 2]
        file["commits/counts"][row, 2, 3] = counts[0]
    group.attrs["dropped"] = 0
    group.attrs["produced"] = int(group.attrs["produced"]) - lost


def add(path: str, place: object, amount: int) -> Callable[[h5py.File], None]:
    def change(file: h5py.File) -> None:
        file[path][place] = file[path][place] + amount

    return change


def set_loss(column: str, value: object) -> Callable[[h5py.File], None]:
    def change(file: h5py.File) -> None:
        rows = file["streams/numbers/loss"][:]
        rows[column] = value
        file["streams/numbers/loss"][:] = rows

    return change


def set_attribute(name: str, value: int) -> Callable[[h5py.File], None]:
    return lambda file: file["streams/sound"].attrs.__setitem__(name, value)


@pytest.mark.parametrize(
    "change",
    [
        lie("fewer lost", set_loss("count", 4)),
        lie("more lost", set_loss("count", 6)),
        lie("less than nothing lost", set_loss("count", -5)),
        lie("lost backwards", set_loss("from_time", T0 + 2 * SECOND)),
        lie("lost for no reason", set_loss("reason", b"")),
        lie("more produced", add("commits/counts", (-1, 2, 3), 1)),
        lie("fewer produced", add("commits/counts", (-1, 2, 3), -1)),
        lie("an early commit knows less", add("commits/counts", (1, 1, 3), -100)),
        lie("attribute dropped", set_attribute("dropped", 0)),
        lie("attribute produced", set_attribute("produced", 30 * 48)),
        lie("attribute message_count", set_attribute("message_count", 31)),
        lie("attribute sample_count", set_attribute("sample_count", 31)),
        lie("attribute byte_count", set_attribute("byte_count", 31)),
        lie("nothing was ever lost", hide_losses),
    ],
)
def test_an_account_that_lies_is_found(
    change: Callable[[h5py.File], None], honest: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(honest, tmp_path / "r.h5"))
    with h5py.File(path, "r+", libver=layout.LIBVER) as file:
        change(file)
    findings = verify(path).findings
    assert findings
    assert all(found.where in ("stream 'sound'", "stream 'numbers'", "commits") for found in findings)


def test_only_the_numbers_of_messages_tell_of_losses_hidden_everywhere(honest: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(honest, tmp_path / "r.h5"))
    with h5py.File(path, "r+", libver=layout.LIBVER) as file:
        hide_losses(file)
    (finding,) = verify(path).findings
    assert finding.what == "5 messages are missing by their numbers, but only 0 dropped"
