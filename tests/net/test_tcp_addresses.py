"""Which addresses are ours."""

from ipaddress import ip_address

from studio.net.tcp_addresses import address_towards, is_local_address, serving_address


def test_only_addresses_of_this_machine_are_ours() -> None:
    assert is_local_address("127.0.0.1")
    assert is_local_address("127.0.0.77")
    assert is_local_address("::1")
    assert not is_local_address("192.0.2.1")


def test_the_way_to_ourselves_begins_at_ourselves() -> None:
    assert address_towards("127.0.0.1") == "127.0.0.1"


def test_where_to_listen_is_one_address_of_this_machine() -> None:
    address = serving_address()
    assert is_local_address(address)
    assert not ip_address(address).is_unspecified
