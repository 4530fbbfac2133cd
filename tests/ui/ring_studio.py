"""Live streams without a recorder: rings written by the real writers, and the status that names them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from studio.app.status import DeviceStatus, LiveView, RecorderState, RecorderStatus, StreamStatus
from studio.devices.device import DeviceKind, DeviceState
from studio.formats.payload import PayloadKind, StreamFormat
from studio.host.frame_ring import FrameRingWriter
from studio.host.sample_writer import SampleRingWriter
from studio.host.text_ring import TextRingWriter
from studio.timing import NS_PER_S, Duration, OffsetClock, SystemClock, monotonic_ns
from studio.timing.segments import Segment

SOUND = StreamFormat(PayloadKind.AUDIO, "float32", 1, (), 8000.0)
IMU = StreamFormat(PayloadKind.SAMPLES, "float32", 3, ("x", "y", "z"), 100.0, "m/s²")
PICTURES = StreamFormat(PayloadKind.IMAGE, "uint8", rate=30.0, width=320, height=240)
EVENTS = StreamFormat(PayloadKind.EVENT)
SECONDS = 12


class RingStudio:
    """A microphone, a sensor, a camera and events; `deliver` gives each new data up to now."""

    def __init__(self, folder: Path, *, ahead: Duration = 0) -> None:
        """`ahead`: of this machine's clock is the one of another machine, which is followed."""
        self._folder = folder
        self.clock = OffsetClock(SystemClock(), ahead)
        self._is_followed = bool(ahead)
        self.started_time = self.clock.now() - SECONDS * NS_PER_S
        sound = SampleRingWriter.create(folder / "sound", channels=1, rate=SOUND.rate)
        imu = SampleRingWriter.create(folder / "imu", channels=3, rate=IMU.rate)
        frames = FrameRingWriter.create(folder / "frames", width=320, height=240)
        texts = TextRingWriter.create(folder / "texts")
        assert sound is not None
        assert imu is not None
        assert frames is not None
        assert texts is not None
        self.sound, self.imu, self.frames, self.texts = sound, imu, frames, texts
        self._sent_times = {sound: self.started_time, imu: self.started_time}
        self.devices = {
            "Microphone": self._device(DeviceKind.MICROPHONE, "Microphone", SOUND, "sound", "samples"),
            "imu": self._device(DeviceKind.SIGNAL, "imu", IMU, "imu", "samples"),
            "Camera": self._device(DeviceKind.CAMERA, "Camera", PICTURES, "frames", "frames"),
            "events": self._device(DeviceKind.EVENTS, "events", EVENTS, "texts", "texts"),
        }

    def deliver(self, *, grey: int = 128, text: str = "go") -> None:
        """New data of every stream, up to now: a sine, constants 1 to 3, a grey picture, an event."""
        now = self.clock.now()
        for writer, rate in ((self.sound, SOUND.rate), (self.imu, IMU.rate)):
            count = int((now - self._sent_times[writer]) * rate / NS_PER_S)
            if count:
                writer.write(_rows(count, writer.channels, rate), now)
                self._sent_times[writer] = now
        self.frames.write(np.full((240, 320, 3), grey, np.uint8), now)
        self.texts.write(text, now)

    def status(self, *names: str) -> RecorderStatus:
        """A status of these devices; of all if none is named."""
        chosen = [self.devices[name] for name in names] if names else list(self.devices.values())
        monotonic = monotonic_ns()
        return RecorderStatus(
            state=RecorderState.PREVIEW,
            time=self.clock.now(),
            started_time=self.started_time,
            devices=tuple(chosen),
            clock_line=(Segment(monotonic, self.clock.from_monotonic(monotonic), 0),)
            if self._is_followed
            else (),
        )

    def lose(self, name: str, message: str) -> None:
        """The device is gone."""
        self.devices[name] = replace(self.devices[name], state=DeviceState.LOST, message=message)

    def close(self) -> None:
        """Remove the rings."""
        for writer in (self.sound, self.imu, self.frames, self.texts):
            writer.close()

    def _device(
        self, kind: DeviceKind, name: str, stream_format: StreamFormat, file: str, view: str
    ) -> DeviceStatus:
        live = LiveView(str(self._folder / file), view)
        stream = StreamStatus(name, stream_format, rate=stream_format.rate, live=live)
        return DeviceStatus(f"test:{name}", name, kind, DeviceState.RUNNING, streams=(stream,))


def _rows(count: int, channels: int, rate: float) -> npt.NDArray[np.float32]:
    if channels == 3:
        return np.tile(np.array([1, 2, 3], np.float32), (count, 1))
    return (0.5 * np.sin(np.arange(count) * 2 * np.pi * 100 / rate)).astype(np.float32)[:, None]
