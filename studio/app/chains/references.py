"""What chains are called: a file, a name in a file, or one that ships with the studio or was installed.

Names only: nothing is loaded here, so every process may ask.
"""

from pathlib import Path

EXAMPLES = {
    "audio_level": "studio.app.chains.examples.audio_level",
    "motion_energy": "studio.app.chains.examples.motion_energy",
}
"""Chains that ship with the studio, and where they are written."""


def split_reference(reference: str) -> tuple[Path | None, str]:
    """The file of a reference and the name behind its colon; None: it names an installed chain."""
    place, colon, name = reference.rpartition(":")
    if colon and place.endswith(".py"):
        return Path(place).expanduser().absolute(), name
    if reference.endswith(".py"):
        return Path(reference).expanduser().absolute(), ""
    return None, reference


def absolute_reference(reference: str) -> str:
    """The same for a process with another current folder."""
    file, name = split_reference(reference)
    if file is None:
        return reference
    return f"{file}:{name}" if name else str(file)
