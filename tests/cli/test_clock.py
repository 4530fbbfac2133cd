"""`studio clock` and recordings with another machine's clock, from the outside."""

import json
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from studio.cli.clock import clock_verbs
from studio.errors import StudioError
from studio.store.reader import StoreReader
from studio.timing import NS_PER_MS, NS_PER_S, SystemClock
from tests.app.clock_keeping import AHEAD, other_clock, other_machine
from tests.cli.running import assert_says, run, started
from tests.lab.network.manners import Manner
from tests.lab.network.program import LabProgram

if TYPE_CHECKING:
    import subprocess

DAYS = (3 * 86400 + 60) * NS_PER_S
FOLLOWED = 100 * NS_PER_MS
"""Two readings of this machine's wall clock, which is what offsets are told to, differ by less."""


def first_line(process: "subprocess.Popen[str]") -> dict[str, object]:
    """The first document of a command that goes on."""
    assert process.stdout is not None
    found: dict[str, object] = json.loads(process.stdout.readline())
    return found


def said(*arguments: str) -> str:
    """What a command says, run in this process: a program takes its time to start. Raises what it raises."""
    return CliRunner().invoke(clock_verbs(), arguments, catch_exceptions=False).output


def test_following_says_how_far_the_other_clock_is() -> None:
    with other_machine(other_clock(SystemClock())) as machine:
        found = json.loads(said("import", "127.0.0.1", "--port", str(machine.port), "--json"))
    assert found["reference"] == {"machine": "LAB-MASTER", "host": "127.0.0.1", "port": machine.port}
    assert abs(found["offset_ns"] - AHEAD) < FOLLOWED
    assert 0 < found["bound_ns"] <= 5 * NS_PER_MS
    assert found["answered"] >= 16


def test_a_clock_that_is_days_off_is_followed_only_when_the_command_says_so() -> None:
    with other_machine(other_clock(SystemClock(), ahead=DAYS)) as machine:
        place = ("clock", "import", "127.0.0.1", "--port", str(machine.port), "--json")
        refused = run(*place)
        assert_says(refused, 1, "3 days ahead of this machine's", "--far")
        followed = json.loads(said(*place[1:], "--far"))
    assert abs(followed["offset_ns"] - DAYS) < FOLLOWED


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("export", "--host", "0.0.0.0", "--port", "0"), "stands for all addresses of this machine"),
        (("import", "127.0.0.1", "--limit-ms", "nan"), "nan is no number that can be used here"),
        (("import", "127.0.0.1:x"), "127.0.0.1:x"),
    ],
    ids=["everywhere", "no number", "no port"],
)
def test_what_cannot_be_is_said_before_anything_begins(arguments: tuple[str, ...], words: str) -> None:
    done = CliRunner().invoke(clock_verbs(), arguments)
    assert done.exit_code != 0
    told = done.output if not isinstance(done.exception, StudioError) else str(done.exception)
    assert words in told


def test_watching_goes_on_until_it_is_interrupted() -> None:
    with other_machine(other_clock(SystemClock())) as machine:
        arguments = ("clock", "import", "127.0.0.1", "--port", str(machine.port), "--watch", "--json")
        with started(*arguments) as process:
            while first_line(process)["bound_ns"] is None:
                pass
            while int(str(first_line(process)["answered"])) < 16:
                pass
            process.send_signal(signal.SIGINT)
            rest, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert json.loads(rest.splitlines()[-1])["reference"]["machine"] == "LAB-MASTER"


def test_exporting_tells_where_and_ends_properly() -> None:
    with started("clock", "export", "--host", "127.0.0.1", "--port", "0", "--json") as process:
        host, _, port = str(first_line(process)["serving"]).rpartition(":")
        with LabProgram.of_module("tests.lab.network.single_shot", host, port, "0.01") as importer:
            assert importer.heard() == "ready"
            monotonic, offset = map(int, importer.heard().split())
        assert abs(monotonic + offset - SystemClock().from_monotonic(monotonic)) < 60 * NS_PER_S
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors


def test_an_export_that_cannot_be_is_exit_code_one() -> None:
    done = CliRunner().invoke(clock_verbs(), ["export", "--host", "192.0.2.77"])
    assert done.exit_code == 1
    assert "192.0.2.77" in done.output + str(done.exception)


def test_a_recording_can_have_the_clock_of_another_machine(tmp_path: Path) -> None:
    own, out = SystemClock(), tmp_path / "a.h5"
    with other_machine(other_clock(own)) as machine:
        place = f"127.0.0.1:{machine.port}"
        done = run(
            *("record", "--device", "simulated:signal", "--seconds", "0.5", "--out", str(out)),
            *("--follow", place, "--require-sync"),
        )
    assert_says(done, 0, "LAB-MASTER")
    with StoreReader(out) as reader:
        (stream,) = reader.info().streams
        ahead = stream.last_time - own.now()
        assert AHEAD - 60 * NS_PER_S < ahead < AHEAD
        assert reader.clock_logs()[0].references[0].machine == "LAB-MASTER"


def test_what_is_required_is_not_done_without(tmp_path: Path) -> None:
    out = tmp_path / "a.h5"
    recording = ("record", "--device", "simulated:signal", "--seconds", "0.3", "--out", str(out))
    with other_machine(other_clock(SystemClock()), manner=Manner.SILENT) as machine:
        follow = ("--follow", f"127.0.0.1:{machine.port}", "--sync-timeout-s", "0.2")
        assert_says(run(*recording, *follow, "--require-sync"), 1, "Not synchronised", "Nothing was recorded")
        assert not out.exists()
        assert_says(run(*recording, *follow), 0, "Not synchronised", "own clock to its end")
    assert out.exists()
