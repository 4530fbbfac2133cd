"""`studio clock pair`: two machines trust each other, headless; `studio clock paired` lists and forgets."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from studio.cli.clock import clock_verbs
from studio.engine.threads import spawn
from studio.errors import PairingError
from studio.net.tls_pairing import PairingState
from studio.net.tls_store import PairedMachines
from tests.cli.running import started
from tests.net.pairing_peers import LOCAL, PATIENCE_S, Machine, calling, waiting

if TYPE_CHECKING:
    import subprocess


def heard(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """The next line that it says."""
    assert process.stdout is not None
    line: dict[str, Any] = json.loads(process.stdout.readline())
    return line


@contextmanager
def user_of(machine: Machine, *, is_equal: bool) -> Iterator[str]:
    """Another machine that waits, with a user who says so; where it is."""
    with waiting(machine) as session:

        def answer(cancelled: threading.Event) -> None:
            if session.wait_code(PATIENCE_S).state is PairingState.COMPARING:
                session.answer(is_equal=is_equal)

        user = spawn("user", answer, lambda error: None)
        yield f"{LOCAL}:{session.port}"
        assert user.join(PATIENCE_S)
        session.wait_end(PATIENCE_S)


def said(*arguments: str, answer: str = "") -> str:
    """What a command says in the end; raises what it raises."""
    done = CliRunner().invoke(clock_verbs(), arguments, input=answer, catch_exceptions=False)
    return done.output


def test_who_is_called_and_paired_is_listed_until_forgotten(tmp_path: Path) -> None:
    other = Machine(tmp_path, "LAB-B")
    assert "No machine is paired" in said("paired")
    with user_of(other, is_equal=True) as place:
        assert "Paired with LAB-B" in said("pair", place, answer="y\n")
    (known,) = PairedMachines().machines
    assert known.fingerprint == other.identity.fingerprint
    assert [one.machine for one in other.store.machines] != []
    assert json.loads(said("paired", "--json"))["machines"][0]["fingerprint"] == known.fingerprint
    assert "LAB-B" in said("paired")
    assert "No machine" in said("paired", "--forget", "LAB-B")
    with pytest.raises(PairingError, match="No machine called 'LAB-B'"):
        said("paired", "--forget", "LAB-B")


@pytest.mark.parametrize("typed", [("--code", "000 000 0"), ()])
def test_nothing_is_kept_when_the_codes_differ(tmp_path: Path, typed: tuple[str, ...]) -> None:
    other = Machine(tmp_path, "LAB-B")
    with user_of(other, is_equal=True) as place, pytest.raises(PairingError, match="codes differ"):
        said("pair", place, *typed, answer="n\n")
    assert PairedMachines().machines == other.store.machines == ()


def test_only_paired_machines_are_told_the_time_if_the_user_wants_it_so() -> None:
    done = CliRunner().invoke(clock_verbs(), ["export", "--host", LOCAL, "--port", "0", "--tls", "require"])
    assert done.exit_code == 1
    assert "none was paired" in str(done.exception) + done.output
    done = CliRunner().invoke(clock_verbs(), ["import", LOCAL, "--tls", "perhaps"])
    assert done.exit_code == 2
    assert "plain, prefer, require" in done.output


def test_nobody_there_is_told(tmp_path: Path) -> None:
    with waiting(Machine(tmp_path, "A")) as session:
        nobody = f"{LOCAL}:{session.port}"
    with pytest.raises(PairingError, match="Begin on the other machine first"):
        said("pair", nobody)


def test_one_that_waits_says_where_and_with_whom_and_ends_when_the_other_user_refuses(tmp_path: Path) -> None:
    other = Machine(tmp_path, "LAB-B")
    with started("clock", "pair", "--host", LOCAL, "--port", "0", "--json") as process:
        told = heard(process)
        assert (told["event"], told["host"]) == ("waiting", LOCAL)
        with calling(other, told["port"]) as session:
            compare = heard(process)
            assert (compare["machine"], compare["code"]) == ("LAB-B", session.status.code)
            session.answer(is_equal=False)
            session.wait_end(PATIENCE_S)
    assert other.store.machines == ()
