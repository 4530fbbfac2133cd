"""What a chain is and asks for, as values that every process may know. No code of a chain is in them."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TypeAlias

from studio.formats.payload import PayloadKind

ParameterValue: TypeAlias = int | float | bool | str


class ParameterType(StrEnum):
    """How a parameter is asked for."""

    WHOLE = "whole number"
    NUMBER = "number"
    TRUTH = "yes or no"
    TEXT = "text"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One keyword parameter of a chain: a field in the dialog, `--param name=value` on the command line."""

    name: str
    type: ParameterType
    default: ParameterValue | None = None
    """None: it has to be given."""
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    units: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """A stream that a chain needs."""

    name: str
    kinds: tuple[PayloadKind, ...] = ()
    """What it may hold; empty: anything."""
    is_optional: bool = False

    def accepts(self, kind: PayloadKind) -> bool:
        """Whether a stream of that kind will do."""
        return not self.kinds or kind in self.kinds

    @property
    def kinds_text(self) -> str:
        """For people."""
        return " or ".join(kind.value for kind in self.kinds) or "any kind"


@dataclass(frozen=True, slots=True)
class ChainDescription:
    """All that can be known of a chain without running it."""

    name: str
    reference: str
    """How it is called upon: `file.py:name`, or the name of an installed one."""
    summary: str
    """The first line of its docstring."""
    inputs: tuple[Input, ...]
    parameters: tuple[Parameter, ...]
    is_reproducible: bool
    """As its author declares; what was built is looked at besides."""
    file: str
    line: int
    file_hash: str
    """SHA-256 of the file, hexadecimal."""

    @property
    def place(self) -> str:
        """`file.py:12`, for messages."""
        return f"{self.file.replace(chr(92), '/').rpartition('/')[2]}:{self.line}"

    def to_json(self) -> str:
        """As text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "ChainDescription":
        """Raises ValueError, TypeError or KeyError for anything else."""
        fields = json.loads(text)
        inputs = tuple(
            Input(each["name"], tuple(map(PayloadKind, each["kinds"])), bool(each["is_optional"]))
            for each in fields["inputs"]
        )
        parameters = tuple(
            Parameter(**{**each, "type": ParameterType(each["type"]), "choices": tuple(each["choices"])})
            for each in fields["parameters"]
        )
        return cls(**{**fields, "inputs": inputs, "parameters": parameters})
