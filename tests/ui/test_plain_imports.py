"""Importing reads no sources, with PySide there."""

import subprocess
import sys


def _said(program: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    ).stdout.strip()


def test_no_source_is_read_for_what_is_imported_beside_qt() -> None:
    plainly = (
        "import linecache\n"
        "from studio.ui.plain_imports import import_plainly\n"
        "import_plainly(); import_plainly()\n"
        "before = len(linecache.cache)\n"
        "import studio.ui.application\n"
        "print(len(linecache.cache) - before)\n"
    )
    assert _said(plainly) == "0"


def test_where_pyside_left_importing_alone_it_stays_so() -> None:
    alone = (
        "from studio.ui.plain_imports import import_plainly\n"
        "import builtins\n"
        "import_plainly()\n"
        "del builtins.__orig_import__\n"
        "import_plainly()\n"
        "import json\n"
        "print(json.dumps(1))\n"
    )
    assert _said(alone) == "1"
