"""The simulated devices of sampled streams: what each is called, measures and looks like."""

from studio.devices import waveforms
from studio.devices.device import DeviceInfo, DeviceReports
from studio.devices.simulated import SimulatedSampler, Track
from studio.engine import Pipeline
from studio.formats.payload import PayloadKind, StreamFormat

MICROPHONE_RATE = 48_000.0
IMU_RATE = 200.0
SIGNAL_RATE = 1000.0
SIGNAL_CHANNELS = 4
_AXES = ("x", "y", "z")


def simulated_microphone(pipeline: Pipeline, info: DeviceInfo, reports: DeviceReports) -> SimulatedSampler:
    """Something like speech, float32, 48 kHz, one channel unless the settings say otherwise."""
    rate = info.settings.rate or MICROPHONE_RATE
    channels = info.settings.channels or 1
    format = StreamFormat(PayloadKind.AUDIO, dtype="float32", channels=channels, rate=rate)
    track = Track(info.name, format, waveforms.voice(rate=rate, channels=channels))
    return SimulatedSampler(pipeline, info, (track,), reports, rate=rate)


def simulated_signal(pipeline: Pipeline, info: DeviceInfo, reports: DeviceReports) -> SimulatedSampler:
    """Sines of 1, 2, 3, ... Hz; up to 30 kHz on 64 channels is no burden."""
    rate = info.settings.rate or SIGNAL_RATE
    channels = info.settings.channels or SIGNAL_CHANNELS
    names = tuple(f"channel {number + 1}" for number in range(channels))
    format = StreamFormat(
        PayloadKind.SAMPLES, dtype="float32", channels=channels, channel_names=names, rate=rate
    )
    track = Track(info.name, format, waveforms.sines(rate=rate, channels=channels))
    return SimulatedSampler(pipeline, info, (track,), reports, rate=rate)


def simulated_imu(pipeline: Pipeline, info: DeviceInfo, reports: DeviceReports) -> SimulatedSampler:
    """A motion sensor on a walking person: accelerometer and gyroscope as two streams of the same times."""
    rate = info.settings.rate or IMU_RATE
    accelerometer = Track(
        f"{info.name}/accelerometer", _axes(rate, "m/s²"), waveforms.accelerometer(rate=rate)
    )
    gyroscope = Track(f"{info.name}/gyroscope", _axes(rate, "rad/s"), waveforms.gyroscope(rate=rate))
    return SimulatedSampler(pipeline, info, (accelerometer, gyroscope), reports, rate=rate)


def _axes(rate: float, units: str) -> StreamFormat:
    return StreamFormat(
        PayloadKind.SAMPLES, dtype="float32", channels=3, channel_names=_AXES, rate=rate, units=units
    )
