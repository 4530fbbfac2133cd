"""Checks what a user chose for the clock, and tells what of it is a change of role. Values only."""

from dataclasses import fields
from ipaddress import ip_address, ip_network

from studio.app.clock_sync import ClockRole, ClockSettings, address_key
from studio.errors import SettingsError

_MEANWHILE = frozenset({"bound_limit_ns", "gate", "when_lost"})
"""What may be changed while a recording runs: it moves no clock."""
_LONGEST_PERIOD_S = 300.0
_LARGEST_BURST = 64


def changes_role(before: ClockSettings, after: ClockSettings) -> bool:
    """Whether more than limits and policies differs."""
    names = (field.name for field in fields(ClockSettings) if field.name not in _MEANWHILE)
    return any(getattr(before, name) != getattr(after, name) for name in names)


def checked_settings(settings: ClockSettings) -> ClockSettings:
    """The same, if they can be. Raises SettingsError, which names what cannot."""
    for name, port in (
        ("the port of the Rendezvous", settings.rendezvous_port),
        ("the port of the clock to follow", settings.port),
        ("the port for others", settings.serve_port),
    ):
        _demand(0 <= port <= 65535, f"{port} cannot be {name}: ports are numbers from 1 to 65535.")
    _demand(
        settings.bound_limit_ns > 0,
        "How exact the clock must be has to be more than 0 ms; 5 ms suits sound and pictures.",
    )
    _demand(
        0.5 <= settings.period_s <= _LONGEST_PERIOD_S,
        f"A clock can be asked every 0.5 to {_LONGEST_PERIOD_S:.0f} s, not every {settings.period_s:g} s.",
    )
    _demand(
        1 <= settings.burst <= _LARGEST_BURST,
        f"A clock can be asked 1 to {_LARGEST_BURST} times in a row, not {settings.burst} times.",
    )
    _demand(
        not is_every_address(settings.serve_address),
        f"'{settings.serve_address.strip()}' stands for all addresses of this machine: choose the one at "
        "which others shall reach it, or leave it to the studio.",
    )
    for network in settings.allow:
        _check_network(network)
    _check_role(settings)
    return settings


def is_every_address(host: str) -> bool:
    """Whether who listens there listens everywhere, on networks that nobody thought of as well."""
    try:
        return ip_address(host.strip().strip("[]")).is_unspecified
    except ValueError:
        return host.strip() in ("*", "0")


def _check_role(settings: ClockSettings) -> None:
    if settings.role is ClockRole.FOLLOW and not settings.use_rendezvous:
        _demand(
            bool(settings.host.strip()),
            "There is no address to follow. Type the name or address of the machine whose clock counts, or "
            "look for it through the Rendezvous.",
        )


def _check_network(text: str) -> None:
    try:
        ip_network(text, strict=False)
    except ValueError as error:
        raise SettingsError(
            f"'{text}' is no network of addresses. Write it like 10.0.0.0/24, or a single address."
        ) from error


def _demand(is_so: bool, sentence: str) -> None:
    if not is_so:
        raise SettingsError(sentence)


def role_words(settings: ClockSettings) -> str:
    """What was chosen, for people."""
    match settings.role:
        case ClockRole.FOLLOW:
            chosen = (
                settings.machine if settings.use_rendezvous else address_key(settings.host, settings.port)
            )
            return f"follow {chosen or 'another machine'}"
        case ClockRole.REFERENCE:
            return "be the reference"
        case _:
            return "this machine's own clock"
