"""A chain attached to a recording that grows: the same messages as from a replay, whatever happens."""

import contextlib
import os
import random
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from studio.app.chains.attach import attach
from studio.app.chains.compare import compare
from studio.app.chains.derivation import Derivation
from studio.app.chains.preparing import read_info
from studio.app.chains.requests import CompareRequest, FollowRequest
from studio.errors import ChainError, StoreEnvironmentError
from studio.store import StoreReader, verify
from tests.app.chains.chain_files import DOUBLED, ENDLESS, Told, content, written
from tests.cli.running import environment
from tests.store.test_following import growing
from tests.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_S = 60.0
"""A process starts slowly on a busy machine."""

MIXED = """\
MS = 1_000_000
@chain
def mixed(sound: Audio, numbers: Numbers, slow: Numbers, words: Texts):
    from studio.timing import RelativeTimeInterval as Window
    level = sound.select(lambda block: float((block ** 2).mean()))
    near = numbers.join(slow, Window.around(30 * MS))
    recent = numbers.window(Window.past(50 * MS))
    said = words.join(level, Window.around(20 * MS))
    return {
        "level": level,
        "near": near.select(lambda pair: pair[0] - pair[1]),
        "recent": recent.select(lambda window: float(sum(window))),
        "said": said.select(lambda pair: f"{pair[0]} at {pair[1]}"),
        "seen": slow.sample(level),
        "last": numbers.last(3),
    }
"""


def same(derived: Path) -> str:
    """What comparing says; fails unless it is the same."""
    outcome = compare(CompareRequest(str(derived)), Told())
    assert outcome.is_good, outcome.text
    return outcome.text


@pytest.mark.parametrize("ending", ["close", "die"])
def test_what_is_computed_live_is_what_a_replay_computes(tmp_path: Path, ending: str) -> None:
    chain, seed = written(tmp_path, MIXED), random.randrange(10**6)
    print(f"growing with seed {seed}")  # shown when it fails
    with growing(tmp_path / "r.h5", seed=seed, seconds=0.8, ending=ending) as path:
        outcome = attach(FollowRequest(str(chain), str(path)), Told())
    made = Path(outcome.paths[0])
    assert made == tmp_path / "r.mixed.h5"
    assert "the same message by message" in same(made)
    assert {len(messages) > 10 for name, messages in content(made).items() if name in ("level", "near")} == {
        True
    }
    derivation = Derivation.from_attribute(read_info(str(made)).derivation, "")
    assert (derivation.live, derivation.complete, derivation.late) == (True, True, 0)
    assert verify(made, still_for=0).is_sound
    assert "late" not in outcome.text


class UntilProcessed(Told):
    """Calls it off as soon as so many messages have been processed."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def report(self, done: float, text: str = "") -> None:
        """See `Progress`."""
        super().report(done, text)
        processed = re.search(r"(\d+) messages processed", text)
        if processed and int(processed[1]) >= self._count:
            raise KeyboardInterrupt


def test_detached_in_the_middle_it_is_closed_at_a_time_up_to_which_it_is_whole(tmp_path: Path) -> None:
    chain, derived = written(tmp_path, MIXED), tmp_path / "r.mixed.h5"
    with growing(tmp_path / "r.h5", ending="told") as path:
        told = UntilProcessed(100)
        attach(FollowRequest(str(chain), str(path)), told)
        info = read_info(str(derived))
        assert (info.clean, info.live) == (True, False)
        assert read_info(str(path)).live
        assert same(derived)  # while the recording goes on
        with pytest.raises(StoreEnvironmentError, match="exists already"):
            attach(FollowRequest(str(chain), str(path)), Told())
        first = len(content(derived)["level"])
        attach(FollowRequest(str(chain), str(path), replace=True), UntilProcessed(600))
    assert len(content(derived)["level"]) > first > 0
    assert same(derived)
    assert any("s behind" in text for _, text in told.reports)
    assert {done for done, _ in told.reports} == {-1.0}
    assert Derivation.from_attribute(info.derivation, "").right < 2**63 - 1


def test_a_chain_that_fails_says_where_and_keeps_what_it_had_given(tmp_path: Path) -> None:
    chain = written(tmp_path, DOUBLED.replace("factor * x", "x if x < 0.5 else [][1]"))
    with growing(tmp_path / "r.h5", ending="told") as path:
        with pytest.raises(ChainError, match=r"mine.py:\d+ \(in <lambda>\).*IndexError"):
            attach(FollowRequest(str(chain), str(path)), Told())
        assert not read_info(str(tmp_path / "r.doubled.h5")).live
    derivation = Derivation.from_attribute(read_info(str(tmp_path / "r.doubled.h5")).derivation, "")
    assert not derivation.complete


def test_a_chain_that_needs_a_missing_stream_is_told_at_once(tmp_path: Path) -> None:
    chain = written(tmp_path, "@chain\ndef seen(video: Video):\n    return video\n")
    with growing(tmp_path / "r.h5", ending="told") as path, pytest.raises(ChainError, match="'video'"):
        attach(FollowRequest(str(chain), str(path)), Told())
    assert not (tmp_path / "r.seen.h5").exists()


@contextmanager
def following(chain: Path, recording: Path, *options: str) -> "Iterator[subprocess.Popen[str]]":
    """`studio process --follow`."""
    command = [sys.executable, "-m", "studio", "process", str(chain), str(recording), "--follow", *options]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def has_messages(derived: Path) -> bool:
    with contextlib.suppress(Exception), StoreReader(derived, repair=False) as reader:
        return any(stream.message_count for stream in reader.info().streams)
    return False


@pytest.mark.kill
def test_killed_at_any_moment_it_leaves_the_beginning_of_what_it_would_have_given(tmp_path: Path) -> None:
    chain, derived = written(tmp_path, MIXED), tmp_path / "r.mixed.h5"
    with growing(tmp_path / "r.h5", ending="told") as path, following(chain, path) as process:
        wait_until(lambda: has_messages(derived), PATIENCE_S)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(random.random() / 2)
        # Both the command and who computes for it: that one alone would close what it has properly.
        for each in (*psutil.Process(process.pid).children(), process):
            os.kill(each.pid, signal.SIGKILL)
        process.communicate()
    with StoreReader(path, repair=False) as reader:
        assert reader.info().clean
        assert reader.loss() == ()
    assert "as far as it goes" in same(derived)
    assert verify(path).is_sound


@pytest.mark.kill
def test_a_follower_that_never_returns_can_be_ended_and_costs_the_recording_nothing(tmp_path: Path) -> None:
    chain = written(tmp_path, ENDLESS)
    with growing(tmp_path / "r.h5", ending="told") as path, following(chain, path) as process:
        wait_until(lambda: (tmp_path / "r.endless.h5").exists(), PATIENCE_S)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    with StoreReader(path, repair=False) as reader:
        assert reader.info().clean
        assert reader.loss() == ()


def test_two_chains_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    one, two = written(tmp_path, MIXED), written(tmp_path, DOUBLED, "other.py")
    with (
        growing(tmp_path / "r.h5", seconds=1.2) as path,
        following(one, path) as first,
        following(two, path, "--json") as second,
    ):
        assert first.wait(PATIENCE_S) == 0
        out, _ = second.communicate(timeout=PATIENCE_S)
    assert '"is_good": true' in out
    assert same(tmp_path / "r.mixed.h5")
    assert same(tmp_path / "r.doubled.h5")
    with StoreReader(path, repair=False) as reader:
        assert reader.loss() == ()


def test_a_recorder_whose_clock_is_another_is_followed_by_its_own(tmp_path: Path) -> None:
    chain, told, ahead_s = written(tmp_path, DOUBLED), Told(), random.choice((3600, -3600))
    with growing(tmp_path / "r.h5", seconds=1.5, ahead_s=ahead_s) as path:
        outcome = attach(FollowRequest(str(chain), str(path)), told)
    assert "late" not in outcome.text
    lags = [float(text.split()[0]) for _, text in told.reports if "s behind" in text]
    assert lags
    assert max(lags) < 10
    assert same(tmp_path / "r.doubled.h5")
