"""Which system libraries are missing, and who may install them. The package programs are stand-ins."""

import importlib.util
import os
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.installers.project import INSTALLERS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="apt is a program of Linux")


@pytest.fixture
def debian() -> ModuleType:
    """The module, from its file."""
    spec = importlib.util.spec_from_file_location("installers_debian", INSTALLERS / "debian.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of stand-ins: `installed` lists its packages, `calls` what apt was asked for."""
    broken = f'[ -e "{tmp_path}/broken" ] && echo "E: no network" && exit 100'
    programs = {
        "dpkg-query": f'cat "{tmp_path}/installed"; exit 1',
        "apt-get": f'echo "$@" >> "{tmp_path}/calls"\n{broken}\n'
        f'for name in "$@"; do echo "$name installed" >> "{tmp_path}/installed"; done',
        "sudo": f'[ -e "{tmp_path}/allowed" ] || exit 1\nshift; exec "$@"',
    }
    for name, script in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "installed").write_text("libgl1 installed\nlibfoot64 installed\nlibold config-files\n")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return tmp_path


def calls(machine: Path) -> list[str]:
    """What apt was asked for."""
    log = machine / "calls"
    return log.read_text().splitlines() if log.exists() else []


def test_only_what_is_not_installed_is_missing(debian: ModuleType, machine: Path) -> None:
    assert debian.missing(["libgl1", "libfoo", "libold", "libnew"]) == ["libold", "libnew"]


def test_nothing_missing_calls_nobody(debian: ModuleType, machine: Path) -> None:
    assert debian.provide(["libgl1", "libfoo"])
    assert calls(machine) == []


def test_with_the_rights_the_missing_ones_are_installed(
    debian: ModuleType, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert debian.provide(["libgl1", "libnew"])
    assert calls(machine)[0] == "update"
    assert calls(machine)[1].endswith("install -y --no-install-recommends libnew")


def test_a_user_who_may_become_root_unasked_installs_too(
    debian: ModuleType, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    (machine / "allowed").touch()
    assert debian.provide(["libnew"])
    assert len(calls(machine)) == 2


def test_a_user_without_rights_reads_the_exact_line(
    debian: ModuleType, machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert not debian.provide(["libgl1", "libnew"])
    assert calls(machine) == []
    line = "install -y --no-install-recommends libnew\n"
    assert line in capsys.readouterr().err


def test_a_failed_installation_shows_apts_reason_and_the_line(
    debian: ModuleType, machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (machine / "broken").touch()
    assert not debian.provide(["libnew"])
    shown = capsys.readouterr().err
    assert "E: no network" in shown
    assert "install -y --no-install-recommends libnew\n" in shown


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="this machine has no packages of Debian")
def test_the_real_query_knows_what_this_machine_has(debian: ModuleType) -> None:
    assert debian.missing(["dpkg", "no-such-package-anywhere"]) == ["no-such-package-anywhere"]
