"""The reading side of the live rings, as the window uses it. Imports no codec and no store.

A ring is one file named by a `LiveView`; a new size of the data is a new file, so a reader is opened anew
when the path of the view changes. Opening one that is not there raises LiveViewError.
"""

from studio.host.frame_ring import FrameRingReader, LiveFrame
from studio.host.message_ring import LiveMessage, MessageRingReader
from studio.host.ring_age import NO_SIGNAL_S
from studio.host.sample_reader import SampleRingReader
from studio.host.text_ring import LiveText, TextRingReader

__all__ = [
    "NO_SIGNAL_S",
    "FrameRingReader",
    "LiveFrame",
    "LiveMessage",
    "LiveText",
    "MessageRingReader",
    "SampleRingReader",
    "TextRingReader",
]
