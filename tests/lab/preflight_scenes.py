"""Pre-flights as a lab meets them: how each ends, as the recorder would tell it."""

from dataclasses import replace

from studio.app.clock_sync import ClockRole, ClockSettings, ClockSyncStatus
from studio.app.preflight.card import (
    DeviceCard,
    DiskCard,
    PreflightCard,
    PreflightPhase,
    PreflightStatus,
    StreamCard,
    StreamFigures,
)
from studio.app.preflight.judgement import clock_card, device_findings, disk_findings, stream_findings
from studio.app.status import DeviceStatus
from studio.devices.device import DeviceKind, DeviceState
from studio.formats.payload import PayloadKind, StreamFormat
from studio.timing import NS_PER_MS, NS_PER_S
from studio.timing.sync_status import Reference, SyncState, SyncStatus

SOUND = StreamFormat(PayloadKind.AUDIO, dtype="float32", rate=48_000.0)
VIDEO = StreamFormat(PayloadKind.IMAGE, dtype="uint8", rate=30.0, width=1920, height=1080)
MOTION = StreamFormat(PayloadKind.SAMPLES, dtype="float32", channels=3, rate=200.0)
EVENTS = StreamFormat(PayloadKind.EVENT, rate=0.5)
HEARD = StreamFigures(
    messages=500,
    samples=480_000,
    rate=48_001.2,
    distance=20 * NS_PER_MS,
    jitter=NS_PER_MS // 50,
    peak=-11.6,
    bytes_per_second=195_200.0,
    first_after=0,
)
SEEN = StreamFigures(
    messages=300,
    samples=300,
    rate=29.97,
    distance=33 * NS_PER_MS,
    jitter=2 * NS_PER_MS,
    width=1920,
    height=1080,
    bytes_per_second=6_300_000.0,
    first_after=0,
)
MOVED = StreamFigures(
    messages=500,
    samples=2000,
    rate=200.0,
    distance=20 * NS_PER_MS,
    jitter=0,
    bytes_per_second=5_600.0,
    first_after=0,
)
DISK = DiskCard("/data/Studio", bytes_per_second=412e6, written=64 << 20, free=118_000_000_000)
FOLLOWED = ClockSyncStatus(
    ClockSettings(role=ClockRole.FOLLOW, host="10.0.0.2"),
    SyncStatus(
        SyncState.SYNCHRONISED, reference=Reference("10.0.0.2", 11511, "LAB-MASTER"), bound=180_000, offset=0
    ),
)


def device(
    name: str, kind: DeviceKind, *streams: tuple[str, StreamFormat, StreamFigures], trouble: str = ""
) -> DeviceCard:
    """A device with what is found about it."""
    status = DeviceStatus(id=name, name=name, kind=kind, state=DeviceState.RUNNING)
    cards = tuple(
        StreamCard(
            stream, format, figures, stream_findings(stream, format, figures, kind, is_lost=bool(trouble))
        )
        for stream, format, figures in streams
    )
    return DeviceCard(name, name, kind, cards, device_findings(status, (trouble,) if trouble else ()))


def card(*devices: DeviceCard, disk: DiskCard = DISK, clock: ClockSyncStatus = FOLLOWED) -> PreflightCard:
    """A card with disk and clock judged."""
    made = PreflightCard(0, devices, disk, clock_card(clock))
    needed = made.bytes_per_second
    disk = replace(disk, seconds_left=disk.free / needed if needed else None)
    return replace(made, disk=replace(disk, findings=disk_findings(disk, needed, is_over=True)))


def status(of: PreflightCard | None, phase: PreflightPhase = PreflightPhase.DONE) -> PreflightStatus:
    """The pre-flight of that card."""
    elapsed = 10 * NS_PER_S if phase is PreflightPhase.DONE else 4 * NS_PER_S
    return PreflightStatus(1, phase, elapsed, 10 * NS_PER_S, of)


MICROPHONE = device("Headset", DeviceKind.MICROPHONE, ("Headset", SOUND, HEARD))
CAMERA = device("Ceiling camera", DeviceKind.CAMERA, ("Ceiling camera", VIDEO, SEEN))
IMU = device(
    "Wrist IMU",
    DeviceKind.SIGNAL,
    ("Wrist IMU/accelerometer", MOTION, MOVED),
    ("Wrist IMU/gyroscope", MOTION, MOVED),
)
BUTTONS = device("Response box", DeviceKind.EVENTS, ("Response box", EVENTS, StreamFigures()))

PASSED = card(MICROPHONE, CAMERA, IMU, BUTTONS)
NOTED = card(
    device("Headset", DeviceKind.MICROPHONE, ("Headset", SOUND, replace(HEARD, peak=-58.0))), CAMERA, IMU
)
FAILED = card(
    device("Headset", DeviceKind.MICROPHONE, ("Headset", SOUND, replace(HEARD, peak=-120.0))),
    device(
        "Table microphone",
        DeviceKind.MICROPHONE,
        ("Table microphone", SOUND, replace(HEARD, peak=0.0, clipped=9600)),
    ),
    device(
        "Ceiling camera",
        DeviceKind.CAMERA,
        (
            "Ceiling camera",
            VIDEO,
            replace(SEEN, rate=14.9, jitter=9 * NS_PER_MS, gaps=2, longest_gap=NS_PER_S),
        ),
    ),
    device(
        "Door camera",
        DeviceKind.CAMERA,
        ("Door camera", VIDEO, StreamFigures()),
        trouble="The camera 'Door camera' cannot be opened: nobody answers there. It is retried.",
    ),
    IMU,
    disk=replace(DISK, bytes_per_second=5.1e6, free=3_100_000_000),
    clock=replace(FOLLOWED, gate="Not synchronised well enough: \u00b1 7.9 ms, limit 5 ms."),
)

SCENES = {
    "beginning": None,
    "running": status(
        replace(PASSED, devices=tuple(replace(each, findings=()) for each in PASSED.devices)),
        PreflightPhase.RUNNING,
    ),
    "passed": status(PASSED),
    "noted": status(NOTED),
    "failed": status(FAILED),
    "called-off": replace(
        status(None, PreflightPhase.CALLED_OFF),
        text="A recording was begun, so the pre-flight was called off.",
    ),
}
"""Every state of the card; None: asked for, not yet answered."""
