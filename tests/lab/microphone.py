"""Virtual microphones: one PulseAudio daemon each, so that killing one is unplugging it and no other notices.

What is played into a microphone arrives in a recording bit for bit. PortAudio sees them through ALSA's pulse
plugin and a configuration file of the test's own (`ALSA_CONFIG_PATH`); nothing of the machine is touched.
"""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from tests.lab.process import LabProcess
from tests.waiting import wait_until

PLAY_TIMEOUT_S = 60.0


class Microphone:
    """A microphone that hears what is played into it. `start` or `with` plugs it in, `kill` pulls it out."""

    def __init__(self, folder: Path, *, name: str = "mic_a", rate: int = 48_000, channels: int = 1) -> None:
        """`folder` must have a short path: a socket is made in it."""
        self.name = name
        self.rate = rate
        self.channels = channels
        self._folder = folder / name
        self._daemon: LabProcess | None = None

    @property
    def server(self) -> str:
        """The address of its daemon, as PulseAudio writes it."""
        return f"unix:{self._socket}"

    @property
    def _socket(self) -> Path:
        return self._folder / "native"

    def start(self) -> None:
        """Plug it in; returns when it hears."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._socket.unlink(missing_ok=True)
        log = self._folder / "log"
        self._daemon = LabProcess(self._arguments(), log=log, environment=self._environment())
        self._daemon.wait_until_ready(self._socket)
        wait_until(self._has_sink, 20.0, f"the microphone {self.name}")

    def _arguments(self) -> list[str]:
        # Without norewinds an idle null sink renders two seconds ahead, and the first second is never heard.
        sink = f"module-null-sink sink_name={self.name} rate={self.rate} channels={self.channels} norewinds=1"
        return [
            "pulseaudio",
            "-n",
            "--daemonize=no",
            "--exit-idle-time=-1",
            "--disallow-exit",
            "--use-pid-file=no",
            "--log-target=stderr",
            "-L",
            f"module-native-protocol-unix auth-anonymous=1 socket={self._socket}",
            "-L",
            f"{sink} sink_properties=device.description={self.name}",
        ]

    def _environment(self) -> dict[str, str]:
        folder = str(self._folder)
        return os.environ | {
            "PULSE_RUNTIME_PATH": folder,
            "XDG_RUNTIME_DIR": folder,
            "HOME": folder,
            "PULSE_SERVER": self.server,
        }

    def _has_sink(self) -> bool:
        asked = subprocess.run(
            ["pactl", "list", "short", "sinks"],
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,  # refused until the daemon listens
        )
        return self.name in asked.stdout

    def play(self, wav: Path) -> None:
        """Play a WAV file into it; returns when it has been played."""
        subprocess.run(
            ["paplay", f"--device={self.name}", str(wav)],
            env=self._environment(),
            check=True,
            capture_output=True,
            timeout=PLAY_TIMEOUT_S,
        )

    def play_meanwhile(self, wav: Path) -> LabProcess:
        """Begin to play a WAV file into it; the caller kills or awaits the process."""
        arguments = ["paplay", f"--device={self.name}", str(wav)]
        return LabProcess(arguments, log=self._folder / "paplay.log", environment=self._environment())

    def kill(self) -> None:
        """Pull it out. Idempotent; `start` plugs it in again."""
        if self._daemon is not None:
            self._daemon.kill()

    def write_alsa_config(self) -> Path:
        """A configuration that shows this microphone alone, for `ALSA_CONFIG_PATH`."""
        return write_alsa_config(self._folder / "asound.conf", [self])

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def write_alsa_config(path: Path, microphones: Sequence[Microphone]) -> Path:
    """Write a configuration by which PortAudio lists exactly these microphones; the first is the default."""
    first = microphones[0]
    lines = [
        "</usr/share/alsa/alsa.conf>",
        f'pcm.!default {{ type pulse server "{first.server}" device "{first.name}.monitor" }}',
        f'ctl.!default {{ type pulse server "{first.server}" }}',
    ]
    for each in microphones:
        hint = f'hint {{ show on description "virtual microphone {each.name}" }}'
        source = f'type pulse server "{each.server}" device "{each.name}.monitor"'
        lines.append(f"pcm.{each.name} {{ {source} {hint} }}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
