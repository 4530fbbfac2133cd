"""The arithmetic of the host: when a recorder leaves, what waits to be sent, who waits for what."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.app.status import RecorderState
from studio.errors import RemoteFailure, RoleError
from studio.host.occupancy import Occupancy, Step
from studio.host.outbox import REPLIES, Outbox
from studio.host.pending import Pending
from studio.host.protocol import Failure, GetStatus, Reply
from studio.host.role_names import Role
from studio.host.roles import LOG_BYTES, role_command, run_role, start_with_pipes
from studio.host.run_directory import RunDirectory
from studio.timing import NS_PER_S

BUSY = (RecorderState.RECORDING, RecorderState.FINISHING)
LOOKS = st.lists(
    st.tuples(st.integers(1, 4 * NS_PER_S), st.integers(0, 2), st.sampled_from(list(RecorderState))),
    min_size=1,
    max_size=40,
)


@given(LOOKS)
def test_it_leaves_only_after_ten_seconds_without_clients_and_recording(
    looks: list[tuple[int, int, RecorderState]],
) -> None:
    rules, now, alone_since = Occupancy(), 0, None
    for elapsed, clients, state in looks:
        now += elapsed
        step = rules.look(now, clients, state)
        if clients or state in BUSY:
            alone_since = None
            assert step is Step.NOTHING
            continue
        alone_since = now if alone_since is None else alone_since
        if now - alone_since < 10 * NS_PER_S:
            assert step is Step.NOTHING
        else:
            assert step is (Step.STOP_PREVIEW if state is RecorderState.PREVIEW else Step.LEAVE)


def test_replies_keep_their_order_and_of_status_only_the_newest_is_sent() -> None:
    outbox = Outbox()
    outbox.push(b"old")
    outbox.push(b"new")
    assert outbox.put_reply(b"1")
    assert outbox.put_reply(b"2")
    outbox.close()
    outbox.push(b"too late")
    assert [outbox.take() for _ in range(4)] == [b"1", b"2", b"new", None]
    assert outbox.replaced == 1


def test_an_outbox_that_nobody_empties_is_full_one_day() -> None:
    outbox = Outbox()
    assert all(outbox.put_reply(b"") for _ in range(REPLIES))
    assert not outbox.put_reply(b"")


def test_every_request_is_settled_once() -> None:
    pending = Pending()
    (first, a), (second, b), (third, c) = (pending.add(GetStatus()) for _ in range(3))
    assert len({first.number, second.number, third.number}) == 3
    pending.settle(Reply(second.number, "two"))
    pending.settle(Failure(first.number, "The disk is full.", "StoreEnvironmentError"))
    pending.settle(Reply(second.number, "again"))
    pending.settle(Reply(12345, "of nobody"))
    assert pending.is_waiting(third.number)
    pending.fail_all(RoleError("gone"))
    assert b.result(0) == "two"
    failure = a.exception(0)
    assert isinstance(failure, RemoteFailure)
    assert (failure.text, failure.kind) == ("The disk is full.", "StoreEnvironmentError")
    assert isinstance(c.exception(0), RoleError)
    assert not pending.is_waiting(third.number)


def test_a_role_is_this_program_frozen_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert role_command(Role.READER, ["x"]) == [sys.executable, "-m", "studio", "--role", "reader", "x"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert role_command(Role.READER) == [sys.executable, "--role", "reader"]


def test_an_unknown_role_is_an_error() -> None:
    assert run_role("dancer") == 2


def test_a_long_log_is_put_aside() -> None:
    directory = RunDirectory.open()
    log = directory.file("reader.log")
    log.write_bytes(b"x" * (LOG_BYTES + 1))
    process = start_with_pipes(Role.READER)
    process.end(timeout_s=20)
    assert process.exit_code() == 0
    assert log.stat().st_size < LOG_BYTES
    assert directory.file("reader.log.1").stat().st_size == LOG_BYTES + 1
