"""What a client says and hears, without a connection: what is on its way comes in any order."""

from hypothesis import given
from hypothesis import strategies as st

from studio.errors import StudioError
from studio.net.endpoints import Process, RemoteClockExporterEndpoint
from studio.net.rendezvous import Rendezvous
from studio.net.rendezvous_membership import Membership
from studio.net.rendezvous_protocol import (
    ClientGreeting,
    ProcessAdded,
    ProcessRemoved,
    Record,
    client_greeting_bytes,
    client_parser,
)


def process(port: int) -> Process:
    return Process("A", (RemoteClockExporterEndpoint("10.0.0.1", port),))


class Line:
    """A client and a server of one name; what is said stays on the line until it is let through."""

    def __init__(self) -> None:
        self.here, self.errors = Rendezvous(), list[StudioError]()
        self.there: dict[str, Process] = {}
        self._said: list[Record] = []
        self._echoes: list[Record] = []
        self._parser = client_parser()
        list(self._parser.feed(client_greeting_bytes()))
        membership = Membership(self.here, self.errors.append, leaves_nothing=False)
        membership.joined((), self._take)
        self._membership = membership

    def _take(self, data: bytes) -> None:
        for said in self._parser.feed(data):
            assert not isinstance(said, ClientGreeting)
            self._said.append(said)

    def reach_server(self) -> None:
        """One thing that was said is done and told to all, also to who said it (rule E250)."""
        if not self._said:
            return
        record = self._said.pop(0)
        match record:
            case ProcessAdded(added) if added.name not in self.there:
                self.there[added.name] = added
                self._echoes.append(record)
            case ProcessRemoved(name) if self.there.pop(name, None) is not None:
                self._echoes.append(record)

    def reach_client(self) -> None:
        """One echo is heard."""
        if self._echoes:
            self._membership.heard(self._echoes.pop(0))

    def settle(self) -> None:
        """All that is on its way arrives."""
        while self._said or self._echoes:
            self.reach_server()
            self.reach_client()


def test_an_echo_from_before_a_removal_does_not_bring_back_what_was_removed() -> None:
    line = Line()
    assert line.here.try_add_process(process(1))
    assert line.here.try_remove_process("A")
    line.reach_server()
    line.reach_client()  # that the first was added
    assert line.here.process("A") is None
    assert line.here.try_add_process(process(2))
    line.settle()
    assert line.here.process("A") == line.there["A"] == process(2)
    assert line.errors == []


@given(steps=st.lists(st.sampled_from(["add", "remove", "server", "client"]), max_size=40))
def test_both_ends_agree_in_the_end_on_what_this_program_wanted_last(steps: list[str]) -> None:
    line, wanted, port = Line(), None, 0
    for step in steps:
        if step == "add":
            port += 1
            added = line.here.try_add_process(process(port))
            assert added == (wanted is None)
            wanted = process(port) if added else wanted
        elif step == "remove":
            assert line.here.try_remove_process("A") == (wanted is not None)
            wanted = None
        elif step == "server":
            line.reach_server()
        else:
            line.reach_client()
    line.settle()
    assert line.here.process("A") == line.there.get("A") == wanted
    assert line.errors == []
