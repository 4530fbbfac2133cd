"""Who may come in, whatever the order in which they come and go."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.net.tcp_limits import REMEMBERED_ADDRESSES, Admission, ServerLimits, is_allowed
from studio.timing import NS_PER_S


@pytest.mark.parametrize(
    ("address", "network", "expected"),
    [
        ("10.0.0.5", "10.0.0.0/24", True),
        ("10.0.1.5", "10.0.0.0/24", False),
        ("::ffff:10.0.0.5", "10.0.0.0/24", True),
        ("10.0.0.5", "fe80::/10", False),
        ("fe80::1%eth0", "fe80::/10", True),
    ],
)
def test_an_address_lies_in_a_network_or_not(address: str, network: str, expected: bool) -> None:
    assert is_allowed(address, [ip_network(network)]) is expected


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=60))
def test_never_more_than_allowed_are_in(steps: list[tuple[int, bool]]) -> None:
    limits = ServerLimits(per_address=3, in_total=7, per_second=10**6)
    admission = Admission(limits)
    inside: dict[str, int] = {}
    for number, comes in steps:
        address = f"10.0.0.{number}"
        if not comes and inside.get(address):
            admission.left(address)
            inside[address] -= 1
        elif comes and not admission.refusal(address, 0) and not admission.is_full:
            admission.entered(address)
            inside[address] = inside.get(address, 0) + 1
    assert all(count <= 3 for count in inside.values())
    assert sum(inside.values()) <= 7
    assert admission.is_full == (sum(inside.values()) == 7)


def test_visits_are_counted_a_second_and_an_address() -> None:
    admission = Admission(ServerLimits(per_second=2))
    assert [bool(admission.refusal("a.", 5)) for _ in range(3)] == [False, False, True]
    assert not admission.refusal("b.", 6)
    assert not admission.refusal("a.", NS_PER_S + 1)


def test_many_addresses_take_no_more_memory() -> None:
    admission = Admission(ServerLimits())
    for number in range(3 * REMEMBERED_ADDRESSES):
        admission.refusal(str(number), 0)
    assert len(admission._came) <= REMEMBERED_ADDRESSES
