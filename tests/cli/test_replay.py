"""`studio replay`: what it says, and what scripts can rely on."""

import signal
from pathlib import Path

from tests.app.playing import filmed
from tests.cli.running import assert_says, document, run, started


def test_replay_says_how_exactly_everything_came(tmp_path: Path) -> None:
    path = filmed(tmp_path / "film.h5")
    done = run("replay", str(path), "--from", "1", "--to", "1.4", "--speed", "2")
    assert_says(done, 0)
    assert "0.400 s replayed at 2 times its pace" in done.stdout
    assert "every message once and in order" in done.stdout
    told = document(run("replay", str(path), "--fast", "--streams", "camera", "--json"))
    assert (told["is_exact"], told["enforce_clock"]) == (True, False)
    assert [(each["name"], each["messages"], each["stored"]) for each in told["streams"]] == [
        ("camera", 76, 76)
    ]
    assert_says(run("replay", str(path), "--speed", "99"), 2, "--speed")
    assert_says(run("replay", str(tmp_path / "none.h5")), 1, "none.h5")


def test_an_interrupted_replay_ends_at_once(tmp_path: Path) -> None:
    path = filmed(tmp_path / "film.h5", seconds=30.0)
    with started("replay", str(path)) as process:
        try:
            process.wait(2.0)
        except Exception:  # it replays
            process.send_signal(signal.SIGINT)
        assert process.wait(10.0) == 130
