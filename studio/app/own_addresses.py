"""The addresses of this machine at which others may be served, for people to choose from."""

from collections.abc import Iterator
from ipaddress import ip_address

import psutil

from studio.app.clock_sync import OwnAddress

_FAMILIES = ("AF_INET", "AF_INET6")


def own_addresses() -> tuple[OwnAddress, ...]:
    """Of all interfaces that are up: private networks first, this machine alone last.

    Without those that mean nothing without an interface beside them (IPv6 `fe80::`).
    """
    return tuple(sorted(_found(), key=_order))


def _found() -> Iterator[OwnAddress]:
    stats = psutil.net_if_stats()
    for name, addresses in psutil.net_if_addrs().items():
        if name not in stats or not stats[name].isup:
            continue
        for found in addresses:
            if found.family.name not in _FAMILIES or "%" in found.address:
                continue
            address = ip_address(found.address)
            if not address.is_link_local or address.version == 4:
                yield OwnAddress(found.address, name, is_loopback=address.is_loopback)


def _order(one: OwnAddress) -> tuple[bool, bool, bool, str, str]:
    address = ip_address(one.address)
    return one.is_loopback, address.version == 6, not address.is_private, one.interface, one.address
