"""`studio process`: chains run from a shell."""

import random
import signal
from pathlib import Path

import pytest
import typer

from studio.cli.processing import Place, Wanted, Way, carry_out
from studio.errors import StudioError
from tests.app.chains.chain_files import DOUBLED, ENDLESS, FIRST_LINE, content, written
from tests.cli.running import assert_says, document, run, started
from tests.store.recordings import MS, T0, small_recording
from tests.waiting import wait_until


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A second of sound, numbers and words."""
    return small_recording(tmp_path / "r.h5")


def test_a_part_of_a_recording_is_processed_and_the_result_compared(tmp_path: Path, recording: Path) -> None:
    chain, out = str(written(tmp_path, "print('hello')\n" + DOUBLED)), tmp_path / "half.h5"
    words = ("--param", "factor=3", "--input", "numbers=numbers", "--from", "0.2", "--to", "0:00.4")
    done = run("process", chain, str(recording), *words, "--out", str(out), "--json")
    assert done.returncode == 0, done.stderr
    assert document(done)["paths"] == [str(out)]
    assert "hello" in done.stderr
    assert content(out)["doubled"] == [(T0 + i * MS, 3.0 * i) for i in range(200, 401)]
    assert "the same message by message" in run("process", chain, str(out), "--verify").stdout


def test_what_a_chain_asks_for_is_shown(tmp_path: Path) -> None:
    shown = run("process", str(written(tmp_path, DOUBLED)))
    assert f"mine.py:{FIRST_LINE}" in shown.stdout
    assert "factor" in shown.stdout


NO_PLACE, NO_WAY = Place(), Way()


@pytest.mark.parametrize(
    ("parameters", "place", "way", "told"),
    [
        (("factor=much",), NO_PLACE, NO_WAY, "factor cannot be 'much': expected number"),
        (("fator=2",), NO_PLACE, NO_WAY, "no setting 'fator'; it has: factor"),
        (("factor",), NO_PLACE, NO_WAY, "expected NAME=VALUE"),
        ((), Place(inputs=("numbers=sound",)), NO_WAY, "'numbers' has to be scalar, but 'sound' is audio"),
        ((), Place(begin="soon"), NO_WAY, "'soon' is no time"),
        ((), Place(begin="0.5", end="0.2"), NO_WAY, "--to lies before --from"),
        ((), NO_PLACE, Way(follow=True, real_time=True), "--follow goes on as the recording does"),
        ((), NO_PLACE, Way(verify=True), "was recorded, not computed"),
        (("factor=2",), NO_PLACE, Way(verify=True), "name the result only"),
    ],
)
def test_wrong_words_are_told(
    tmp_path: Path, recording: Path, parameters: tuple[str, ...], place: Place, way: Way, told: str
) -> None:
    chain = str(written(tmp_path, DOUBLED))
    with pytest.raises((StudioError, typer.BadParameter)) as raised:
        carry_out(Wanted(chain, (recording,), parameters, place, way), json=False)
    assert told in str(raised.value)


def test_an_error_ends_the_command_with_a_sentence(tmp_path: Path, recording: Path) -> None:
    done = run("process", str(written(tmp_path, DOUBLED)), str(recording), "--param", "factor=much")
    assert_says(done, 1, "factor cannot be 'much'")


def test_a_chain_that_never_returns_is_ended_and_leaves_nothing(tmp_path: Path, recording: Path) -> None:
    begun = tmp_path / "begun"
    says_so = f"open({str(begun)!r}, 'w').close()"
    chain = written(tmp_path, ENDLESS.replace("while True:", f"{says_so}\n        while True:"))
    with started("process", str(chain), str(recording)) as process:
        wait_until(begun.exists, 60, "the chain to run")
        process.send_signal(random.choice((signal.SIGINT, signal.SIGTERM)))
        assert process.wait(60) == 130
    left = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.suffix != ".pyc"]
    assert set(left) - {"__pycache__"} == {"mine.py", "r.h5", "begun"}
