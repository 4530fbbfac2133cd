"""`studio rendezvous`: shares a directory of processes, lists one, adds to one and removes from one."""

from typing import Annotated

import typer

from studio.cli.numbers import finite

Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]
Host = Annotated[str, typer.Argument(help="The machine that shares the directory: HOST or HOST:PORT.")]
Timeout = Annotated[
    float, typer.Option("--timeout-s", min=0.1, callback=finite, help="How long to wait for it.")
]
Name = Annotated[str, typer.Argument(help="The name of the process.")]


def rendezvous_verbs() -> typer.Typer:
    """`rendezvous` and what can be done with it."""
    verbs = typer.Typer(no_args_is_help=True, help="Let machines find each other.")
    for verb in (serve, list_, add, remove):
        verbs.command(verb.__name__.rstrip("_"))(verb)
    return verbs


def serve(
    host: Annotated[
        str,
        typer.Option(help="The address to listen at; without: the one others reach. Never all addresses."),
    ] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free one, which is said.")] = 13331,
    seconds: Annotated[
        float | None,
        typer.Option(min=0.1, callback=finite, help="How long; without: until Ctrl+C or SIGTERM."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="JSON instead of text, one document a line: what happens.")
    ] = False,
) -> None:
    """Share a directory in which processes on the network find each other, until Ctrl+C."""
    from studio.cli.rendezvous_directory import serve_directory

    serve_directory(host or None, port, seconds=seconds, json=json)


def list_(host: Host, timeout_s: Timeout = 5.0, json: Json = False) -> None:
    """List the processes of a directory and what they offer."""
    from studio.cli.output import print_json, print_table, print_text
    from studio.cli.rendezvous_directory import listed, process_document, process_rows

    processes = sorted(listed(*_place(host), timeout_s), key=lambda process: process.name.casefold())
    if json:
        print_json({"host": host, "processes": [process_document(process) for process in processes]})
    elif not processes:
        print_text(f"No process is known at {host}.")
    else:
        headings = ("process", "version", "offers", "at", "streams")
        print_table(headings, [row for process in processes for row in process_rows(process)])


def add(
    host: Host,
    name: Name,
    version: Annotated[str, typer.Option(help="Of the process, as others see it.")] = "",
    clock: Annotated[
        list[str], typer.Option(metavar="HOST[:PORT]", help="It exports its clock there; repeatable.")
    ] = [],  # noqa: B006 - the way a repeatable option is declared; nobody changes it
    tcp: Annotated[
        list[str], typer.Option(metavar="STREAM:TYPE@HOST:PORT", help="A stream over TCP; repeatable.")
    ] = [],  # noqa: B006
    netmq: Annotated[
        list[str],
        typer.Option(metavar="STREAM:TYPE@ADDRESS", help="A stream of a NetMQ publisher; repeatable."),
    ] = [],  # noqa: B006
    replace: Annotated[bool, typer.Option("--replace", help="Also if one of that name is there.")] = False,
    timeout_s: Timeout = 5.0,
    json: Json = False,
) -> None:
    """Add a process to a directory; it stays there until it is removed. Exit code 1: its name is taken."""
    from studio.cli.output import print_json, print_text
    from studio.cli.rendezvous_directory import add_process, process_document
    from studio.cli.rendezvous_endpoints import endpoints_of
    from studio.net.endpoints import Process

    if not name.strip():
        raise typer.BadParameter("a process needs a name by which others find it")
    process = Process(name, endpoints_of(clock, tcp, netmq), version)
    add_process(*_place(host), process, replace=replace, timeout_s=timeout_s)
    if json:
        print_json({"host": host, "added": process_document(process)})
    else:
        print_text(f"{name!r} is known at {host} now.")


def remove(host: Host, name: Name, timeout_s: Timeout = 5.0, json: Json = False) -> None:
    """Remove a process from a directory. Exit code 1: there is none of that name."""
    from studio.cli.output import print_json, print_text
    from studio.cli.rendezvous_directory import remove_process

    remove_process(*_place(host), name, timeout_s=timeout_s)
    if json:
        print_json({"host": host, "removed": name})
    else:
        print_text(f"{name!r} is not known at {host} any more.")


def _place(host: str) -> tuple[str, int]:
    from studio.cli.place import parsed_place
    from studio.net.rendezvous_protocol import DEFAULT_PORT

    return parsed_place(host, DEFAULT_PORT)
