"""What the window learns of the clock of a recording."""

from pathlib import Path

from studio.app.browse import Browser
from studio.host.codec import decode, encode
from studio.host.protocol import ReadClock
from studio.host.queries import Queries
from studio.store.layout import NewStream
from studio.store.writer import StoreWriter
from tests.store.clock_logs import US, followed, whole
from tests.store.recordings import SCALAR


def test_who_followed_has_a_curve_by_the_times_of_the_recording(tmp_path: Path) -> None:
    path = followed(tmp_path / "a.h5", whole(40), 40)
    browser = Browser()
    (clock,) = browser.read_clock(str(path))
    info = browser.open_recording(str(path))
    browser.close()
    assert clock.curve is not None
    assert len(clock.curve.times) == 40
    assert clock.curve.bounds.max() == 180 * US + 39
    assert abs(int(clock.curve.times[-1]) - info.last_time) < 2_000_000_000
    assert clock.summary.machine == "LAB-MASTER"


def test_its_own_clock_has_nothing_to_say(tmp_path: Path) -> None:
    path = tmp_path / "own.h5"
    writer = StoreWriter.create(path)
    writer.add_stream(NewStream("numbers", SCALAR))
    writer.close()
    queries = Queries()
    assert queries.answer(ReadClock(str(path))) == ()
    queries.close()


def test_the_answer_crosses_to_the_window(tmp_path: Path) -> None:
    path = followed(tmp_path / "a.h5", whole(10), 10)
    queries = Queries()
    answer = queries.answer(ReadClock(str(path)))
    queries.close()
    (clock,) = decode(encode(answer))
    assert clock.summary.guaranteed is not None or clock.summary.unknown_s > 0
    assert clock.curve.times.dtype == "int64"
