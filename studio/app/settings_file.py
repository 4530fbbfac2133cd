"""Where the choices of a user are kept, and a glance at the few that are needed before all others.

`settings` reads them in whole, checks and keeps them; what it takes to do that is imported in a tenth of a
second, which a first look at a running recording need not wait for.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

SYSTEM = "system"
THEMES = (SYSTEM, "dark", "light")


@dataclass(frozen=True, slots=True)
class Glance:
    """How the window looks and where it stood; defaults for whatever is not there or not right."""

    theme: str = SYSTEM
    window: dict[str, str] = field(default_factory=dict)


def settings_path() -> Path:
    """The user's settings file."""
    return platformdirs.user_config_path("studio", appauthor=False) / "settings.json"


def glance(path: Path | None = None) -> Glance:
    """Look into the file, whatever is in it; what is wrong with it is told by whoever reads it in whole."""
    place = path if path is not None else settings_path()
    try:
        kept = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Glance()
    if not isinstance(kept, dict):
        return Glance()
    theme, window = kept.get("theme"), kept.get("window")
    texts = window if isinstance(window, dict) else {}
    return Glance(
        theme=theme if theme in THEMES else SYSTEM,
        window={str(key): text for key, text in texts.items() if isinstance(text, str)},
    )
