"""Puts the verbs together and turns every outcome into an exit code and a sentence. Does no work itself."""

import json
import logging
import logging.handlers
import os
import sys
from collections.abc import Sequence

import platformdirs
import typer

from studio.cli.clock import clock_verbs
from studio.cli.compact import compact
from studio.cli.concat import concat
from studio.cli.copy import copy
from studio.cli.crop import crop
from studio.cli.devices import devices
from studio.cli.export import export
from studio.cli.info import info
from studio.cli.notes import note, notes
from studio.cli.preflight import preflight
from studio.cli.process import process
from studio.cli.record import record
from studio.cli.rendezvous import rendezvous_verbs
from studio.cli.repair import repair
from studio.cli.replay import replay
from studio.cli.sessions import sessions
from studio.cli.verify import verify
from studio.errors import StudioError
from studio.formats.address import public_address

FAILED = 1
LOG_BYTES = 1_000_000

logger = logging.getLogger(__name__)


def run_cli(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code. Raises nothing."""
    log_file = _keep_log()
    _accept_any_text()
    try:
        make_app()(list(arguments), prog_name="studio")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else FAILED
    except BrokenPipeError:
        _give_up_output()
        return FAILED
    except StudioError as error:
        return tell(str(error), arguments)
    except Exception as error:  # the outer edge of the process: a bug is told, never dumped on people
        logger.exception("command failed: %s", " ".join(map(public_address, arguments)))
        return tell(
            f"Something inside the studio failed ({type(error).__name__}: {error}). See {log_file}.",
            arguments,
        )
    return 0


def make_app() -> typer.Typer:
    """All verbs, as the command line knows them."""
    app = typer.Typer(
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(studio)
    about_files = (crop, copy, concat, compact, export, process, replay, notes, note)
    for verb in (devices, preflight, record, sessions, info, verify, repair, *about_files):
        app.command()(verb)
    app.add_typer(rendezvous_verbs(), name="rendezvous")
    app.add_typer(clock_verbs(), name="clock")
    return app


def studio(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Say which version this is."),
) -> None:
    """Record cameras, microphones and other sensors together. Without a command: open the window."""
    if version:
        from importlib.metadata import version as version_of

        typer.echo(f"studio {version_of('studio')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def tell(sentence: str, arguments: Sequence[str]) -> int:
    """The error on standard error; with --json standard output says it, too, as the one document."""
    sys.stderr.write(f"studio: {sentence}\n")
    if "--json" in arguments:
        sys.stdout.write(json.dumps({"error": sentence}) + "\n")
    return FAILED


def _keep_log() -> str:
    """Log to a file: standard error is for sentences. Returns where."""
    path = platformdirs.user_log_path("studio", appauthor=False) / "studio.log"
    handler: logging.Handler = logging.NullHandler()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True, errors="replace"
        )
    except OSError:
        path = path.with_name("(no log: its folder cannot be written)")
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.raiseExceptions = False  # a full disk must not write tracebacks between the sentences
    return str(path)


def _accept_any_text() -> None:
    """A terminal of few letters must not end a command that has a name to print."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _give_up_output() -> None:
    """Whoever read our output has gone: nothing must be written to it any more, not even at exit."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
