"""A trash of the test's own, where files are thrown away as the desktop does it."""

from pathlib import Path

import pytest
import send2trash.plat_other


def own_trash(monkeypatch: pytest.MonkeyPatch, place: Path) -> Path:
    """The folder in which what is thrown away will be; the library looks for the user's own only once."""
    monkeypatch.setattr(send2trash.plat_other, "HOMETRASH_B", str(place / "Trash").encode())
    return place / "Trash" / "files"
