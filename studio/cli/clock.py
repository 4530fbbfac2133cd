"""`studio clock`: exports this machine's clock to others, or follows another machine's and says how well."""

from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.clock_correct import correct
from studio.cli.clock_pair import pair, paired
from studio.cli.numbers import finite

if TYPE_CHECKING:
    from studio.app.clock_sync import Protection

Json = Annotated[bool, typer.Option("--json", help="JSON instead of text, one document a line.")]
Seconds = Annotated[
    float | None,
    typer.Option(min=0.1, callback=finite, help="How long; without: until Ctrl+C or SIGTERM."),
]
Rendezvous = Annotated[
    str,
    typer.Option(
        "--rendezvous", metavar="HOST[:PORT]", help="Where machines find each other; without: nowhere."
    ),
]
Tls = Annotated[
    str,
    typer.Option(
        "--tls",
        metavar="plain|prefer|require",
        help="Through TLS: with nobody, with machines that were paired, or with these only.",
    ),
]

Far = Annotated[
    bool, typer.Option("--far", help="Follow it although its clock is more than a day off; never by itself.")
]


def clock_verbs() -> typer.Typer:
    """`clock` and what can be done with it."""
    verbs = typer.Typer(
        no_args_is_help=True, help="Export this machine's clock, follow another's, or correct times."
    )
    verbs.command("export")(export)
    verbs.command("import")(follow)
    verbs.command("correct")(correct)
    verbs.command("pair")(pair)
    verbs.command("paired")(paired)
    return verbs


def export(
    host: Annotated[
        str,
        typer.Option(help="The address to listen at; without: the one others reach. Never all addresses."),
    ] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free one, which is said.")] = 11511,
    allow: Annotated[
        list[str],
        typer.Option(
            metavar="NETWORK", help="Who may ask (10.0.0.0/24); repeatable. Without: the own subnet."
        ),
    ] = [],  # noqa: B006 - the way a repeatable option is declared; nobody changes it
    rendezvous: Rendezvous = "",
    tls: Tls = "plain",
    seconds: Seconds = None,
    json: Json = False,
) -> None:
    """Be the reference whose time other machines follow, until Ctrl+C. Exit code 1: it cannot be."""
    from studio.app.clock_sync import RENDEZVOUS_PORT, ClockRole, ClockSettings
    from studio.cli.clock_roles import serve
    from studio.cli.place import parsed_place

    meeting = parsed_place(rendezvous, RENDEZVOUS_PORT) if rendezvous else ("", RENDEZVOUS_PORT)
    settings = ClockSettings(
        role=ClockRole.REFERENCE,
        use_rendezvous=bool(rendezvous),
        rendezvous_host=meeting[0],
        rendezvous_port=meeting[1],
        serve_address=host,
        serve_port=port,
        allow=tuple(allow),
        protection=_protection(tls),
    )
    raise typer.Exit(serve(settings, seconds=seconds, json=json))


def follow(
    host: Annotated[str, typer.Argument(metavar="HOST[:PORT]", help="The machine to follow.")],
    port: Annotated[int, typer.Option(min=1, max=65535)] = 11511,
    watch: Annotated[bool, typer.Option("--watch", help="Go on, a line a second, until Ctrl+C.")] = False,
    limit_ms: Annotated[
        float, typer.Option("--limit-ms", callback=finite, help="How exact the clock shall be.")
    ] = 5.0,
    timeout_s: Annotated[
        float,
        typer.Option("--timeout-s", min=0.1, callback=finite, help="How long it may take to be so exact."),
    ] = 15.0,
    far: Far = False,
    tls: Tls = "plain",
    seconds: Seconds = None,
    json: Json = False,
) -> None:
    """Follow the clock of another machine and say how well. Exit code 1: not as exact as wanted in time.

    With --watch it goes on: the exit code says whether it was exact enough when it ended.
    """
    from studio.app.clock_sync import ClockRole, ClockSettings
    from studio.cli.clock_roles import Following, watch_clock
    from studio.cli.place import parsed_place
    from studio.timing import NS_PER_MS

    place = parsed_place(host, port)
    settings = ClockSettings(
        role=ClockRole.FOLLOW,
        use_rendezvous=False,
        host=place[0],
        port=place[1],
        bound_limit_ns=round(limit_ms * NS_PER_MS),
        protection=_protection(tls),
    )
    following = Following(watch, timeout_s, seconds, json, is_far_allowed=far)
    raise typer.Exit(watch_clock(settings, following))


def _protection(text: str) -> "Protection":
    from studio.app.clock_sync import Protection

    if text not in list(Protection):
        raise typer.BadParameter(f"'{text}' is none of: {', '.join(Protection)}")
    return Protection(text)
