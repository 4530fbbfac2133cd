"""The directory: what it knows, whom it tells of it and how often, from several threads."""

import threading

import pytest

from studio.engine.threads import spawn
from studio.errors import LocalProtocolError
from studio.net.endpoints import NetMQSourceEndpoint, Stream
from studio.net.rendezvous import MOST_BYTES, Change, Rendezvous
from studio.net.rendezvous_protocol import MOST_PROCESSES, NAME_BYTES

LIMIT_S = 20.0


class Told:
    """Keeps what it is told, as (what, name, version)."""

    def __init__(self, rendezvous: Rendezvous) -> None:
        self.all: list[tuple[str, str, str]] = []
        rendezvous.process_added.connect(lambda p: self.all.append(("+", p.name, p.version)))
        rendezvous.process_removed.connect(lambda p: self.all.append(("-", p.name, p.version)))


class Kept:
    """Follows a directory."""

    def __init__(self) -> None:
        self.changes: list[Change] = []

    def changed(self, change: Change) -> None:
        self.changes.append(change)


def large(name: str, byte_count: int) -> Rendezvous.Process:
    """A process that takes about so many bytes."""
    streams = tuple(Stream(str(number), "T" * 60_000) for number in range(byte_count // 60_000))
    return Rendezvous.Process(name, (NetMQSourceEndpoint("tcp://x:1", streams),))


def test_e246_a_process_is_added_once_and_told_of_once() -> None:
    rendezvous = Rendezvous()
    told = Told(rendezvous)
    assert rendezvous.try_add_process(Rendezvous.Process("A", version="1"))
    assert not rendezvous.try_add_process(Rendezvous.Process("A", version="2"))
    assert told.all == [("+", "A", "1")]
    assert rendezvous.processes == (Rendezvous.Process("A", version="1"),)


def test_e246_a_process_is_removed_by_itself_or_by_its_name() -> None:
    rendezvous = Rendezvous()
    told = Told(rendezvous)
    for name in "AB":
        rendezvous.try_add_process(Rendezvous.Process(name, version="1"))
    assert rendezvous.try_remove_process("A")
    assert rendezvous.try_remove_process(Rendezvous.Process("B", version="another"))
    assert not rendezvous.try_remove_process("A")
    assert told.all[2:] == [("-", "A", "1"), ("-", "B", "1")]
    assert rendezvous.processes == ()


def test_e246_a_new_handler_is_first_called_for_the_processes_that_are_there() -> None:
    rendezvous = Rendezvous()
    for name in "ABC":
        rendezvous.try_add_process(Rendezvous.Process(name))
    rendezvous.try_remove_process("B")
    told = Told(rendezvous)
    assert [name for _, name, _ in told.all] == ["A", "C"]


def test_a_handler_that_was_disconnected_is_not_called() -> None:
    rendezvous = Rendezvous()
    seen: list[str] = []

    def handler(process: Rendezvous.Process) -> None:
        seen.append(process.name)

    rendezvous.process_added.connect(handler)
    assert rendezvous.process_added.has_handlers
    rendezvous.process_added.disconnect(handler)
    rendezvous.try_add_process(Rendezvous.Process("A"))
    assert seen == []
    with pytest.raises(ValueError, match="not connected"):
        rendezvous.process_added.disconnect(handler)


def test_e253_7_a_process_that_was_started_again_takes_the_place_of_the_old_one() -> None:
    rendezvous = Rendezvous()
    told = Told(rendezvous)
    assert rendezvous.replace_process(Rendezvous.Process("A", version="1"))
    assert not rendezvous.replace_process(Rendezvous.Process("A", version="1"))
    assert rendezvous.replace_process(Rendezvous.Process("A", version="2"))
    assert told.all == [("+", "A", "1"), ("-", "A", "1"), ("+", "A", "2")]


def test_what_a_handler_changes_is_told_after_what_it_was_told() -> None:
    rendezvous = Rendezvous()
    seen: list[str] = []

    def remove_again(process: Rendezvous.Process) -> None:
        rendezvous.try_remove_process(process)
        seen.append(f"+{process.name}")

    rendezvous.process_added.connect(remove_again)
    rendezvous.process_removed.connect(lambda p: seen.append(f"-{p.name}"))
    rendezvous.try_add_process(Rendezvous.Process("A"))
    assert seen == ["+A", "-A"]


def test_a_handler_that_fails_stops_nobody_and_is_reported() -> None:
    rendezvous = Rendezvous()
    errors: list[Exception] = []
    rendezvous.error.connect(errors.append)

    def fail(process: Rendezvous.Process) -> None:
        raise RuntimeError(process.name)

    rendezvous.process_added.connect(fail)
    told = Told(rendezvous)
    assert rendezvous.try_add_process(Rendezvous.Process("A"))
    assert told.all == [("+", "A", "")]
    assert [str(error) for error in errors] == ["A"]


def test_what_other_machines_would_not_take_is_refused_where_it_is_added() -> None:
    rendezvous = Rendezvous()
    with pytest.raises(LocalProtocolError, match="1025 bytes"):
        rendezvous.try_add_process(Rendezvous.Process("x" * (NAME_BYTES + 1)))
    with pytest.raises(LocalProtocolError, match="1025 bytes"):
        rendezvous.replace_process(Rendezvous.Process("x" * (NAME_BYTES + 1)))
    assert rendezvous.processes == ()


def test_a_directory_holds_so_many_processes_and_no_more() -> None:
    rendezvous = Rendezvous()
    for number in range(MOST_PROCESSES):
        rendezvous.try_add_process(Rendezvous.Process(str(number)))
    with pytest.raises(LocalProtocolError, match="no more can be"):
        rendezvous.try_add_process(Rendezvous.Process("one more"))
    assert rendezvous.replace_process(Rendezvous.Process("7", version="2"))
    rendezvous.try_remove_process("0")
    assert rendezvous.try_add_process(Rendezvous.Process("one more"))


def test_a_directory_holds_so_many_bytes_and_loses_nothing_for_one_that_is_too_large() -> None:
    rendezvous = Rendezvous()
    for number in range(MOST_BYTES // 1_000_000):
        assert rendezvous.try_add_process(large(str(number), 960_000))
    rendezvous.try_add_process(Rendezvous.Process("small"))
    with pytest.raises(LocalProtocolError, match="'more' was not added"):
        rendezvous.try_add_process(large("more", 960_000))
    with pytest.raises(LocalProtocolError, match="'small' was not added"):
        rendezvous.replace_process(large("small", 960_000))
    assert rendezvous.process("small") == Rendezvous.Process("small")
    assert rendezvous.replace_process(large("0", 900_000))


def test_a_follower_gets_what_is_there_and_every_change_with_who_wanted_it() -> None:
    rendezvous, kept, me = Rendezvous(), Kept(), object()
    rendezvous.try_add_process(Rendezvous.Process("A"))
    assert rendezvous.follow(kept) == (Rendezvous.Process("A"),)
    rendezvous.add(Rendezvous.Process("B"), source=me)
    rendezvous.remove("A", source=me)
    rendezvous.try_remove_process("B")
    assert [(type(c.record).__name__, c.process.name, c.source) for c in kept.changes] == [
        ("ProcessAdded", "B", me),
        ("ProcessRemoved", "A", me),
        ("ProcessRemoved", "B", None),
    ]
    rendezvous.unfollow(kept)
    rendezvous.try_add_process(Rendezvous.Process("C"))
    assert len(kept.changes) == 3


def test_a_handler_that_takes_long_holds_up_no_other_thread() -> None:
    rendezvous = Rendezvous()
    is_in, may_go = threading.Event(), threading.Event()
    seen: list[str] = []

    def dawdle(process: Rendezvous.Process) -> None:
        seen.append(process.name)
        is_in.set()
        assert may_go.wait(LIMIT_S)

    rendezvous.process_added.connect(dawdle)

    def add(cancelled: threading.Event) -> None:
        rendezvous.try_add_process(Rendezvous.Process("A"))

    slow = spawn("slow", add, _fail)
    assert is_in.wait(LIMIT_S)
    assert rendezvous.try_add_process(Rendezvous.Process("B"))
    assert seen == ["A"]
    assert rendezvous.untold == 1
    may_go.set()
    assert slow.join(LIMIT_S)
    assert seen == ["A", "B"]


def test_e253_11_whatever_threads_do_every_handler_ends_with_what_is_there() -> None:
    """Handlers that come while others add and remove: none is told twice, none misses anything."""
    rendezvous = Rendezvous()
    seen: list[dict[str, str]] = []
    wrong: list[str] = []

    def listen() -> None:
        known: dict[str, str] = {}
        seen.append(known)

        def added(process: Rendezvous.Process) -> None:
            if known.setdefault(process.name, process.version) != process.version or process.name in twice:
                wrong.append(process.name)
            twice.add(process.name)

        def removed(process: Rendezvous.Process) -> None:
            twice.discard(process.name)
            known.pop(process.name, None)

        twice: set[str] = set()
        rendezvous.process_removed.connect(removed)
        rendezvous.process_added.connect(added)

    def change(number: int) -> None:
        for turn in range(300):
            rendezvous.try_add_process(Rendezvous.Process(str(turn % 7), version=f"{number}.{turn}"))
            rendezvous.try_remove_process(str((turn + number) % 7))
            if turn % 50 == 0:
                listen()

    threads = [spawn(f"change{n}", lambda cancelled, n=n: change(n), _fail) for n in range(4)]  # type: ignore[misc]
    assert all(thread.join(LIMIT_S) for thread in threads)
    rendezvous.deliver()
    expected = {process.name: process.version for process in rendezvous.processes}
    assert len(seen) == 24
    assert all(known == expected for known in seen)
    assert wrong == []


def _fail(error: BaseException) -> None:
    raise error
