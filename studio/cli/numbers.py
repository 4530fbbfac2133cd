"""Numbers as they are typed: what looks like one and is none is refused before anything begins."""

from math import isfinite

import typer


def finite(value: float | None) -> float | None:
    """The same, unless it is `nan` or `inf`; raises BadParameter. For `typer.Option(callback=...)`."""
    if value is not None and not isfinite(value):
        raise typer.BadParameter(f"{value} is no number that can be used here")
    return value
