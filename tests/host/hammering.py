"""A process that writes into the rings of a folder as fast as it can until its input ends."""

import select
import sys
from pathlib import Path

import numpy as np

from studio.host.frame_ring import FrameRingWriter
from studio.host.message_ring import MessageRingWriter
from studio.host.sample_writer import SampleRingWriter
from studio.host.text_ring import TextRingWriter

PERIOD = 1000
"""ns between rows."""
ROWS = 700
RINGS = ("frames.ring", "samples.ring", "texts.ring", "messages.ring")


def main(folder: Path) -> None:
    frames_path, samples_path, texts_path, messages_path = (folder / ring for ring in RINGS)
    frames = FrameRingWriter.create(frames_path, width=320, height=180)
    samples = SampleRingWriter.create(samples_path, channels=2, rate=1e9 / PERIOD)
    texts = TextRingWriter.create(texts_path)
    messages = MessageRingWriter.create(messages_path)
    assert frames is not None
    assert samples is not None
    assert texts is not None
    assert messages is not None
    image = np.empty((180, 320, 3), np.uint8)
    number = 0
    while not (number % 64 == 1 and select.select([sys.stdin], [], [], 0)[0]):
        number += 1
        image[:] = number % 251
        frames.write(image, number)
        rows = np.arange((number - 1) * ROWS, number * ROWS, dtype=np.float64) % 4096
        samples.write(np.stack((rows, rows), axis=1), number * ROWS * PERIOD)
        texts.write(f"{number} {'x' * (number % 200)}", number)
        messages.write(f"{number} {'y' * (number * 37 % 5000)}", number)
    frames.close()
    messages.close()
    samples.close()
    texts.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
