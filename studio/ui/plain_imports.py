"""Imports without PySide's look at them: it puts its own way in place, which reads each module's source.

It looks for `from __feature__ import`, which changes names of Qt and is not used here. A window imports some
seven hundred modules: that was a tenth of its start, and their sources stayed in memory.
"""

import builtins
from typing import Any

import PySide6.QtCore  # noqa: F401 (this is what replaces `__import__`)


def import_plainly() -> None:
    """Import as before that was put in place. Idempotent; does nothing where PySide left it alone."""
    python: Any = builtins
    python.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
