"""Which network an address of this machine is in: who may ask for the time unless somebody says otherwise."""

from ipaddress import ip_address, ip_interface

import psutil


def own_networks(address: str) -> tuple[str, ...]:
    """The network of that address, as `10.0.0.0/24`; empty (everybody) where the machine cannot tell."""
    for addresses in psutil.net_if_addrs().values():
        for found in addresses:
            if found.address.partition("%")[0] == address and found.netmask:
                try:
                    bits = int(ip_address(found.netmask)).bit_count()
                    return (str(ip_interface(f"{address}/{bits}").network),)
                except ValueError:
                    continue  # a mask in another notation
    return ()
