"""Where this machine can be reached, as the kernel sees it."""

from ipaddress import ip_address

from studio.app.own_addresses import own_addresses
from studio.app.own_networks import own_networks
from studio.net.tcp_addresses import is_local_address


def test_all_that_is_offered_is_an_address_of_this_machine_and_never_all_of_them() -> None:
    found = own_addresses()
    assert "127.0.0.1" in [one.address for one in found if one.is_loopback]
    for one in found:
        assert one.interface
        assert is_local_address(one.address)
        assert not ip_address(one.address).is_unspecified
        assert own_networks(one.address), "who may ask is known, and it is not everybody"
    loopback = [one.is_loopback for one in found]
    assert loopback == sorted(loopback), "what others cannot reach comes last"
