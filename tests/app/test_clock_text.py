"""How it stands with the clock reads well in one line."""

from dataclasses import replace

import pytest

from studio.app.clock_sync import ClockSyncStatus
from studio.app.clock_text import offset_text, sync_text
from studio.timing.sync_status import Reference, SyncState, SyncStatus

WELL = SyncStatus(
    SyncState.SYNCHRONISED,
    reference=Reference("10.0.0.2", 11511, "LAB-MASTER"),
    offset=3_500_123_456,
    bound=180_000,
    rate_ppm=19.98,
    round_trip=210_000,
    probes=468,
    answered=467,
)


def test_of_a_clock_that_is_followed_it_tells_all_that_counts() -> None:
    assert sync_text(ClockSyncStatus(sync=WELL)) == (
        "Synchronised  LAB-MASTER  offset +3.500 123 s  \u00b1 0.18 ms guaranteed  rate +19.98 ppm  "
        "round trip 0.21 ms  467 of 468 replies"
    )
    unnamed = replace(WELL, state=SyncState.CONNECTING, text="No reply yet.", reference=Reference("lab", 1))
    assert sync_text(ClockSyncStatus(sync=unnamed)).startswith("Connecting  lab  ")
    assert sync_text(ClockSyncStatus(sync=unnamed)).endswith("  No reply yet")


@pytest.mark.parametrize(
    ("sync", "rendezvous", "text"),
    [
        (SyncStatus(), "", "This machine's own clock"),
        (
            SyncStatus(SyncState.REFERENCE, serving="10.0.0.5:11511", clients=1),
            "",
            "Reference  for 1 machine at 10.0.0.5:11511",
        ),
        (
            SyncStatus(SyncState.REFERENCE, serving="10.0.0.5:11511", clients=2),
            "Connected to the Rendezvous at lab:13331",
            "Reference  for 2 machines at 10.0.0.5:11511  Connected to the Rendezvous at lab:13331",
        ),
    ],
)
def test_who_follows_nobody_has_little_to_tell(sync: SyncStatus, rendezvous: str, text: str) -> None:
    assert sync_text(ClockSyncStatus(sync=sync, rendezvous=rendezvous)) == text


@pytest.mark.parametrize(
    ("offset", "text"), [(0, "+0.000 000 s"), (-1_500, "-0.000 001 s"), (-61_002_003_000, "-61.002 003 s")]
)
def test_offsets_are_told_to_the_microsecond(offset: int, text: str) -> None:
    assert offset_text(offset) == text


@pytest.mark.parametrize("state", list(SyncState))
def test_every_state_has_words(state: SyncState) -> None:
    assert sync_text(ClockSyncStatus(sync=SyncStatus(state)))
