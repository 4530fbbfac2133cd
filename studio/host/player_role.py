"""The player process: plays recordings for the window until its pipe ends (decision 16).

Commands come in on the main thread and are left with the player, which never makes them wait; a status goes
out whenever there is news. A file that makes the HDF5 library crash takes nothing else with it.
"""

import os
import shutil
import threading
from collections.abc import Sequence
from typing import IO

from studio.app.player import Player
from studio.app.player_status import PlayerStatus
from studio.errors import RemoteProtocolError
from studio.host.codec import decode, encode
from studio.host.pipe_frames import claim_pipes, read_frame, write_frame
from studio.host.player_protocol import (
    Load,
    Pause,
    Play,
    PlayerCommand,
    PlayerRequest,
    Resume,
    Seek,
    SetLoop,
    SetMuted,
    SetSpeed,
    Step,
    StopPlaying,
)
from studio.host.player_rings import PlayerRings
from studio.host.run_directory import RunDirectory


def run(arguments: Sequence[str]) -> int:
    """Play until the end of the pipe."""
    commands, statuses = claim_pipes()
    folder = RunDirectory.open().player_folder(os.getpid())
    rings = PlayerRings(folder)
    outlet = _Outlet(statuses)
    player = Player(rings, outlet.tell)
    try:
        player.open()
        while (data := read_frame(commands)) is not None:
            request = decode(data)
            if not isinstance(request, PlayerRequest):
                raise RemoteProtocolError(f"a {type(request).__name__} came instead of a command")
            _carry_out(player, rings, request.number, request.body)
    except (BrokenPipeError, RemoteProtocolError):
        return 0  # who asked is gone
    finally:
        player.close()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


class _Outlet:
    """Sends statuses from the player's thread."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._is_broken = threading.Event()

    def tell(self, status: PlayerStatus) -> None:
        """Send it; when nobody reads any more, the end of the other pipe ends us."""
        if not self._is_broken.is_set():
            try:
                write_frame(self._pipe, encode(status))
            except OSError:
                self._is_broken.set()


def _carry_out(player: Player, rings: PlayerRings, number: int, command: PlayerCommand) -> None:
    match command:
        case Load(streams=streams, max_width=width, max_height=height):
            rings.max_width, rings.max_height = max(1, width), max(1, height)
            player.load(streams, number=number)
        case Play(interval=interval, speed=speed, loop=loop, enforce_clock=enforce, start=start):
            player.play(interval, start=start, speed=speed, loop=loop, enforce_clock=enforce, number=number)
        case Pause():
            player.pause(number=number)
        case Resume():
            player.resume(number=number)
        case Seek(time=time):
            player.seek(time, number=number)
        case SetSpeed() | SetLoop() | SetMuted():
            _change_how(player, number, command)
        case Step(direction=direction, stream=stream):
            player.step(direction, stream, number=number)
        case StopPlaying():
            player.stop(number=number)


def _change_how(player: Player, number: int, command: SetSpeed | SetLoop | SetMuted) -> None:
    match command:
        case SetSpeed(speed=speed):
            player.set_speed(speed, number=number)
        case SetLoop(loop=loop):
            player.set_loop(loop, number=number)
        case SetMuted(muted=muted):
            player.mute(muted, number=number)
