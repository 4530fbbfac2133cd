"""Comparing finds the first message that is not what the chain gives, and says what cannot be compared."""

from pathlib import Path

import pytest

from studio.app.chains.compare import compare
from studio.app.chains.requests import CompareRequest, ProcessRequest
from studio.app.chains.run import process
from studio.app.operations.copying import copy
from studio.app.operations.progress import Outcome
from studio.app.operations.requests import CopyRequest, Selection
from studio.errors import ChainError, StoreFormatError
from studio.timing import TimeInterval
from tests.app.chains.chain_files import DOUBLED, Told, written
from tests.store.recordings import MS, T0, small_recording

LYING = """\
import os
@chain
def lying(numbers: Numbers):
    lie = float(os.environ["LIE"])
    return numbers.select(lambda x: lie if x == 700 else x)
"""


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A second of sound, numbers and words."""
    return small_recording(tmp_path / "r.h5")


def derived(chain: Path, recording: Path) -> Path:
    return Path(process(ProcessRequest(str(chain), (str(recording),)), Told()).paths[0])


def copied(path: Path, target: Path, interval: TimeInterval) -> Path:
    return Path(copy(CopyRequest(Selection(str(path), interval), str(target)), Told()).paths[0])


def compared(path: Path, chain: str = "") -> Outcome:
    return compare(CompareRequest(str(path), chain), Told())


def test_the_first_message_that_differs_is_told(
    tmp_path: Path, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = written(tmp_path, LYING)
    monkeypatch.setenv("LIE", "1")
    path = derived(chain, recording)
    assert compared(path).is_good
    monkeypatch.setenv("LIE", "2")
    found = compared(path)
    assert not found.is_good
    assert "stream 'lying' differs at message 700: 1.0" in found.text
    chain.write_text(chain.read_text() + "\n# changed\n")
    with pytest.raises(ChainError, match=r"mine.py has been changed since r.lying.h5 was computed"):
        compared(path)


def test_a_chain_that_has_moved_can_be_named(tmp_path: Path, recording: Path) -> None:
    chain = written(tmp_path, DOUBLED)
    path = derived(chain, recording)
    chain.rename(tmp_path / "elsewhere.py")
    with pytest.raises(ChainError, match="There is no file"):
        compared(path)
    assert compared(path, str(tmp_path / "elsewhere.py")).is_good


def test_a_copy_is_compared_as_far_as_it_was_kept(
    tmp_path: Path, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIE", "1")
    whole = derived(written(tmp_path, LYING), recording)
    before = copied(whole, tmp_path / "before.h5", TimeInterval(T0 + 100 * MS, T0 + 600 * MS))
    again = copied(before, tmp_path / "again.h5", TimeInterval(T0 + 50 * MS, T0 + 800 * MS, True, False))
    after = copied(whole, tmp_path / "after.h5", TimeInterval(T0 + 650 * MS, T0 + 800 * MS))
    for path in (before, again, after):
        found = compared(path)
        assert found.is_good, found.text
        assert "as far as it was kept" in found.text
    monkeypatch.setenv("LIE", "2")
    assert "501 messages" in compared(again).text
    assert "stream 'lying' differs at message 50: 1.0" in compared(after).text


def test_what_depends_on_clocks_is_named_instead(tmp_path: Path, recording: Path) -> None:
    text = "@chain\ndef ticking(numbers: Numbers):\n    return numbers.sample(10_000_000)\n"
    found = compared(derived(written(tmp_path, text), recording))
    assert not found.is_good
    assert "cannot be compared: its chain contains Repeat" in found.text


def test_a_recording_and_one_without_its_source_cannot_be_compared(tmp_path: Path, recording: Path) -> None:
    with pytest.raises(StoreFormatError, match="was recorded, not computed"):
        compared(recording)
    path = derived(written(tmp_path, DOUBLED), recording)
    recording.unlink()
    with pytest.raises(ChainError, match="not beside it any more"):
        compared(path)
    small_recording(recording)
    with pytest.raises(ChainError, match="is not the recording that"):
        compared(path)
