"""Which addresses are this machine's own, as far as the kernel's routes tell. Sends nothing to anybody."""

import contextlib
import socket
from ipaddress import ip_address

LOOPBACK = "127.0.0.1"
_DISCARD = 9
"""Any port will do: nothing is sent."""
_FAR_AWAY = ("10.255.255.255", "192.168.255.255", "172.31.255.255", "192.0.2.1")
"""Private networks first; only the way there is looked up."""


def is_local_address(address: str) -> bool:
    """Whether an address is one of this machine: then, and only then, the way to it begins there too."""
    plain = address.partition("%")[0]
    if ip_address(plain).is_loopback:
        return True
    return _beginning_of_way(address) == plain


def address_towards(host: str) -> str | None:
    """The address of this machine from which `host` is reached; None if there is no way.

    A name is looked up, which may take its time.
    """
    try:
        address = str(socket.getaddrinfo(host, _DISCARD, type=socket.SOCK_DGRAM)[0][4][0])
    except (OSError, UnicodeError):
        return None
    return _beginning_of_way(address)


def serving_address() -> str:
    """Where to listen when nobody said where: one address, that of a private network if there is one.

    Never that which stands for all of them (decision 32). Without a network, one for this machine alone.
    """
    found = [_beginning_of_way(address) for address in _FAR_AWAY]
    found += _addresses_of_cables()  # two machines and a cable have no way to far away
    usable = [address for address in found if address is not None and not ip_address(address).is_loopback]
    private = (address for address in usable if ip_address(address).is_private)
    return next(private, usable[0] if usable else LOOPBACK)


def _addresses_of_cables() -> list[str]:
    """What this machine is called on the networks that it is part of, by the names of the interfaces."""
    import psutil  # not needed by the process that measures

    stats = psutil.net_if_stats()
    return [
        str(address.address)
        for name, addresses in sorted(psutil.net_if_addrs().items())
        for address in addresses
        if address.family == socket.AF_INET and name in stats and stats[name].isup
    ]


def _beginning_of_way(address: str) -> str | None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.connect((address, _DISCARD))
        return str(sock.getsockname()[0]).partition("%")[0]
    return None
