"""A network camera as a process of its own: MJPEG over HTTP, each picture says its number and when it left.

Run with `python -m tests.lab.camera_server`. Frame k is due k / fps after an epoch on the monotonic clock, so
a restarted camera goes on counting, and two clients see the same numbers. What was sent is appended to a log,
a line a frame, written when the socket has taken it: index, sending time (ns UTC), the same (monotonic ns).
A camera that was frozen goes on with the present frame; a camera that is merely late sends them all.
"""

import argparse
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.devices import barcode
from studio.formats.opencv import encode_jpeg

BOUNDARY = "frame"
RESYNC_NS = 500_000_000
"""Later than this, the frames in between are lost, as in a camera whose buffers are full."""
Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Settings:
    """What this camera is."""

    width: int
    height: int
    fps: float
    frame_limit: int | None
    """A connection is closed after so many frames. None: never."""
    epoch: int
    """Monotonic ns at which frame 0 was due."""
    log: Path

    def due(self, index: int) -> int:
        """Monotonic ns at which a frame is due."""
        return self.epoch + round(index * 1e9 / self.fps)

    def next_index(self, now: int) -> int:
        """The first frame that is not yet due at `now` (monotonic ns)."""
        return max(0, int((now - self.epoch) * self.fps / 1e9) + 1)


def background(width: int, height: int) -> Image:
    """A colourful picture (height, width, 3) BGR with some noise, as heavy to compress as a real one."""
    rows, columns = np.mgrid[0:height, 0:width]
    channels = [rows * 255 // height, columns * 255 // width, (rows + columns) * 255 // (width + height)]
    noise = np.random.default_rng(7).integers(-12, 12, size=(height, width, 3))
    return np.clip(np.stack(channels, axis=2) + noise, 0, 255).astype(np.uint8)


class Stream:
    """One client's stream of frames. Ends by raising when the client hangs up."""

    def __init__(self, settings: Settings, picture: Image, output: BufferedIOBase) -> None:
        self._settings = settings
        self._picture = picture.copy()
        self._output = output

    def run(self) -> None:
        """Send each frame when it is due."""
        settings = self._settings
        index = settings.next_index(time.monotonic_ns())
        sent = 0
        with settings.log.open("ab", buffering=0) as log:
            while settings.frame_limit is None or sent < settings.frame_limit:
                late = time.monotonic_ns() - settings.due(index)
                if late > RESYNC_NS:
                    index = settings.next_index(time.monotonic_ns())
                elif late < 0:
                    time.sleep(-late / 1e9)
                log.write(self._send(index))
                index += 1
                sent += 1

    def _send(self, index: int) -> bytes:
        monotonic, utc_time = time.monotonic_ns(), time.time_ns()
        barcode.draw(self._picture, index, utc_time)
        data = encode_jpeg(self._picture).data
        head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
        self._output.write(head.encode() + data + b"\r\n")
        self._output.flush()
        return f"{index} {utc_time} {monotonic}\n".encode()


def handler_for(settings: Settings) -> type[BaseHTTPRequestHandler]:
    """The class that answers requests to this camera."""
    picture = background(settings.width, settings.height)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={BOUNDARY}")
            self.end_headers()
            try:
                Stream(settings, picture, self.wfile).run()
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the client hung up, as clients do

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing: the log of frames is what counts."""

    return Handler


def serve(settings: Settings, port: int, ready: Path) -> None:
    """Serve for ever; `ready` appears with the port number in it when the camera can be read."""
    server = ThreadingHTTPServer(("127.0.0.1", port), handler_for(settings))
    pending = ready.with_suffix(".pending")
    pending.write_text(str(server.server_address[1]))
    pending.replace(ready)
    server.serve_forever()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--width", type=int, default=640)
    parser.add_argument("--height", type=int, default=480)
    parser.add_argument("--fps", type=float, default=30.0)
    parser.add_argument("--frame-limit", type=int)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--epoch", type=int, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--ready", type=Path, required=True)
    given = vars(parser.parse_args())
    port, ready = given.pop("port"), given.pop("ready")
    serve(Settings(**given), port, ready)


if __name__ == "__main__":
    main()
