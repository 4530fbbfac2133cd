"""Addresses as they may be shown: passwords have no business on a screen, in a log or in a recording."""

import re

_ADDRESS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*://)(?P<user>[^/?#]*@)?(?P<place>[^?#]*)(?P<rest>.*)", re.DOTALL
)


def public_address(text: str) -> str:
    """`text` without user, password and query if it is an address, else as it is."""
    found = _ADDRESS.fullmatch(text)
    return text if found is None else found["scheme"] + found["place"]
