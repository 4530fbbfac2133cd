"""A header tells rate, shape and losses."""

from studio.app.status import StreamStatus
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import StreamInfo
from studio.ui.panels.header_text import HeaderText, LegendLine, live_detail, stored_detail
from studio.ui.panels.stream_health import Health, StreamHealth

SOUND = StreamFormat(PayloadKind.AUDIO, "float32", 2, (), 48_000.0)
VIDEO = StreamFormat(PayloadKind.JPEG, width=1280, height=720)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_live_stream_tells_its_measured_rate_and_losses() -> None:
    assert plain(live_detail(StreamStatus("s", SOUND, rate=47_990.0))) == "48 kHz · 2 channels"
    video = StreamStatus("v", VIDEO, rate=29.97, dropped=3)
    assert plain(live_detail(video)) == "30.0 fps · 1280\u00d7720 · 3 dropped"


def test_a_stored_stream_without_a_nominal_rate_tells_the_one_it_had() -> None:
    info = StreamInfo("v", VIDEO, message_count=301, first_time=1, last_time=1 + 10 * 10**9)
    assert plain(stored_detail(info)) == "30.0 fps · 1280\u00d7720"
    assert stored_detail(StreamInfo("v", StreamFormat(PayloadKind.EVENT))) == ""


def test_the_tooltip_tells_all_of_it() -> None:
    text = HeaderText(
        "imu",
        "100 Hz",
        StreamHealth(Health.DEAD, "It was unplugged."),
        (LegendLine("x", "1.0"), LegendLine("", "2.0")),
    )
    assert text.tooltip.splitlines() == ["imu", "100 Hz", "It was unplugged.", "x 1.0", "2.0"]
