"""What `pip install` delivers: every package, the resources and the command, outside the project's folder."""

import subprocess
import sys
import tomllib
import venv
import zipfile
from importlib.metadata import entry_points
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
NOT_SHIPPED = {"__pycache__", "readme"}
"""Parts of `resources/` that stay out: traces of runs, and the pictures of README (decision 34)."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this project."""
    out = tmp_path_factory.mktemp("wheel")
    # Built in a copy: a build in the project's own folder would leave traces in it.
    copy = tmp_path_factory.mktemp("source") / "studio"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md"):
        (copy / name).write_bytes((PROJECT / name).read_bytes())
    for name in ("studio", "resources"):
        _copy_sources(PROJECT / name, copy / name)
    options = ["--no-deps", "--no-build-isolation", "-q", "-w", str(out)]
    command = [sys.executable, "-m", "pip", "wheel", *options, str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("studio-*.whl"))


def _copy_sources(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            destination = target / path.relative_to(source)
            destination.parent.mkdir(parents=True, exist_ok=True)
            destination.write_bytes(path.read_bytes())


def test_every_source_file_and_resource_is_in_it(wheel: Path) -> None:
    sources = [path for path in (PROJECT / "studio").rglob("*") if path.suffix in (".py", ".typed")]
    expected = {path.relative_to(PROJECT).as_posix() for path in sources}
    resources = [path for path in (PROJECT / "resources").rglob("*") if path.is_file()]
    resources = [path for path in resources if not NOT_SHIPPED & set(path.parts)]
    expected |= {
        f"studio/resources/{path.relative_to(PROJECT / 'resources').as_posix()}" for path in resources
    }
    with zipfile.ZipFile(wheel) as content:
        found = set(content.namelist())
    assert expected - found == set()
    assert not [name for name in found if name.endswith(".png")]


def test_nothing_else_is_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        roots = {name.split("/")[0] for name in content.namelist()}
    assert {root for root in roots if not root.endswith(".dist-info")} == {"studio"}


def test_its_resources_and_its_command_work_elsewhere(wheel: Path, tmp_path: Path) -> None:
    """In an environment of its own that has this wheel and nothing of the project's folder."""
    place = tmp_path / "elsewhere"
    venv.create(place, with_pip=False, symlinks=True)
    python = place / "bin" / "python"
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", str(wheel)]
    subprocess.run(install, check=True, timeout=100)
    program = (
        "import sys\n"
        # The libraries only: those of the project itself are put there by a finder that .pth files install.
        f"sys.path += {libraries}\n"
        "import studio, studio.__main__\n"
        "from importlib import resources\n"
        "print(studio.__file__)\n"
        "print(sorted(each.name for each in resources.files('studio.resources').iterdir()))\n"
    )
    done = subprocess.run(
        [str(python), "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    where, names = done.stdout.splitlines()
    assert Path(where).is_relative_to(place)
    for path in (PROJECT / "resources").iterdir():
        if path.name not in NOT_SHIPPED:
            assert repr(path.name) in names
    assert (place / "bin" / "studio").exists()


def test_the_command_is_the_composition_root() -> None:
    scripts = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert scripts == {"studio": "studio.__main__:program"}
    (script,) = entry_points(group="console_scripts", name="studio")
    assert callable(script.load())
