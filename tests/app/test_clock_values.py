"""What a user chooses for the clock is checked, remembered, and decides whether a recording may start."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.app.clock_choices import changes_role, checked_settings
from studio.app.clock_gate import gate_text, milliseconds
from studio.app.clock_memory import (
    MOST_MACHINES,
    ClockMemory,
    RememberedMachine,
    keep_clock_memory,
    read_clock_memory,
)
from studio.app.clock_sync import ClockRole, ClockSettings, WhenLost
from studio.errors import SettingsError
from studio.timing import NS_PER_MS
from studio.timing.sync_status import Reference, SyncState, SyncStatus

FOLLOW = ClockSettings(role=ClockRole.FOLLOW, use_rendezvous=False, host="10.0.0.2")
WELL = SyncStatus(
    SyncState.SYNCHRONISED,
    reference=Reference("10.0.0.2", 11511, "LAB-MASTER"),
    bound=180_000,
    round_trip=210_000,
    probes=40,
    answered=40,
)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"port": 70_000}, "70000 cannot be the port of the clock to follow"),
        ({"serve_port": -1}, "-1 cannot be the port for others"),
        ({"rendezvous_port": 65_536}, "65536 cannot be the port of the Rendezvous"),
        ({"bound_limit_ns": 0}, "more than 0 ms"),
        ({"period_s": 0.1}, "not every 0.1 s"),
        ({"burst": 65}, "not 65 times"),
        ({"allow": ("10.0.0.0/24", "the lab")}, "'the lab' is no network"),
        ({"serve_address": " 0.0.0.0"}, "stands for all addresses"),
        ({"serve_address": "::"}, "stands for all addresses"),
        ({"host": "  "}, "There is no address to follow"),
    ],
)
def test_a_choice_that_cannot_be_is_named(wrong: dict[str, object], words: str) -> None:
    checked_settings(FOLLOW)
    with pytest.raises(SettingsError, match=words.replace("(", r"\(")):
        checked_settings(replace(FOLLOW, **wrong))  # type: ignore[arg-type]


def test_limits_and_policies_are_no_change_of_role_and_all_else_is() -> None:
    for change in ({"bound_limit_ns": 1}, {"gate": False}, {"when_lost": WhenLost.STOP}):
        assert not changes_role(FOLLOW, replace(FOLLOW, **change))  # type: ignore[arg-type]
    for change in ({"role": ClockRole.OWN}, {"host": "b"}, {"serve_port": 1}, {"allow": ("10.0.0.1",)}):
        assert changes_role(FOLLOW, replace(FOLLOW, **change))  # type: ignore[arg-type]


def test_a_clock_that_is_exact_enough_opens_the_gate() -> None:
    assert gate_text(FOLLOW, WELL) == ""
    assert gate_text(replace(FOLLOW, bound_limit_ns=180_000), WELL) == ""
    assert gate_text(FOLLOW, replace(WELL, state=SyncState.SYNCING, answered=16)) == ""


def test_the_gate_says_how_far_it_is_and_what_helps() -> None:
    far = replace(WELL, state=SyncState.DEGRADED, bound=7_900_000, round_trip=15_600_000)
    assert gate_text(FOLLOW, far) == (
        "Not synchronised well enough: \u00b1 7.9 ms, limit 5 ms (round trip 15.6 ms; try a cable)."
    )
    silent = replace(far, state=SyncState.HOLDOVER)
    assert "the reference is silent" in gate_text(FOLLOW, silent)


@pytest.mark.parametrize(
    ("sync", "words"),
    [
        (SyncStatus(SyncState.DISCOVERING, "Looking for a clock"), "Not synchronised: Looking for a clock."),
        (SyncStatus(SyncState.CONNECTING), "has not answered yet"),
        (SyncStatus(SyncState.ERROR, "It speaks another protocol."), "It speaks another protocol."),
        (SyncStatus(SyncState.OWN), "nothing is known"),
        (replace(WELL, answered=9), "9 of 16 replies"),
    ],
)
def test_without_a_clock_the_gate_is_closed(sync: SyncStatus, words: str) -> None:
    assert words in gate_text(FOLLOW, sync)


@pytest.mark.parametrize("role", [ClockRole.OWN, ClockRole.REFERENCE])
def test_only_who_follows_has_a_gate(role: ClockRole) -> None:
    assert gate_text(ClockSettings(role=role), SyncStatus(SyncState.ERROR, "bad")) == ""
    assert gate_text(replace(FOLLOW, gate=False), SyncStatus(SyncState.CONNECTING)) == ""
    assert gate_text(FOLLOW, SyncStatus(SyncState.SELF)) == ""


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (5 * NS_PER_MS, "5 ms"),
        (184_000, "0.18 ms"),
        (7_940_000, "7.9 ms"),
        (250 * NS_PER_MS, "250 ms"),
        (0, "0 ms"),
    ],
)
def test_durations_read_well(ns: int, text: str) -> None:
    assert milliseconds(ns) == text


MACHINES = st.builds(
    RememberedMachine,
    machine=st.text(max_size=8),
    host=st.text(min_size=1, max_size=8),
    port=st.integers(1, 65535),
)


@settings(max_examples=25, deadline=None)  # the disk may take its time
@given(
    machines=st.lists(MACHINES, max_size=6),
    limit=st.integers(1, 10**9),
    role=st.sampled_from(list(ClockRole)),
)
def test_what_is_remembered_is_there_at_the_next_start(
    machines: list[RememberedMachine], limit: int, role: ClockRole, tmp_path_factory: pytest.TempPathFactory
) -> None:
    memory = ClockMemory(ClockSettings(role=role, bound_limit_ns=limit, allow=("10.0.0.0/8",)))
    for machine in machines:
        memory = memory.with_machine(machine)
    path = tmp_path_factory.getbasetemp() / "clock.json"
    keep_clock_memory(memory, path)
    assert read_clock_memory(path) == (memory, "")
    assert len({machine.key for machine in memory.machines}) == len(memory.machines)
    assert all(memory.without(machine.key).machines != memory.machines for machine in memory.machines)


def test_the_machines_that_were_followed_long_ago_are_forgotten() -> None:
    memory = ClockMemory()
    for number in range(MOST_MACHINES + 1):
        memory = memory.with_machine(RememberedMachine(f"M{number}", f"10.0.0.{number}"))
    assert [memory.machines[n].machine for n in (0, -1)] == [f"M{MOST_MACHINES}", "M1"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"settings": {"role": "king"}}', b"\xff\xfe", b"[" * 5000]
)
def test_a_damaged_memory_never_prevents_a_start_and_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    assert read_clock_memory(path) == (ClockMemory(), "")
    path.write_bytes(content)
    memory, problem = read_clock_memory(path)
    assert memory == ClockMemory()
    assert str(path) in problem


def test_a_memory_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be kept"):
        keep_clock_memory(ClockMemory(), tmp_path / "file" / "clock.json")
