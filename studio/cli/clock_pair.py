"""`studio clock pair` and `studio clock paired`: which machines are trusted for protected clocks."""

import json as json_format
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from studio.net.tls_pairing import PairingSession, PairingStatus

Json = Annotated[bool, typer.Option("--json", help="JSON instead of text, one document a line.")]


def pair(
    place: Annotated[
        str,
        typer.Argument(metavar="[HOST[:PORT]]", help="The machine that waits; without: wait to be called."),
    ] = "",
    host: Annotated[
        str, typer.Option(help="Waiting: the address to listen at; without: the one others reach.")
    ] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Waiting: 0 is any free one.")] = 11513,
    code: Annotated[
        str, typer.Option(help="The code that the other machine shows; without: it is asked for.")
    ] = "",
    json: Json = False,
) -> None:
    """Pair two machines so that one may follow the other's clock through TLS.

    Begin on one machine without HOST, then give its address on the other one. Both show a code: answer yes on
    both if it is the same. Exit code 1: they are not paired.
    """
    from studio.cli.place import parsed_place
    from studio.net.clock_serving import machine_name
    from studio.net.tcp_addresses import serving_address
    from studio.net.tls_pairing import PairingSession
    from studio.net.tls_pairing_protocol import DEFAULT_PORT
    from studio.net.tls_store import PairedMachines

    where = parsed_place(place, DEFAULT_PORT) if place else (host or serving_address(), port)
    session = PairingSession(PairedMachines(), machine_name(), *where, is_caller=bool(place))
    session.start()
    try:
        _pair(session, code, is_waiting=not place, json=json)
    finally:
        session.close()


def paired(
    forget: Annotated[
        str, typer.Option(metavar="MACHINE", help="Trust this one no more: its name or fingerprint.")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")] = False,
) -> None:
    """List the machines that were paired with this one."""
    from studio.cli.output import print_json, print_table, print_text, printable
    from studio.errors import PairingError
    from studio.net.tls_store import PairedMachines

    store = PairedMachines()
    if forget and not store.forget(forget):
        raise PairingError(f"No machine called {forget!r} is paired with this one.")
    if json:
        known = [
            {
                "machine": one.machine,
                "address": one.address,
                "fingerprint": one.fingerprint,
                "paired_time": one.paired_time,
            }
            for one in store.machines
        ]
        print_json({"machines": known})
    elif not store.machines:
        print_text("No machine is paired with this one.")
    else:
        rows = [(printable(one.machine), one.address, one.fingerprint[:16]) for one in store.machines]
        print_table(("machine", "address", "fingerprint"), rows)


def _pair(session: "PairingSession", code: str, *, is_waiting: bool, json: bool) -> None:
    from studio.cli.output import printable
    from studio.errors import PairingError
    from studio.net.tls_pairing import OPEN_S, PairingState

    if is_waiting:
        sentence = (
            f"Waiting for the other machine: run there  studio clock pair {session.host}:{session.port}"
        )
        _say(json, sentence, event="waiting", host=session.host, port=session.port)
    status = session.wait_code(2 * OPEN_S)
    if status.state is PairingState.COMPARING:
        _compare(session, status, code, json=json)
        status = session.wait_end(2 * OPEN_S)
    if status.state is not PairingState.PAIRED:
        raise PairingError(status.text or "It took too long.")
    _say(json, f"Paired with {printable(status.machine)}.", event="paired", machine=status.machine)


def _compare(session: "PairingSession", status: "PairingStatus", code: str, *, json: bool) -> None:
    from studio.cli.output import printable
    from studio.errors import PairingError

    sentence = f"{printable(status.machine)} at {status.address}.  The code is  {status.code}"
    _say(json, sentence, event="compare", code=status.code, machine=status.machine, address=status.address)
    if code:
        session.answer(is_equal=_digits(code) == _digits(status.code))
        return
    sys.stderr.write("Does the other machine show the same code? [y/N] ")
    sys.stderr.flush()
    answer = sys.stdin.readline().strip().casefold()
    try:
        session.answer(is_equal=answer in ("y", "yes"))
    except PairingError:
        return  # it has ended meanwhile, and says why


def _digits(code: str) -> str:
    return "".join(letter for letter in code if letter.isdecimal())


def _say(json: bool, sentence: str, **document: Any) -> None:
    sys.stdout.write((json_format.dumps(document) if json else sentence) + "\n")
    sys.stdout.flush()
