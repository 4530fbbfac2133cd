"""What `studio process` does: from words to requests, carried out in processes, one after another."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import typer

from studio.app.chains.description import ChainDescription, ParameterValue
from studio.app.chains.loading import installed
from studio.app.chains.parameters import expected_text, parse
from studio.app.chains.preparing import read_info
from studio.app.chains.requests import CompareRequest, FollowRequest, ProcessRequest
from studio.app.network_drive import network_drive
from studio.app.operations.progress import Outcome
from studio.app.operations.time_text import moment
from studio.cli.chain_jobs import described, done_in_a_job
from studio.cli.output import print_json, print_table, print_text, remark
from studio.cli.several import each, sources_in
from studio.errors import ChainError
from studio.formats.recording import StreamRef
from studio.timing import TIME_MAX, TIME_MIN, TimeInterval


@dataclass(frozen=True, slots=True)
class Place:
    """What of a recording, and where to."""

    begin: str = ""
    end: str = ""
    out: Path | None = None
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """How it is to be done."""

    real_time: bool = False
    replace: bool = False
    follow: bool = False
    verify: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words of the command; typer.BadParameter for those that contradict each other."""

    chain: str
    files: tuple[Path, ...]
    parameters: tuple[str, ...]
    place: Place
    way: Way

    def __post_init__(self) -> None:
        place, way = self.place, self.way
        is_part = bool(place.begin or place.end)
        if (place.out is not None or way.follow) and self.is_several:
            raise typer.BadParameter("--out and --follow are for one recording")
        if way.follow and (is_part or way.real_time or way.verify):
            raise typer.BadParameter("--follow goes on as the recording does: no interval, pace or --verify")
        if way.verify and (is_part or self.parameters or place.inputs or place.out):
            raise typer.BadParameter("--verify computes a result again as it was: name the result only")

    @property
    def is_several(self) -> bool:
        """Whether more than one recording may be meant."""
        return len(self.files) > 1 or any(file.is_dir() for file in self.files)


def show_installed(*, json: bool) -> None:
    """`--list`: names only, as a chain is described by running its file."""
    if json:
        print_json(list(installed()))
        return
    for name in installed():
        print_text(name)


def show_chain(reference: str, *, json: bool) -> None:
    """What a chain asks for."""
    found = described(reference)
    if json:
        print_json(asdict(found))
        return
    print_text(f"{found.name}: {found.summary} ({found.place})")
    print_table(
        ("stream", "kind"), [(each.name, _kinds(each.kinds_text, each.is_optional)) for each in found.inputs]
    )
    rows = [(p.name, str(p.default), expected_text(p), p.help) for p in found.parameters]
    if rows:
        print_table(("setting", "default", "expected", ""), rows)


def _kinds(text: str, is_optional: bool) -> str:
    return f"{text}, may be left out" if is_optional else text


def carry_out(wanted: Wanted, *, json: bool) -> bool:
    """Do it for each recording, and each session of a folder; whether all is well.

    Of several, one that fails holds up no other. Raises StudioErrors.
    """
    description = described(wanted.chain)
    groups = sources_in(wanted.files, computed=wanted.way.verify)
    outcomes = []
    for done in each(groups, _name, lambda files: done_in_a_job(_request(wanted, description, files))):
        outcomes.append(done.result or Outcome((), f"{done.name}: {done.problem}", is_good=False))
        if not json:
            for line in (outcomes[-1].text, *outcomes[-1].remarks):
                print_text(line)
    if json:
        documents = [asdict(outcome) for outcome in outcomes]
        print_json(documents if wanted.is_several else documents[0])
    return all(outcome.is_good for outcome in outcomes)


def _name(files: tuple[Path, ...]) -> str:
    return str(files[0])


def _request(
    wanted: Wanted, chain: ChainDescription, files: tuple[Path, ...]
) -> ProcessRequest | FollowRequest | CompareRequest:
    file = files[0]
    if wanted.way.verify:
        return CompareRequest(str(file), chain.reference)
    streams = tuple(
        (name, StreamRef(str(file) if len(files) == 1 else "", stream))
        for name, stream in _pairs(wanted.place.inputs, "--input")
    )
    parameters = tuple(_parameter(chain, name, text) for name, text in _pairs(wanted.parameters, "--param"))
    target = str(wanted.place.out.absolute()) if wanted.place.out is not None else ""
    if wanted.way.follow:
        network = network_drive(file.parent)
        if network:
            remark(
                f"{file} is on a network drive ({network}): what it holds may come late, or only at its end."
            )
        return FollowRequest(chain.reference, str(file), streams, parameters, target, wanted.way.replace)
    return ProcessRequest(
        chain.reference,
        tuple(map(str, files)),
        streams,
        parameters,
        _interval(wanted, file),
        wanted.way.real_time,
        target,
        wanted.way.replace,
    )


def _pairs(words: tuple[str, ...], option: str) -> Iterator[tuple[str, str]]:
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter(f"{word!r}: expected NAME=VALUE", param_hint=option)
        yield name.strip(), value


def _parameter(chain: ChainDescription, name: str, text: str) -> tuple[str, ParameterValue]:
    found = {each.name: each for each in chain.parameters}
    if name not in found:
        raise ChainError(
            f"chain {chain.name!r} has no setting {name!r}; it has: {', '.join(found) or 'none'}."
        )
    return name, parse(found[name], text)


def _interval(wanted: Wanted, file: Path) -> TimeInterval | None:
    if not (wanted.place.begin or wanted.place.end):
        return None
    first = read_info(str(file)).first_time
    left = moment(wanted.place.begin, first) if wanted.place.begin else TIME_MIN
    right = moment(wanted.place.end, first) if wanted.place.end else TIME_MAX
    if left > right:
        raise typer.BadParameter("--to lies before --from")
    return TimeInterval(left, right)
