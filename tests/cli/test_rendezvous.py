"""`studio rendezvous`: a directory shared, listed and changed from the command line."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from studio.cli.rendezvous import rendezvous_verbs
from studio.errors import NetworkError
from studio.net.endpoints import Process
from studio.net.rendezvous_server import RendezvousServer
from tests.cli.running import assert_says, document, run, started
from tests.net.rendezvous_peers import listener

if TYPE_CHECKING:
    import subprocess

LIMIT_S = 60.0


@contextmanager
def directory() -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A running `serve --json` on this machine alone, and where it is."""
    with started("rendezvous", "serve", "--host", "127.0.0.1", "--port", "0", "--json") as process:
        told = heard(process)
        assert told["event"] == "serving"
        yield f"{told['host']}:{told['port']}", process


def heard(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """The next line that it says."""
    assert process.stdout is not None
    line: dict[str, Any] = json.loads(process.stdout.readline())
    return line


def said(*arguments: str) -> str:
    """What a command says, run in this process; raises what it raises."""
    return CliRunner().invoke(rendezvous_verbs(), arguments, catch_exceptions=False).output


def test_what_is_added_is_listed_by_others_until_it_is_removed() -> None:
    with directory() as (place, server):
        offers = ("--clock", "10.0.0.2", "--tcp", "gaze:System.Double@10.0.0.2:9000")
        topics = ("--netmq", "a:A@tcp://10.0.0.2:9001", "--netmq", "b:B@tcp://10.0.0.2:9001")
        added = document(
            run("rendezvous", "add", place, "MyApp", *offers, *topics, "--version", "v1", "--json")
        )
        (process,) = json.loads(said("list", place, "--json"))["processes"]
        assert process == added["added"] == heard(server)["process"]
        assert process["endpoints"] == [
            {"kind": "remote_clock_exporter", "host": "10.0.0.2", "port": 11511, "streams": []},
            {
                "kind": "tcp_source",
                "host": "10.0.0.2",
                "port": 9000,
                "streams": [{"name": "gaze", "type": "System.Double"}],
            },
            {
                "kind": "netmq_source",
                "address": "tcp://10.0.0.2:9001",
                "streams": [{"name": "a", "type": "A"}, {"name": "b", "type": "B"}],
            },
        ]
        table = said("list", place)
        assert "10.0.0.2:11511" in table
        assert "v1" in table

        with pytest.raises(NetworkError, match=r"already.*--replace"):
            said("add", place, "MyApp")
        assert "is known" in said("add", place, "MyApp", "--replace")
        assert (heard(server)["event"], heard(server)["process"]["endpoints"]) == ("removed", [])
        assert json.loads(said("remove", place, "MyApp", "--json"))["removed"] == "MyApp"
        with pytest.raises(NetworkError, match="no process called MyApp"):
            said("remove", place, "MyApp")


def test_ctrl_c_ends_the_directory_properly() -> None:
    with directory() as (_, server):
        server.send_signal(signal.SIGINT)
        assert heard(server) == {"event": "ended"}
        assert server.wait(LIMIT_S) == 0
        assert server.stderr is not None
        assert server.stderr.read() == ""


def test_a_directory_that_is_not_there_is_told_in_words() -> None:
    with listener() as listening:
        nobody = f"127.0.0.1:{listening.getsockname()[1]}"
    told = run("rendezvous", "list", nobody, "--timeout-s", "0.5", "--json")
    assert_says(told, 1, f"No Rendezvous was found at {nobody}", "nothing listens there")
    assert "No Rendezvous" in document(told)["error"]


def test_what_cannot_be_understood_is_told_before_anything_is_opened() -> None:
    for arguments, word in (
        (("list", "host:port"), "HOST:PORT"),
        (("add", "h", "N", "--tcp", "no place"), "STREAM:TYPE@PLACE"),
        (("add", "h", "N", "--tcp", "a:A@b"), "STREAM:TYPE@HOST:PORT"),
    ):
        told = CliRunner().invoke(rendezvous_verbs(), arguments)
        assert told.exit_code == 2
        assert word in told.output
    with pytest.raises(NetworkError, match=r"203\.0\.113\.7"):
        said("serve", "--host", "203.0.113.7")


def test_a_name_that_would_write_on_the_terminal_does_not() -> None:
    with RendezvousServer(0, "127.0.0.1") as server:
        server.rendezvous.try_add_process(Process("\x1b[2JEvil"))
        told = said("list", f"127.0.0.1:{server.port}")
        assert "Evil" in told
        assert "\x1b" not in told
