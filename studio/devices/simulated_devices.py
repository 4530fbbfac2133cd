"""Names the devices that every machine has. Imports no driver, so that the window may ask."""

from studio.devices.device import DeviceInfo, DeviceKind


def simulated_devices() -> tuple[DeviceInfo, ...]:
    """The devices that are always there."""

    def device(id: str, name: str, kind: DeviceKind, detail: str) -> DeviceInfo:
        return DeviceInfo(id=f"simulated:{id}", name=name, kind=kind, simulated=True, detail=detail)

    return (
        device("microphone", "Simulated microphone", DeviceKind.MICROPHONE, "48 kHz, 1 channel"),
        device("camera", "Simulated camera", DeviceKind.CAMERA, "640\u00d7480, 30 fps"),
        device("imu", "Simulated IMU", DeviceKind.SIGNAL, "accelerometer and gyroscope, 200 Hz"),
        device("signal", "Simulated signal", DeviceKind.SIGNAL, "1 kHz, 4 channels"),
        device("events", "Simulated events", DeviceKind.EVENTS, "one every two seconds or so"),
        device("depth", "Simulated depth camera", DeviceKind.CAMERA, "320\u00d7240, 30 fps, distances in mm"),
        device("tracker", "Simulated tracker", DeviceKind.SIGNAL, "where the ball is, 30 times a second"),
    )
