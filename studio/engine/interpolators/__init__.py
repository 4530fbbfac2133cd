"""Interpolators: what value a stream has at a time at which it need not have a message (rules E205-E212).

An interpolator is asked for a time and shown the messages that wait; it answers with a value, with "there is
none", or with "ask again when more has come". `reproducible` ones answer the same however late messages
arrive, so that live and replay agree; `available` ones never wait.

    speech.join(video, reproducible.nearest(RelativeTimeInterval.around(20_000_000)))

Windows are relative to the time asked for and may lie in the past, in the future or around it.
"""

from studio.engine.interpolators import available, reproducible
from studio.engine.interpolators.choice import Choice, ChoiceOrDefault
from studio.engine.interpolators.interpolation import (
    INSUFFICIENT_DATA,
    Created,
    DoesNotExist,
    InsufficientData,
    Interpolation,
    Interpolator,
)

__all__ = [
    "INSUFFICIENT_DATA",
    "Choice",
    "ChoiceOrDefault",
    "Created",
    "DoesNotExist",
    "InsufficientData",
    "Interpolation",
    "Interpolator",
    "available",
    "reproducible",
]
