"""Brings chains into this process: from a Python file, an installed plug-in, or the examples of the studio.

Loading runs the user's code: only a process that may be ended at any moment does so (a job, a command), and
only when the user has said so. `installed` lists names without loading anything.
"""

import hashlib
import importlib.metadata
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from studio.app.chains.blame import chain_error
from studio.app.chains.definition import Chain, chain_of
from studio.app.chains.description import ChainDescription
from studio.app.chains.references import EXAMPLES, absolute_reference, split_reference
from studio.app.chains.requests import DescribeChainRequest, ListChainsRequest
from studio.app.operations.progress import Outcome, Progress
from studio.errors import ChainError

GROUP = "studio.chains"
"""Entry points of a package that brings chains: `name = "module:function"`."""


def installed() -> tuple[str, ...]:
    """Names of the chains that can be called upon by name; nothing of them is run."""
    points = importlib.metadata.entry_points(group=GROUP)
    return tuple(sorted({*EXAMPLES, *(point.name for point in points)}))


def load(reference: str) -> Chain:
    """The chain `file.py`, `file.py:name`, or the installed one of that name. Raises ChainError."""
    file, name = split_reference(reference)
    if file is not None:
        return _chosen(_load_file(file), name, f"{file.name}")
    if reference in EXAMPLES:
        return _chosen(importlib.import_module(EXAMPLES[reference]), reference, reference)
    return _load_installed(reference)


def describe(reference: str) -> ChainDescription:
    """Load a chain and say what it asks for. Raises ChainError."""
    return description_of(load(reference), absolute_reference(reference))


def list_for_dialog(request: ListChainsRequest, progress: Progress) -> Outcome:
    """The same as `installed`, as a job; its remarks are the names."""
    progress.report(0.0, "Looking for chains")
    return Outcome((), "Installed chains", remarks=installed())


def describe_for_dialog(request: DescribeChainRequest, progress: Progress) -> Outcome:
    """The same as a job; its remark is the description as JSON."""
    progress.report(0.0, "Loading the chain")
    found = describe(request.chain)
    return Outcome((), f"{found.name}: {found.summary}", remarks=(found.to_json(),))


def description_of(chain: Chain, reference: str) -> ChainDescription:
    """A loaded chain as a value."""
    return ChainDescription(
        name=chain.name,
        reference=reference,
        summary=chain.summary,
        inputs=chain.inputs,
        parameters=chain.parameters,
        is_reproducible=chain.is_reproducible,
        file=chain.file,
        line=chain.line,
        file_hash=file_hash(chain.file),
    )


def file_hash(file: str) -> str:
    """SHA-256 of a file; empty when it is not there to be read."""
    try:
        return hashlib.sha256(Path(file).read_bytes()).hexdigest()
    except OSError:
        return ""


def _load_file(file: Path) -> ModuleType:
    if not file.is_file():
        raise ChainError(f"There is no file {file}; name a Python file with a chain in it.")
    name = f"studio_chain_{hashlib.sha256(str(file).encode()).hexdigest()[:16]}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ChainError(f"{file} is no Python file.")
    module = importlib.util.module_from_spec(spec)
    folder = str(file.parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)  # what lies beside it can be imported, as if it were run as a script
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # whatever the user's file raises
        sys.modules.pop(name, None)
        raise chain_error(error, str(file), f"Loading {file.name}") from error
    return module


def _chosen(module: ModuleType, name: str, shown: str) -> Chain:
    functions = {chain.function: chain for value in vars(module).values() if (chain := chain_of(value))}
    own = [chain for chain in functions.values() if chain.function.__module__ == module.__name__]
    found = {chain.name: chain for chain in own or functions.values()}
    found |= {chain.function.__name__: chain for chain in found.values()}
    names = ", ".join(dict.fromkeys(chain.name for chain in found.values()))
    if name:
        if name not in found:
            raise ChainError(f"{shown} has no chain {name!r}; it has: {names or 'none'}.")
        return found[name]
    if not found:
        raise ChainError(
            f"{shown} has no chain: write @chain above a function (see `studio process --help`)."
        )
    if len(set(map(id, found.values()))) > 1:
        raise ChainError(f"{shown} has several chains: {names}. Name one: {shown}:{next(iter(found))}.")
    return next(iter(found.values()))


def _load_installed(name: str) -> Chain:
    points = importlib.metadata.entry_points(group=GROUP, name=name)
    if not points:
        raise ChainError(
            f"No chain {name!r} is installed; there are: {', '.join(installed())}. A Python file is "
            "named with its .py."
        )
    point = next(iter(points))
    try:
        value = point.load()
    except (Exception, SystemExit) as error:  # whatever the plug-in raises
        raise chain_error(error, "", f"Loading the chain {name} of {point.value}") from error
    if (chain := chain_of(value)) is None:
        raise ChainError(f"The plug-in {point.value}, installed as chain {name}, is not marked with @chain.")
    return chain
