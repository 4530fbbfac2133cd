"""The order of the house, kept by a machine: layers, drawers, sizes, names, words, types and style."""

import ast
import importlib
import pkgutil
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import studio

PROJECT = Path(__file__).resolve().parents[1]
PACKAGE = PROJECT / "studio"

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40

DRAWERS = {
    "threading.Thread": ("engine/threads.py",),
    "threading.Timer": (),
    "_thread": (),
    "concurrent.futures.ThreadPoolExecutor": (),
    "concurrent.futures.ProcessPoolExecutor": (),
    "multiprocessing.Process": (),
    "multiprocessing.Pool": (),
    "time.time": ("timing/clock.py",),
    "time.time_ns": ("timing/clock.py",),
    "time.monotonic": ("timing/clock.py",),
    "time.monotonic_ns": ("timing/clock.py",),
    "time.perf_counter": ("timing/clock.py",),
    "time.perf_counter_ns": ("timing/clock.py",),
    "time.sleep": ("timing/clock.py",),
    "datetime.datetime.now": ("timing/clock.py",),
    "datetime.datetime.utcnow": ("timing/clock.py",),
    "datetime.date.today": ("timing/clock.py",),
    "h5py": ("store/",),
    "socket": ("net/",),
    "selectors": ("net/",),
    "ssl": ("net/",),
    "cryptography": ("net/tls_identity.py",),
    "cv2": ("formats/opencv.py",),
    # A clock is measured in a process of its own for users of the engine without a studio, too.
    "subprocess": ("host/", "net/clock_process.py"),
    "multiprocessing.connection": ("host/",),
    "mmap": ("host/",),
    "sounddevice": ("devices/portaudio.py",),
    "PySide6": ("ui/",),
    "shiboken6": ("ui/",),
    "pyqtgraph": ("ui/",),
}
"""What is dangerous -> the only places that may name it. No place: nowhere."""

VAGUE_NAMES = {"utils", "util", "misc", "helpers", "helper", "common", "manager", "core", "stuff"}

PROTOCOL_TOOLS = {"socket", "selectors", "ssl", "subprocess", "multiprocessing", "mmap", "threading", "time"}
"""What a module that speaks a protocol must not import: bytes in, events out, and nothing else."""


def modules() -> list[Path]:
    """Every source file of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def within(path: Path) -> str:
    """The name of a source file as drawers and messages write it."""
    return path.relative_to(PACKAGE).as_posix()


def tree_of(path: Path) -> ast.Module:
    """Its syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def dotted(node: ast.expr) -> str | None:
    """`a.b.c` as text; None for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (owner := dotted(node.value)) is not None:
        return f"{owner}.{node.attr}"
    return None


def imported(tree: ast.Module) -> dict[str, str]:
    """Local name -> the full name that an import gave it."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {(alias.asname or alias.name): alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            names |= {(alias.asname or alias.name): f"{node.module}.{alias.name}" for alias in node.names}
    return names


def used_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that the module imports or reaches through an import."""
    names = imported(tree)
    for name in names.values():
        yield 0, name
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (path := dotted(node)) is not None:
            first, _, rest = path.partition(".")
            if first in names:
                yield node.lineno, f"{names[first]}.{rest}"


def is_in(name: str, tool: str) -> bool:
    """Whether a full name is that tool or something in it."""
    return name == tool or name.startswith(tool + ".")


def outside_drawers(where: str, tree: ast.Module) -> list[str]:
    """What a module uses although its drawer is elsewhere."""
    return [
        f"{where}:{line} uses {name}"
        for line, name in used_names(tree)
        for tool, places in DRAWERS.items()
        if is_in(name, tool) and not where.startswith(places)
    ]


def test_dangerous_tools_stay_in_their_drawers() -> None:
    assert [found for path in modules() for found in outside_drawers(within(path), tree_of(path))] == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("import threading\nthreading.Thread(target=print)", 1),
        ("from threading import Thread", 1),
        ("from threading import Event, Lock", 0),
        ("import threading as t\nt.Thread", 1),
        ("import time\ntime.sleep(1)", 1),
        ("from time import monotonic_ns", 1),
        ("import time\ntime.strftime('%H')", 0),
        ("from datetime import datetime\ndatetime.now()", 1),
        ("import h5py", 1),
        ("def f():\n    from cv2 import imread", 1),
        ("import multiprocessing.connection", 1),
        ("import socketserver", 0),
    ],
)
def test_the_check_of_drawers_sees_every_way_to_open_one(source: str, count: int) -> None:
    assert len(outside_drawers("app/anything.py", ast.parse(source))) == count


def test_a_drawer_may_use_its_own_tool() -> None:
    assert outside_drawers("store/writer.py", ast.parse("import h5py")) == []
    assert outside_drawers("timing/clock.py", ast.parse("import time\ntime.time_ns()")) == []


def test_layers_import_only_what_stands_below_them() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as run; run()",
            "--no-cache",
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_protocols_do_no_input_or_output() -> None:
    found = [
        f"{within(path)} imports {name}"
        for path in modules()
        if path.stem.endswith("protocol")
        for name in imported(tree_of(path)).values()
        if name.partition(".")[0] in PROTOCOL_TOOLS
    ]
    assert found == []


def test_the_window_brings_in_no_recording_camera_sound_card_or_network() -> None:
    """Every module of the window, imported in a process of its own."""
    names = [
        f"studio.{within(path).removesuffix('.py').replace('/', '.')}"
        for path in (PACKAGE / "ui").rglob("*.py")
    ]
    program = (
        "import importlib, sys\n"
        f"for name in {[name.removesuffix('.__init__') for name in names]}: importlib.import_module(name)\n"
        "print(sorted({'h5py', 'cv2', 'sounddevice', 'ssl', 'studio.net'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[]\n"


def test_files_are_short() -> None:
    lengths = {within(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {where: count for where, count in lengths.items() if count > MAX_FILE_LINES} == {}


def test_functions_are_short() -> None:
    found = [
        f"{within(path)}:{node.lineno} {node.name} has {length} lines"
        for path in modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION_LINES
    ]
    assert found == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    parts = [(path, part) for path in modules() for part in Path(within(path)).with_suffix("").parts]
    assert [within(path) for path, part in parts if part in VAGUE_NAMES] == []


def test_every_module_says_what_it_is_for() -> None:
    assert [within(path) for path in modules() if not ast.get_docstring(tree_of(path))] == []


def test_every_package_is_shipped_and_can_be_imported() -> None:
    found = {module.name for module in pkgutil.walk_packages(studio.__path__, "studio.") if module.ispkg}
    pyproject = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = set(pyproject["tool"]["setuptools"]["packages"])
    assert found <= listed, "add it to packages in pyproject.toml"
    for name in listed:
        importlib.import_module(name)


def run_tool(*arguments: str) -> None:
    """Run a checker in the project's folder; fail with what it says."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_types_are_complete() -> None:
    run_tool("mypy")


def test_style_has_nothing_to_say() -> None:
    run_tool("ruff", "check", ".")


def test_layout_is_the_formatters() -> None:
    run_tool("ruff", "format", "--check", ".")


def tracked_texts() -> Iterator[tuple[str, str]]:
    """Name and text of every file under version control that is text; all files where there is no git."""
    for name in _tracked_names() or _names_without_git():
        path = PROJECT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            yield name, content.decode("utf-8", errors="replace")


def _tracked_names() -> list[str]:
    if shutil.which("git") is None:
        return []
    done = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=False)
    return done.stdout.split("\0")[:-1]


def _names_without_git() -> list[str]:
    roots = [PROJECT / name for name in ("studio", "resources", "tests", "installers")]
    found = [path for root in roots for path in root.rglob("*") if "__pycache__" not in path.parts]
    return [path.relative_to(PROJECT).as_posix() for path in found]


# In pieces, so that this file itself stays clean.
FORBIDDEN_WORDS = re.compile(
    "|".join(
        (
            "/" + "tmp/",
            "/" + "work/",
            "/" + "root/",
            r"pypi" + r"\.org",
            "files" + r"\.pythonhosted",
            "Anth" + "ropic",
        )
    )
)


def test_no_file_names_a_place_of_one_machine() -> None:
    found = [
        f"{name}: {match.group()}"
        for name, text in tracked_texts()
        for match in FORBIDDEN_WORDS.finditer(text)
    ]
    assert found == []


def test_qt_does_not_use_up_the_references_to_none() -> None:
    """PySide6 6.12 loses one with every call on Python 3.11, until the interpreter aborts."""
    program = (
        "import sys\n"
        "from PySide6.QtWidgets import QApplication, QLabel\n"
        "app = QApplication([])\n"
        "label = QLabel()\n"
        "before = sys.getrefcount(None)\n"
        "for _ in range(1000): label.setText('a')\n"
        "print(before - sys.getrefcount(None))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) <= 50
