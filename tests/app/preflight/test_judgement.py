"""What is the matter is said in people's words, with what to do; what is well is passed without a word."""

from dataclasses import replace

import pytest

from studio.app.clock_sync import ClockRole, ClockSettings, ClockSyncStatus
from studio.app.preflight.card import (
    DeviceCard,
    DiskCard,
    Finding,
    PreflightCard,
    StreamCard,
    StreamFigures,
    Verdict,
    worst,
)
from studio.app.preflight.judgement import clock_card, device_findings, disk_findings, stream_findings
from studio.app.preflight.text import headline, report
from studio.app.status import DeviceStatus
from studio.devices.device import DeviceKind, DeviceState
from studio.formats.payload import PayloadKind, StreamFormat
from studio.timing import NS_PER_MS, NS_PER_S
from studio.timing.sync_status import SyncState, SyncStatus

CAMERA = StreamFormat(PayloadKind.IMAGE, dtype="uint8", rate=30.0, width=640, height=480)
SOUND = StreamFormat(PayloadKind.AUDIO, dtype="float32", rate=48_000.0)
EVENTS = StreamFormat(PayloadKind.EVENT)

SEEN = StreamFigures(
    messages=300,
    samples=300,
    rate=29.98,
    distance=33 * NS_PER_MS,
    jitter=NS_PER_MS,
    width=640,
    height=480,
    bytes_per_second=900_000.0,
    first_after=0,
)
HEARD = StreamFigures(
    messages=500, samples=480_000, rate=48_000.0, distance=20 * NS_PER_MS, jitter=0, peak=-12.0, first_after=0
)


def about(format: StreamFormat, figures: StreamFigures) -> tuple[Finding, ...]:
    """What is found about a stream called `a` of a device that is there."""
    return stream_findings("a", format, figures, DeviceKind.CAMERA, is_lost=False)


@pytest.mark.parametrize(("format", "figures"), [(CAMERA, SEEN), (SOUND, HEARD), (EVENTS, StreamFigures())])
def test_what_is_well_has_no_findings(format: StreamFormat, figures: StreamFigures) -> None:
    assert about(format, figures) == ()


@pytest.mark.parametrize(
    ("format", "figures", "verdict", "words"),
    [
        (CAMERA, StreamFigures(), Verdict.FAIL, "'a' delivered nothing."),
        (CAMERA, replace(SEEN, rate=15.0), Verdict.FAIL, "gives 15 fps instead of 30 (\u221250%)"),
        (CAMERA, replace(SEEN, rate=29.4), Verdict.WARN, "gives 29.4 fps instead of 30 (\u22122%)"),
        (CAMERA, replace(SEEN, width=320, height=240), Verdict.FAIL, "320\u00d7240 instead of 640\u00d7480"),
        (CAMERA, replace(SEEN, gaps=1, longest_gap=2 * NS_PER_S), Verdict.FAIL, "had a gap of 2.0 s"),
        (CAMERA, replace(SEEN, gaps=3, longest_gap=NS_PER_S), Verdict.FAIL, "3 gaps, the longest of 1.0 s"),
        (CAMERA, replace(SEEN, lost=4), Verdict.FAIL, "lost 4 between device and studio"),
        (CAMERA, replace(SEEN, lost=9, refused=9), Verdict.FAIL, "cannot keep up with 'a': 9"),
        (CAMERA, replace(SEEN, jitter=25 * NS_PER_MS), Verdict.WARN, "unevenly: \u00b1 25 ms"),
        (CAMERA, replace(SEEN, ahead=2 * NS_PER_S), Verdict.FAIL, "2.0 s ahead"),
        (CAMERA, replace(SEEN, late=2 * NS_PER_S), Verdict.WARN, "2.0 s late"),
        (CAMERA, replace(SEEN, first_after=4 * NS_PER_S), Verdict.WARN, "needed 4.0 s to begin"),
        (CAMERA, replace(SEEN, trouble="no picture"), Verdict.FAIL, "cannot be stored: no picture"),
        (SOUND, replace(HEARD, peak=-120.0), Verdict.FAIL, "digital silence"),
        (SOUND, replace(HEARD, peak=-58.4), Verdict.WARN, "too quiet: peak \u221258 dB"),
        (SOUND, replace(HEARD, peak=0.0, clipped=4800), Verdict.FAIL, "too loud: 1.00%"),
        (SOUND, replace(HEARD, peak=0.0, clipped=2), Verdict.WARN, "cut off at 2 samples"),
    ],
)
def test_each_fault_has_its_sentence_and_its_advice(
    format: StreamFormat, figures: StreamFigures, verdict: Verdict, words: str
) -> None:
    (finding,) = about(format, figures)
    assert finding.verdict is verdict
    assert words in finding.text
    assert finding.advice.endswith(".")


def test_a_device_that_is_gone_is_said_once() -> None:
    gone = DeviceStatus(id="c", name="Cam", kind=DeviceKind.CAMERA, state=DeviceState.LOST)
    (finding,) = device_findings(gone, ("'Cam' was unplugged.",))
    assert (finding.verdict, finding.text) == (Verdict.FAIL, "'Cam' was unplugged.")
    assert stream_findings("Cam", CAMERA, StreamFigures(), DeviceKind.CAMERA, is_lost=True) == ()


GIGABYTE = 10**9
WELL = DiskCard(
    "/data", bytes_per_second=4e8, written=1, free=100 * GIGABYTE, seconds_left=1e5, slowest_ns=NS_PER_MS
)


def test_a_quick_and_empty_disk_passes() -> None:
    assert disk_findings(WELL, 1e6, is_over=True) == ()


@pytest.mark.parametrize(
    ("disk", "verdict", "words"),
    [
        (replace(WELL, trouble="Nothing can be written to /data: Read-only."), Verdict.FAIL, "Read-only"),
        (replace(WELL, free=0), Verdict.FAIL, "disk is full"),
        (replace(WELL, bytes_per_second=5e5), Verdict.FAIL, "writes 500.0 kB/s, and the devices give 1.0 MB"),
        (replace(WELL, bytes_per_second=1.5e6), Verdict.WARN, "writes 1.5 MB/s"),
        (replace(WELL, seconds_left=500.0), Verdict.WARN, "room for 8 min 20 s"),
        (replace(WELL, seconds_left=3000.0, warn_below_s=3600.0), Verdict.WARN, "room for 50 min"),
        (replace(WELL, seconds_left=30.0), Verdict.FAIL, "room for 30.0 s"),
        (replace(WELL, network="NFS"), Verdict.WARN, "network drive (NFS)"),
        (replace(WELL, written=0, bytes_per_second=0.0), Verdict.FAIL, "did not take"),
    ],
)
def test_a_disk_that_is_full_slow_or_broken_is_told(disk: DiskCard, verdict: Verdict, words: str) -> None:
    (finding,) = disk_findings(disk, 1e6, is_over=True)
    assert finding.verdict is verdict
    assert words in finding.text
    assert finding.advice


FOLLOW = ClockSettings(role=ClockRole.FOLLOW, host="10.0.0.2", gate=False)


@pytest.mark.parametrize(
    ("clock", "verdict"),
    [
        (ClockSyncStatus(), Verdict.PASS),
        (ClockSyncStatus(gate="Not synchronised yet: 3 of 16 replies are here."), Verdict.FAIL),
        (ClockSyncStatus(FOLLOW, SyncStatus(SyncState.ERROR, "two exporters")), Verdict.FAIL),
        (ClockSyncStatus(FOLLOW, SyncStatus(SyncState.HOLDOVER)), Verdict.WARN),
        (ClockSyncStatus(FOLLOW, SyncStatus(SyncState.SYNCHRONISED, bound=NS_PER_MS)), Verdict.PASS),
        (ClockSyncStatus(warning="Two machines have that name."), Verdict.WARN),
    ],
)
def test_the_clock_passes_when_a_recording_may_begin_with_it(
    clock: ClockSyncStatus, verdict: Verdict
) -> None:
    card = clock_card(clock)
    assert card.verdict is verdict
    assert card.text
    for finding in card.findings:
        assert "Clock and network" in finding.advice
        assert "anyway" not in finding.typed_advice, "there is no such button"
        assert "--follow" in finding.typed_advice


def test_the_worst_counts() -> None:
    assert worst(()) is Verdict.PASS
    assert worst((Verdict.WARN, Verdict.PASS)) is Verdict.WARN
    assert worst((Verdict.WARN, Verdict.FAIL, Verdict.PASS)) is Verdict.FAIL


def test_the_report_says_all_of_it_as_text() -> None:
    stream = StreamCard("Mic", SOUND, replace(HEARD, peak=-120.0))
    stream = replace(stream, findings=about(SOUND, stream.figures))
    devices = (DeviceCard("m", "Mic", DeviceKind.MICROPHONE, (stream,)),)
    card = PreflightCard(0, devices, WELL, clock_card(ClockSyncStatus()))
    text = report(card, 10 * NS_PER_S)
    assert text.startswith("Pre-flight: Not ready: 1 reason (1 device, 10.0 s, ")
    assert "\u2717 Mic (fail)" in text
    assert "rate 48\u202f000 Hz" in text
    assert "digital silence. Check its mute switch" in text
    assert "\u2713 Disk (pass): takes 400.0 MB/s, 100.0 GB free, lasts 1 d 3 h" in text
    assert "\u2713 Clock (pass): This machine's own clock" in text
    assert headline(replace(card, devices=())) == "Ready to record"
