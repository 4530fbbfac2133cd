"""Packages that are not always installed: whether they are there, and what to say when not. Imports none."""

import importlib
import importlib.util
from typing import Any

from studio.errors import MissingExtraError

EXTRAS = {"av": "media", "soundfile": "media", "pyarrow": "parquet"}
"""Package -> the extra of the studio that brings it (decision 35)."""


def is_installed(package: str) -> bool:
    """Whether it can be imported; does not import it."""
    return importlib.util.find_spec(package) is not None


def advice(package: str) -> str:
    """What to type to install it."""
    return f"pip install 'studio[{EXTRAS[package.partition('.')[0]]}]'"


def required(package: str, purpose: str) -> Any:
    """The imported package; raises MissingExtraError saying what to install for `purpose`."""
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise MissingExtraError(
            f"{purpose} needs the package {package}, which cannot be used ({error}). Install it with: "
            f"{advice(package)}"
        ) from error
