"""The search for devices: a process of its own with a limit, and always an answer."""

import sys
from collections.abc import Iterator

import pytest

from studio.devices.discovery import simulated_devices
from studio.errors import RoleError
from studio.host.devices_client import DevicesClient


@pytest.fixture
def notes() -> list[str]:
    return []


@pytest.fixture
def client(notes: list[str]) -> Iterator[DevicesClient]:
    client = DevicesClient(notes.append)
    yield client
    client.close()
    client.close()


def test_the_simulated_devices_are_always_found(client: DevicesClient, notes: list[str]) -> None:
    found = client.discover().result(20)
    assert set(simulated_devices()) <= set(found)
    assert not any(device.simulated for device in client.discover(simulated=False).result(20))
    assert notes == []


def test_a_search_that_takes_too_long_falls_back_and_says_so(notes: list[str]) -> None:
    client = DevicesClient(notes.append, limit_s=0.01)
    assert client.discover().result(20) == simulated_devices()
    assert "no answer within" in notes[0]
    client.close()


def test_a_search_that_dies_falls_back_and_says_so(
    client: DevicesClient, notes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert client.discover().result(20) == simulated_devices()
    assert "ended unexpectedly" in notes[0]


def test_a_search_that_cannot_start_falls_back_and_says_so(
    client: DevicesClient, notes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/program")
    assert client.discover().result(20) == simulated_devices()
    assert "cannot be started" in notes[0]


def test_closing_ends_a_search(notes: list[str]) -> None:
    client = DevicesClient(notes.append)
    searching = client.discover()
    client.close()
    assert searching.done()
    assert notes == []
    assert isinstance(client.discover().exception(5), RoleError)
