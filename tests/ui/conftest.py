"""What tests of the window share: patience, and garbage is collected here, as in the window itself."""

import gc
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.patient_bot import PatientBot

OLDEST_EVERY = 25
"""Tests. The oldest generation takes a tenth of a second."""


@pytest.fixture(scope="session")
def _tests_so_far() -> list[str]:
    return []


@pytest.fixture(autouse=True)
def garbage_is_collected_on_this_thread(
    _tests_so_far: list[str], request: pytest.FixtureRequest
) -> Iterator[None]:
    """A widget of a test before, destroyed by a thread of this one, would end the process."""
    gc.disable()
    yield
    _tests_so_far.append(request.node.nodeid)
    gc.collect(2 if len(_tests_so_far) % OLDEST_EVERY == 0 else 1)
    gc.enable()


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """In place of the one of pytest-qt, whose patience of five seconds is too short for a busy machine."""
    return PatientBot(request)
