"""Everything at once for as long as asked: does anything grow, come late, or get lost?

python -m tests.soak.everything --minutes 30 [--share 0.5] [--folder PLACE] [--keep]

A real window on a virtual screen, its real recorder, a virtual microphone that hears sound all the time, a
network camera, and simulated sensors (`--share` takes a part of the load; the first line says what that is).
A row a minute: memory, handles and threads of each role, the age of the newest commit, what came and what
was lost. In the end: how much each figure grew an hour, and the check of the file, which needs the room of
the recording (about 20 MB a second at full load) and is removed unless `--keep` is given.

Exit code 1: something grew, was lost or unaccounted for, or the file is not sound.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from studio.app.settings import Settings
from studio.app.status import RecorderStatus
from tests.lab.camera import CameraServer
from tests.lab.microphone import Microphone
from tests.lab.places import Places
from tests.lab.screen import Screen
from tests.lab.sound import chirp, write_wav
from tests.lab.studio_window import StudioWindow
from tests.soak.link import Link
from tests.soak.load import Load, devices_of
from tests.soak.roles import Taken, taken_by
from tests.soak.verdict import Row, heading, line_of, verdict_of
from tests.waiting import wait_until

ROW_S = 60.0
LOOK_S = 0.2
SOUND_S = 20.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A studio that is open, and what there is to be recorded."""

    window: StudioWindow
    microphone: Microphone
    camera: CameraServer
    link: Link
    wav: Path


@contextmanager
def scene_of(load: Load, folder: Path) -> Iterator[Scene]:
    """Open all of it; everything is ended afterwards."""
    with ExitStack() as stack:
        places = stack.enter_context(Places.make())
        os.environ.update(places.environment())
        microphone = stack.enter_context(Microphone(places.runtime, name="mic_a"))
        os.environ["ALSA_CONFIG_PATH"] = str(microphone.write_alsa_config())
        camera = CameraServer(folder, width=load.width, height=load.height, fps=load.frame_rate)
        stack.enter_context(camera)
        screen = stack.enter_context(Screen.open(folder))
        Settings(recordings_folder=str(folder), ticked=(), first_start=False).save()
        window = stack.enter_context(StudioWindow(screen, folder))
        wav = write_wav(folder / "sound.wav", chirp(SOUND_S))
        link = Link()
        link.open()
        stack.callback(link.close)
        yield Scene(window, microphone, camera, link, wav)


class Watch:
    """Makes rows, one after the other."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._began = self._last = time.monotonic()
        self._cpu: dict[str, Taken] = {}
        self._stored: dict[str, int] = {}

    def row(self) -> Row:
        """What was since the last one."""
        now, status = time.monotonic(), self._scene.link.newest
        roles = taken_by(self._scene.window.processes())
        elapsed, self._last = now - self._last, now
        cpu = {
            role: (taken.cpu_s - self._cpu[role].cpu_s) / elapsed if role in self._cpu else 0.0
            for role, taken in roles.items()
        }
        stored = stored_of(status)
        came = {name: (count - self._stored.get(name, 0)) / elapsed for name, count in stored.items()}
        self._cpu, self._stored = roles, stored
        late, latest = self._scene.link.lateness_s()
        return Row(
            minute=(now - self._began) / 60.0,
            roles=roles,
            cpu=cpu,
            late_s=late,
            latest_s=latest,
            came=sum(came.values()),
            dropped=status.dropped,
            file_size=status.file_size,
            load=os.getloadavg()[0],
        )


def stored_of(status: RecorderStatus) -> dict[str, int]:
    """By stream."""
    return {stream.name: stream.stored for device in status.devices for stream in device.streams}


def watch(scene: Scene, minutes: float) -> list[Row]:
    """A row a minute, told as it comes."""
    watched, rows = Watch(scene), []
    watched.row()
    end = time.monotonic() + minutes * 60.0
    with ExitStack() as stack:
        playing = stack.enter_context(scene.microphone.play_meanwhile(scene.wav))
        due = time.monotonic() + ROW_S
        while time.monotonic() < end + 1.0:
            if not playing.is_alive:
                playing = stack.enter_context(scene.microphone.play_meanwhile(scene.wav))
            if time.monotonic() >= due:
                rows.append(watched.row())
                due += ROW_S
                print(line_of(rows[-1]), flush=True)
            time.sleep(LOOK_S)
    return rows


def run(load: Load, minutes: float, folder: Path) -> bool:
    """All of it; True if nothing is to be blamed."""
    print(f"load: {load}\n{os.cpu_count()} processors; load of the machine before: {os.getloadavg()[0]:.1f}")
    with scene_of(load, folder) as scene:
        link = scene.link
        path = link.record(devices_of(load, scene.microphone, scene.camera), folder)
        wait_until(lambda: len(stored_of(link.newest)) > 0 and min(stored_of(link.newest).values()) > 0, 60.0)
        print(heading(), flush=True)
        rows = watch(scene, minutes)
        finished = link.stop()
        problems = list(link.problems.values()) + link.lost
    return verdict_of(rows, finished, problems, path)


def main(arguments: Sequence[str]) -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--keep", action="store_true")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # so that all is ended then, too
    load = share_of(Load(), given.share)
    folder = Path(tempfile.mkdtemp(prefix="studio-soak-", dir=given.folder))
    try:
        return 0 if run(load, given.minutes, folder) else 1
    finally:
        if given.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def share_of(load: Load, share: float) -> Load:
    """A part of a load: fewer pictures, channels and messages."""
    return replace(
        load,
        frame_rate=max(1.0, load.frame_rate * share),
        probe_channels=max(1, round(load.probe_channels * share)),
        message_rate=max(1.0, load.message_rate * share),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
