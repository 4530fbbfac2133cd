"""The room on the disk is known while nothing is recorded, however large the disk."""

from pytestqt.qtbot import QtBot

from studio.host.protocol import ReadSpace
from studio.ui.disk_watch import DiskWatch
from tests.ui.far_end import FarEnd


def test_the_room_of_the_newest_folder_is_told(qtbot: QtBot) -> None:
    far_end = FarEnd()
    bridge = far_end.bridge()
    watch = DiskWatch(bridge)
    told: list[int] = []
    watch.changed.connect(told.append)
    watch.watch("/recordings")
    assert far_end.bodies()[-1] == ReadSpace("/recordings")
    far_end.reply(81_300_000_000)
    qtbot.waitUntil(lambda: told == [81_300_000_000])
    watch.watch("/elsewhere")
    far_end.refuse("The disk of /elsewhere does not answer.")
    qtbot.waitUntil(lambda: watch.free == 0)
    watch.rest()
    bridge.close()
