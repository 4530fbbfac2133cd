"""The status bar says what matters now, and nothing else."""

from dataclasses import replace

from studio.app.status import HeldUp, RecorderState, RecorderStatus
from studio.ui.status_texts import StatusTexts, status_texts

RECORDING = RecorderStatus(
    state=RecorderState.RECORDING,
    time=1,
    path="/r/P03.h5",
    file_size=1_940_000_000,
    bytes_per_second=1_200_000,
    disk_free=148_000_000_000,
    disk_seconds_left=266_400,
    cpu_percent=22.6,
)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_while_recording_everything_is_said() -> None:
    texts = status_texts(RECORDING)
    assert texts.file == "/r/P03.h5"
    assert plain(texts.size) == "1.9 GB (+1.2 MB/s)"
    assert plain(texts.disk) == "148 GB free \u2248 3 d 2 h"
    assert (plain(texts.dropped), texts.dropped_role) == ("0 dropped", "muted")
    assert plain(texts.cpu) == "CPU 23 %"


def test_drops_are_red_and_little_time_left_is_a_warning() -> None:
    assert status_texts(replace(RECORDING, dropped=4)).dropped_role == "error"
    assert status_texts(RECORDING).disk_role == "muted"
    assert status_texts(replace(RECORDING, disk_seconds_left=600.0)).disk_role == "warning"
    assert status_texts(replace(RECORDING, disk_seconds_left=60.0)).disk_role == "error"
    assert status_texts(replace(RECORDING, disk_seconds_left=3000.0), low_s=3600.0).disk_role == "warning"


def test_a_disk_that_is_slow_is_said_in_place_of_its_room() -> None:
    texts = status_texts(replace(RECORDING, held_up=HeldUp.BY_DISK, waiting_bytes=34_000_000))
    assert (plain(texts.disk), texts.disk_role) == ("The disk is slow: 34.0 MB waiting", "error")
    busy = status_texts(replace(RECORDING, held_up=HeldUp.BY_PROCESSORS, waiting_bytes=34_000_000))
    assert plain(busy.disk) == "The processors are all busy: 34.0 MB waiting"


def test_at_rest_no_file_and_no_time_left() -> None:
    texts = status_texts(replace(RECORDING, state=RecorderState.IDLE))
    assert (texts.file, texts.size, texts.dropped, texts.cpu) == ("", "", "", "")
    assert plain(texts.disk) == "148 GB free"


def test_while_a_preview_ends_nothing_is_said_of_a_file() -> None:
    texts = status_texts(RecorderStatus(state=RecorderState.FINISHING, time=1, disk_free=5))
    assert (texts.file, texts.size) == ("", "")


def test_without_a_recorder_nothing_is_claimed() -> None:
    assert status_texts(None) == StatusTexts()


def test_before_recording_the_room_on_the_disk_is_said() -> None:
    preview = replace(RECORDING, state=RecorderState.PREVIEW, disk_free=0, disk_seconds_left=None)
    texts = status_texts(preview, 83_400_000_000)
    assert (plain(texts.disk), texts.disk_role) == ("83.4 GB free", "muted")
    assert status_texts(preview, 900_000_000).disk_role == "warning"
    assert plain(status_texts(RECORDING, 83_400_000_000).disk).startswith("148 GB")
