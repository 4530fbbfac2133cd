"""A place on the network as it is typed: `HOST` or `HOST:PORT`."""

import typer


def parsed_place(text: str, default_port: int) -> tuple[str, int]:
    """Host and port; raises BadParameter. An address of IPv6 with a port is written in brackets."""
    host, colon, port = text.strip().rpartition(":")
    is_bare = not colon or (":" in host and not host.endswith("]"))
    if is_bare:
        host, port = text.strip(), str(default_port)
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise typer.BadParameter(f"'{text}' is no place on a network; write HOST or HOST:PORT")
    return host, int(port)
