"""What each state is called, and what the panel makes of a status."""

from dataclasses import replace
from importlib.resources import files

import pytest

from studio.app.clock_sync import ClockRole, ClockSettings, ClockSyncStatus, DiscoveredMachine, Protection
from studio.timing import NS_PER_S
from studio.timing.sync_status import SyncState, SyncStatus
from studio.ui.sync.announcing import Announcer
from studio.ui.sync.clock_view import LOCKED, NO_PLACE, ClockView, clock_view, report_of
from studio.ui.sync.clock_words import announcement, chip_text, headline, look_of
from studio.ui.sync.machine_rows import MOST_ROWS
from tests.lab.clock_scenes import FOLLOWED, FOLLOWING, NOW, SCENES, SYNCHRONISED
from tests.ui.sync.test_clock_texts import plain


def view_of(name: str) -> ClockView:
    clock = SCENES[name].clock
    return clock_view(clock, clock.settings if clock is not None else ClockSettings(), NOW)


@pytest.mark.parametrize("state", list(SyncState))
def test_every_state_has_words_an_icon_and_a_colour(state: SyncState) -> None:
    for sync in (SyncStatus(state=state), replace(SYNCHRONISED, state=state)):
        assert headline(sync, NOW)
        assert chip_text(sync)
        assert announcement(sync).endswith(".")
        assert "{" not in headline(sync, NOW) + chip_text(sync) + announcement(sync)
    assert (files("studio.resources") / "icons" / f"{look_of(state).icon}.svg").is_file()


def test_states_that_differ_in_colour_differ_in_icon_or_words_too() -> None:
    looks = [look_of(state) for state in SyncState]
    assert len({(look.icon, look.role) for look in looks}) >= 8
    for one in looks:
        for other in looks:
            assert one.icon != other.icon or one.role == other.role or "search" in one.icon


def test_the_guaranteed_bound_is_the_main_number_and_repeatability_a_detail() -> None:
    view = view_of("synchronised")
    assert (plain(view.bound), view.bound_hint) == ("\u00b1 178 \u00b5s", "guaranteed")
    assert ("Repeatability", "6.0 \u00b5s") in [(name, plain(text)) for name, text in view.details]


def test_a_bound_beyond_the_limit_names_the_limit_and_a_name_in_the_chip_its_bound() -> None:
    view = view_of("degraded")
    assert plain(view.bound_hint) == "guaranteed, limit 5 ms"
    assert view.bound_role == "warning"
    assert any("ticks only every" in reason for reason in view.reasons)
    assert plain(chip_text(SYNCHRONISED)) == "LAB-MASTER \u00b1 178 \u00b5s"


def test_silence_is_told_with_how_long_it_has_lasted() -> None:
    assert plain(view_of("holdover").headline) == "LAB-MASTER is silent for 42 s"
    assert plain(view_of("lost").headline) == "LAB-MASTER is lost, silent for 6 min"
    assert view_of("lost").bound_role == "error"


def test_what_the_headline_says_is_not_said_again() -> None:
    assert view_of("connecting").reasons == ("Attempt 3: nobody listens there.",)
    assert [plain(reason) for reason in view_of("holdover").reasons] == [
        "Without a reply the bound reaches 5 ms in 4 min 33 s."
    ]
    assert view_of("lost").reasons == ()
    assert view_of("self").reasons == ()
    searching = replace(
        FOLLOWED, sync=SyncStatus(SyncState.DISCOVERING, f"Nobody yet. {FOLLOWED.rendezvous}")
    )
    assert clock_view(searching, FOLLOWING, NOW).reasons == ("Nobody yet.",)


def test_a_held_step_is_told_once_whoever_says_it() -> None:
    told = view_of("held-step").reasons
    assert len([reason for reason in told if "250" in reason]) == 1
    silent = replace(FOLLOWED, sync=replace(SYNCHRONISED, state=SyncState.DEGRADED, held_step=NS_PER_S))
    assert any("keeps its time line" in r for r in clock_view(silent, silent.settings, NOW).reasons)


def test_what_cannot_be_changed_while_recording_says_why() -> None:
    view = view_of("recording")
    assert view.locked == LOCKED
    assert not any(row.can_follow or row.can_forget for row in view.machines)
    assert view.can_measure
    assert view_of("synchronised").locked == ""
    assert "recorder" in view_of("not-reached").locked


def test_plain_mode_says_that_it_is_unprotected_and_where_it_listens() -> None:
    reference = view_of("reference").safety
    assert "Unprotected" in reference
    assert "10.0.0.5:11511 and nowhere else" in reference
    assert "The Rendezvous listens on port 13331" in reference
    follower = view_of("synchronised").safety
    assert "Unprotected" in follower
    assert "10.0.0.2:11511" in follower
    assert "Nothing listens" in follower
    assert view_of("synchronised-protected").safety.startswith("Protected")
    assert view_of("reference-protected").safety.startswith("Only paired machines")
    assert "nothing listens" in view_of("own").safety


@pytest.mark.parametrize("protection", list(Protection))
def test_a_reference_that_listens_nowhere_yet_does_not_claim_an_address(protection: Protection) -> None:
    settings = ClockSettings(role=ClockRole.REFERENCE, protection=protection)
    clock = ClockSyncStatus(settings=settings, sync=SyncStatus(state=SyncState.REFERENCE))
    assert "listens nowhere yet" in clock_view(clock, settings, NOW).safety


def test_machines_stand_with_the_followed_one_first_and_this_machine_cannot_be_followed() -> None:
    rows = view_of("synchronised").machines
    assert rows[0].name == "LAB-MASTER"
    assert [row.mark for row in rows] == ["followed", "", "remembered", "this machine"]
    assert [row.can_follow for row in rows] == [False, True, True, False]
    assert [row.can_forget for row in rows] == [False, False, True, False]
    assert "original" in rows[1].about
    assert "TLS" in view_of("synchronised-protected").machines[0].about


def test_names_from_the_network_cannot_break_the_list() -> None:
    hostile = DiscoveredMachine("two\nlines\x07\u202e", "10.0.0.9", process="a\tb")
    many = replace(FOLLOWED, machines=(hostile, *(DiscoveredMachine(f"m{n}", f"h{n}") for n in range(1000))))
    rows = clock_view(many, FOLLOWING, NOW).machines
    assert len(rows) == MOST_ROWS
    assert not any("\n" in row.sentence or "\t" in row.sentence for row in rows)


def test_who_names_no_rendezvous_is_told_what_to_do() -> None:
    assert view_of("no-rendezvous").machines_hint == NO_PLACE
    assert "Be the reference" in view_of("discovering").machines_hint
    assert view_of("synchronised").machines_hint == ""


def test_the_report_has_all_that_the_panel_says_as_plain_text() -> None:
    text = report_of(view_of("degraded"))
    for words in ("Following LAB-MASTER", "\u00b1 7.9 ms", "Offset: +3.500 123 s", "CAM-PC", "Unprotected"):
        assert words in text
    assert "\u00a0" not in text


def test_a_change_of_state_is_announced_once_and_not_what_lies_on_the_way() -> None:
    announcer = Announcer()
    states = [
        *(
            SyncState.OWN,
            SyncState.DISCOVERING,
            SyncState.CONNECTING,
            SyncState.DISCOVERING,
            SyncState.SYNCING,
        ),
        *(SyncState.SYNCHRONISED, SyncState.SYNCHRONISED, SyncState.HOLDOVER, SyncState.HOLDOVER),
    ]
    said = [
        announcer.words_for(replace(SYNCHRONISED, state=state, bound=n)) for n, state in enumerate(states)
    ]
    assert [bool(words) for words in said] == [False, True, False, False, False, True, False, True, False]
    assert "plus or minus" in said[5]
    held = announcer.words_for(replace(SYNCHRONISED, state=SyncState.HOLDOVER, held_step=5))
    assert held
