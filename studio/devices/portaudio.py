"""Inputs and outputs of sound. The only importer of sounddevice; imported only where sound is wanted.

PortAudio's list of inputs is a snapshot of when it was initialised. It counts how often it was: each open
input here holds one count, so that the snapshot is taken anew whenever the first of them is opened.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from studio.devices.sound_names import addresses, place_of
from studio.errors import DeviceError
from studio.timing import NS_PER_S, monotonic_ns

try:
    import sounddevice
except OSError as _error:
    raise DeviceError(
        "Microphones and loudspeakers cannot be used because the library PortAudio is missing. "
        "On Debian or Ubuntu install the package libportaudio2, then start the studio again."
    ) from _error
# The import has initialised PortAudio; give that count back, or the list would never be taken anew.
sounddevice._terminate()  # noqa: SLF001

_ENTRY: Final = threading.Lock()
"""PortAudio is one per process, as a library in C is, and must be entered by one thread at a time."""

LATENCY_S = 0.1
"""What the hardware may hold: enough for a busy computer; Stop waits for it, so nothing is lost by it."""
CONVERTING = 32
"""An input that claims so many channels is no hardware but a converter, which takes any number and rate."""

Block = NDArray[np.float32]
OnBlock = Callable[[Block, int, float, bool], None]
"""Called on PortAudio's thread with a copy (n, channels), the monotonic ns of the call, capture time minus
present time as PortAudio says it (s), and whether samples were lost before this block."""


OnFill = Callable[[Block, int], None]
"""Called on PortAudio's thread with a block (n, channels) of silence to be filled, and the monotonic ns at
which its first sample will be heard, as PortAudio says it."""


@dataclass(frozen=True, slots=True)
class SoundInput:
    """One input as PortAudio lists it."""

    name: str
    host: str
    """The sound system it belongs to: ALSA, Core Audio, Windows WASAPI, ..."""
    channels: int
    """As many as the hardware has; 2 of a converter."""
    rate: float
    """Native samples per second, as far as it is known."""
    is_default: bool = False
    address: str = ""
    """What to open it by: its name, numbered where several are called the same."""


class OpenSound:
    """A running input or output. Belongs to one thread, which must not be PortAudio's own."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._closed = False

    def close(self) -> None:
        """Stop and give it back. Idempotent; never fails, for the hardware may be gone."""
        if self._closed:
            return
        self._closed = True
        # Not under the lock: it waits for a callback that is running.
        self._stream.close(ignore_errors=True)
        with _ENTRY:
            _give_back()


def list_inputs() -> tuple[SoundInput, ...]:
    """All inputs, anew unless one is open; empty if there are none. DeviceError if PortAudio cannot tell."""
    with _ENTRY:
        _initialize()
        try:
            hosts = sounddevice.query_hostapis()
            entries = _input_entries()
            default = _default_index()
            known = addresses([entry["name"] for entry in entries])
            return tuple(
                _sound_input(entry, hosts[entry["hostapi"]]["name"], default, address)
                for entry, address in zip(entries, known, strict=True)
            )
        except sounddevice.PortAudioError as error:
            raise DeviceError(f"The microphones cannot be listed: {_reason(error)}.") from error
        finally:
            _give_back()


def open_input(
    name: str, *, rate: float, channels: int, on_block: OnBlock, on_finished: Callable[[], None]
) -> OpenSound:
    """Open and start the input of that name or address; raises DeviceError with what stands in the way.

    `on_finished` is called on PortAudio's thread when the input ends, asked to or not.
    """

    def callback(data: Any, _count: int, times: Any, status: Any) -> None:
        now = monotonic_ns()
        # `data` is PortAudio's own memory, used again for the next block.
        on_block(data.copy(), now, times.inputBufferAdcTime - times.currentTime, bool(status.input_overflow))

    with _ENTRY:
        _initialize()
        stream: Any = None
        try:
            stream = sounddevice.InputStream(
                device=_index_of(name),
                samplerate=rate,
                channels=channels,
                dtype="float32",
                latency=LATENCY_S,
                callback=callback,
                finished_callback=on_finished,
            )
            stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            if stream is not None:
                stream.close(ignore_errors=True)
            _give_back()
            raise DeviceError(_reason(error)) from error
    return OpenSound(stream)


def open_output(*, rate: float, channels: int, on_fill: OnFill, on_finished: Callable[[], None]) -> OpenSound:
    """Open and start the output that the system plays to; raises DeviceError with what stands in the way.

    `on_finished` is called on PortAudio's thread when the output ends, asked to or not.
    """

    def callback(data: Any, _count: int, times: Any, _status: Any) -> None:
        now = monotonic_ns()
        data.fill(0.0)
        on_fill(data, now + round((times.outputBufferDacTime - times.currentTime) * NS_PER_S))

    with _ENTRY:
        _initialize()
        stream: Any = None
        try:
            _require_output()
            stream = sounddevice.OutputStream(
                samplerate=rate,
                channels=channels,
                dtype="float32",
                latency=LATENCY_S,
                callback=callback,
                finished_callback=on_finished,
            )
            stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            if stream is not None:
                stream.close(ignore_errors=True)
            _give_back()
            raise DeviceError(_reason(error)) from error
    return OpenSound(stream)


def _initialize() -> None:
    try:
        sounddevice._initialize()  # noqa: SLF001
    except sounddevice.PortAudioError as error:
        raise DeviceError(f"The sound system does not answer: {_reason(error)}.") from error


def _give_back() -> None:
    sounddevice._terminate()  # noqa: SLF001


def _require_output() -> None:
    """ValueError if the system has nothing to play to: PortAudio would only say a number."""
    try:
        sounddevice.query_devices(kind="output")
    except (sounddevice.PortAudioError, ValueError) as error:
        raise ValueError("no loudspeaker was found") from error


def _index_of(name: str) -> int:
    entries = _input_entries()
    place = place_of(name, [entry["name"] for entry in entries])
    if place is None:
        raise ValueError(f"there is no input of the name '{name}'")
    return int(entries[place]["index"])


def _input_entries() -> list[Any]:
    return [entry for entry in sounddevice.query_devices() if entry["max_input_channels"] > 0]


def _sound_input(entry: Any, host: str, default: int, address: str) -> SoundInput:
    channels, rate = int(entry["max_input_channels"]), float(entry["default_samplerate"])
    if channels >= CONVERTING:
        # What is behind it is not known. Two channels, so that a stereo pair is not mixed into one.
        channels = 2
    if host == "ALSA" and rate == 44_100.0 and _accepts(entry["index"], channels, 48_000.0):
        # PortAudio says 44100 of every ALSA input that can do it; the cards' own rate is nearly always 48000.
        rate = 48_000.0
    return SoundInput(
        name=entry["name"],
        host=host,
        channels=channels,
        rate=rate,
        is_default=entry["index"] == default,
        address=address,
    )


def _accepts(index: int, channels: int, rate: float) -> bool:
    try:
        sounddevice.check_input_settings(device=index, channels=channels, samplerate=rate)
    except (sounddevice.PortAudioError, ValueError):
        return False
    return True


def _default_index() -> int:
    try:
        return int(sounddevice.query_devices(kind="input")["index"])
    except (sounddevice.PortAudioError, ValueError):
        return -1


def _reason(error: Exception) -> str:
    text = str(error.args[0] if error.args else error)
    text = text.removeprefix("Error opening InputStream: ").removeprefix("Error opening OutputStream: ")
    return text.split(" [PaErrorCode")[0].rstrip(".")
