"""Whether a microphone hears too little or too much. Values in, words out."""

from studio.app.preflight.card import Finding, StreamFigures, Verdict
from studio.app.preflight.text import level_text

SILENCE_DB = -100.0
"""No real microphone is that quiet: it is off, muted, or the wrong input."""
QUIET_DB = -45.0
"""Somebody who speaks in the room is louder."""
CLIPPED_SHARE = 1e-4
"""A knock may clip once; a level that is too high does so again and again."""


def sound_findings(name: str, figures: StreamFigures) -> tuple[Finding, ...]:
    """Of a stream of sound; nothing of any other."""
    if figures.peak is None or not figures.samples:
        return ()
    if figures.peak <= SILENCE_DB:
        text = f"'{name}' hears nothing at all: digital silence."
        return (
            Finding(Verdict.FAIL, text, "Check its mute switch, its cable, and that it is the right input."),
        )
    if figures.peak < QUIET_DB:
        text = f"'{name}' is too quiet: peak {level_text(figures.peak)}."
        return (
            Finding(Verdict.WARN, text, "Speak as in the session, turn up its level, or move it nearer."),
        )
    if not figures.clipped:
        return ()
    share = figures.clipped / figures.samples
    if share > CLIPPED_SHARE:
        text = f"'{name}' is too loud: {share:.2%} of its samples are cut off."
        return (Finding(Verdict.FAIL, text, "Turn down its level, or move it away."),)
    text = f"'{name}' was cut off at {figures.clipped} samples."
    return (Finding(Verdict.WARN, text, "If that was no knock, turn down its level."),)
