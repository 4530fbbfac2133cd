"""Recorder processes for a test, all ended after it."""

from collections.abc import Callable, Iterator

import pytest

from tests.host.watched import WatchedClient, end_recorders
from tests.lab.places import Places

MakeClient = Callable[..., WatchedClient]


@pytest.fixture
def new_client(places: Places) -> Iterator[MakeClient]:
    """Makes clients, open; in the end they are closed and the recorder is asked to end."""
    made: list[WatchedClient] = []

    def make(*recorder_arguments: str) -> WatchedClient:
        made.append(WatchedClient(*recorder_arguments))
        return made[-1]

    yield make
    for client in made:
        client.link.close()
    end_recorders(places)
