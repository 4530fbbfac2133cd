"""One reference clock per program: every row of the table, both parties named, and the way out."""

from collections.abc import Iterator

import pytest

from studio.errors import ClockRoleError
from studio.net import RemoteClockExporter, RemoteClockImporter
from studio.net.clock_roles import ClockRoles, clock_roles
from studio.timing import NS_PER_S, ClockAnchor, SystemClock
from studio.timing.sync_status import SyncState
from tests.net.clock_peers import exporter_that, kept_clock_process, our_exporter, tells
from tests.waiting import wait_until

PATIENCE_S = 60.0
FOREIGN = "192.0.2.7"
"""Of a network that is no one's: nobody answers there."""


@pytest.fixture(scope="module", autouse=True)
def one_clock_process() -> Iterator[None]:
    """For all tests here, since Python takes its time to start."""
    with kept_clock_process():
        yield


@pytest.fixture(autouse=True)
def every_lease_is_released() -> Iterator[None]:
    yield
    assert (clock_roles().exports, clock_roles().follows) == ((), ())
    wait_until(lambda: clock_roles()._link_users == 1, PATIENCE_S)


def test_two_exporters_at_one_place_are_one_and_at_two_places_two() -> None:
    with RemoteClockExporter(port=0, host="127.0.0.1") as first:
        with RemoteClockExporter(port=0, host="127.0.0.1") as second:
            assert second.port != first.port
            assert second.clock is first.clock
        lease = clock_roles().export("127.0.0.1", 0)
        assert lease.clock is first.clock
        lease.release()
        lease.release()


def test_an_export_is_shared_by_those_who_ask_for_the_same_port() -> None:
    with our_exporter() as server:
        port = server.port
    with RemoteClockExporter(port=port, host="127.0.0.1") as first:
        second = RemoteClockExporter(port=port, host="127.0.0.1")
        assert len(clock_roles().exports) == 1
        second.close()
        second.close()
        assert clock_roles().exports[0].port == first.port


def test_exporting_while_following_another_machine_raises_at_once() -> None:
    with RemoteClockImporter(None, FOREIGN, 11511):
        with pytest.raises(
            ClockRoleError, match=r"follows the clock of 192\.0\.2\.7:11511.*Stop following"
        ) as info:
            RemoteClockExporter(port=0, host="127.0.0.1")
        assert info.value.conflict == "EXPORT_WHILE_IMPORTING"


def test_following_another_machine_while_exporting_raises_at_once() -> None:
    with RemoteClockExporter(port=0, host="127.0.0.1") as exporter:
        with pytest.raises(ClockRoleError, match="Close the exporter first") as info:
            RemoteClockImporter(None, FOREIGN)
        assert f"127.0.0.1:{exporter.port}" in str(info.value)
        assert f"{FOREIGN}:11511" in str(info.value)
        assert info.value.conflict == "IMPORT_WHILE_EXPORTING"


def test_following_two_different_exporters_raises_at_once() -> None:
    with RemoteClockImporter(None, FOREIGN):
        with pytest.raises(ClockRoleError, match="one reference clock per session") as info:
            RemoteClockImporter(None, "192.0.2.8", 1234)
        assert "192.0.2.7:11511" in str(info.value)
        assert "192.0.2.8:1234" in str(info.value)
        assert info.value.conflict == "SECOND_EXPORTER"
    with RemoteClockImporter(None, "192.0.2.8", 1234) as importer:
        assert importer.status().state is SyncState.CONNECTING


def test_several_importers_of_one_exporter_share_what_is_measured() -> None:
    with (
        exporter_that(tells(SystemClock().now)) as exporter,
        RemoteClockImporter(None, "127.0.0.1", exporter.port) as first,
    ):
        with RemoteClockImporter(None, "localhost", exporter.port) as second:
            assert first.connected.wait(PATIENCE_S)
            assert second.connected.wait(PATIENCE_S)
            assert len(clock_roles().follows) == 1
        assert first.connected.wait(0)


def test_an_exporter_that_is_reached_at_two_places_is_one_and_a_namesake_with_another_time_is_not() -> None:
    clock = SystemClock()
    with (
        exporter_that(tells(clock.now)) as here,
        exporter_that(tells(clock.now)) as there,
        exporter_that(tells(lambda: clock.now() + 60 * NS_PER_S)) as namesake,
        exporter_that(tells(clock.now, "CAM-PC")) as other,
        RemoteClockImporter(None, "127.0.0.1", here.port) as first,
    ):
        assert first.connected.wait(PATIENCE_S)
        with RemoteClockImporter(None, "127.0.0.1", there.port) as second:
            assert second.connected.wait(PATIENCE_S)
            (lease,) = clock_roles().follows
            assert (lease.count, lease.machine) == (2, "LAB-MASTER")
        for different in (namesake, other):
            with (
                RemoteClockImporter(None, "127.0.0.1", different.port) as third,
                pytest.raises(ClockRoleError, match="one reference clock per session"),
            ):
                third.connected.wait(PATIENCE_S)
        assert first.connected.wait(0)


def test_following_what_this_process_exports_is_no_conflict_and_known_at_once() -> None:
    with (
        RemoteClockExporter(port=0, host="127.0.0.1") as exporter,
        RemoteClockImporter(None, "127.0.0.1", exporter.port) as importer,
    ):
        assert importer.connected.wait(0)
        assert importer.status().state is SyncState.SELF


def test_following_what_another_process_of_this_machine_exports_is_found_out() -> None:
    with (
        our_exporter() as server,
        RemoteClockExporter(port=0, host="127.0.0.1"),
        RemoteClockImporter(None, "127.0.0.1", server.port) as importer,
    ):
        assert importer.connected.wait(PATIENCE_S)
        assert importer.status().state is SyncState.SELF


def test_another_name_at_an_address_of_this_machine_is_another_machine() -> None:
    with (
        exporter_that(tells(SystemClock().now)) as exporter,
        RemoteClockExporter(port=0, host="127.0.0.1"),
        RemoteClockImporter(None, "127.0.0.1", exporter.port) as importer,
    ):
        with pytest.raises(ClockRoleError, match="LAB-MASTER") as info:
            importer.connected.wait(PATIENCE_S)
        assert info.value.conflict == "IMPORT_WHILE_EXPORTING"
        assert importer.status().state is SyncState.ERROR


def test_what_is_this_machine_may_be_followed_beside_another_and_does_not_hinder_exporting() -> None:
    with our_exporter() as server, RemoteClockImporter(None, "127.0.0.1", server.port) as importer:
        assert importer.connected.wait(PATIENCE_S)
        wait_until(lambda: clock_roles().follows[0].is_self, PATIENCE_S)
        with RemoteClockExporter(port=0, host="127.0.0.1") as exporter:
            assert exporter.status().state is SyncState.REFERENCE
        with RemoteClockImporter(None, FOREIGN):
            assert len(clock_roles().follows) == 2


def test_nobody_there_at_all_is_said_where_identity_matters() -> None:
    with our_exporter() as server:
        port = server.port
    with (
        RemoteClockExporter(port=0, host="127.0.0.1"),
        RemoteClockImporter(None, "127.0.0.1", port) as importer,
        pytest.raises(ClockRoleError, match="Nobody tells the time"),
    ):
        importer.connected.wait(PATIENCE_S)


def test_no_role_changes_while_something_is_recorded_and_what_is_closed_stays_to_the_end() -> None:
    with exporter_that(tells(SystemClock().now)) as exporter:
        importer = RemoteClockImporter(None, "127.0.0.1", exporter.port)
        with clock_roles().recording():
            with pytest.raises(ClockRoleError, match="Stop the recording first") as info:
                RemoteClockExporter(port=0, host="127.0.0.1")
            assert info.value.conflict == "RECORDING"
            with pytest.raises(ClockRoleError, match="recording"):
                RemoteClockImporter(None, FOREIGN)
            with RemoteClockImporter(None, "127.0.0.1", exporter.port):
                assert clock_roles().follows[0].count == 2
            importer.close()
            assert len(clock_roles().follows) == 1
        assert clock_roles().follows == ()


def test_a_refused_or_failed_role_leaves_nothing() -> None:
    with our_exporter() as server:
        with pytest.raises(OSError, match="Choose another port"):
            RemoteClockExporter(port=server.port, host="127.0.0.1")
        assert clock_roles().exports == ()
    with RemoteClockExporter(port=0, host="127.0.0.1"):
        assert len(clock_roles().exports) == 1


def test_with_the_last_lease_the_clock_process_ends() -> None:
    roles = ClockRoles()
    lease = roles.export("127.0.0.1", 0)
    link = roles._link
    assert link is not None
    assert link.pid is not None
    lease.release()
    assert roles._link is None
    assert link.pid is None


def test_an_export_says_that_it_does_not_follow_the_wall_clock() -> None:
    now = ClockAnchor.read()
    apart = SystemClock(ClockAnchor(utc_time=now.utc_time - 2 * NS_PER_S, monotonic=now.monotonic))
    with RemoteClockExporter(port=0, host="127.0.0.1", clock=apart) as exporter:
        status = exporter.status()
        assert status.state is SyncState.REFERENCE
        assert "by +2000 ms" in status.text
