"""One operator often takes the same forms as another: its overloads are written once."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

FormT = TypeVar("FormT")


def in_the_forms_of(_model: FormT) -> Callable[[Callable[..., Any]], FormT]:
    """Give a function the type of another, with its overloads; what it does stays its own."""
    return lambda function: cast("FormT", function)
