"""The devices process: looks once for devices, says what it found, ends (decision 16).

Apart from the recorder because looking anew for sound devices would end the streams that are open.
"""

from collections.abc import Sequence

from studio.devices.discovery import discover_devices
from studio.host.codec import encode
from studio.host.pipe_frames import claim_pipes, write_frame
from studio.host.protocol import Reply


def run(arguments: Sequence[str]) -> int:
    """Write the devices found as one reply."""
    _, answers = claim_pipes()
    write_frame(answers, encode(Reply(0, discover_devices(simulated="--no-simulated" not in arguments))))
    return 0
