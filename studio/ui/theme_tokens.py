"""The colours of a theme as a value: read from resources, no Qt. Does not decide which theme is shown."""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from studio.errors import StoreFormatError

ROLES = (
    *("background", "surface", "raised", "hover", "border", "text", "muted", "accent", "on_accent"),
    *("record", "on_record", "record_fill", "grid", "ok", "warning", "error"),
    *("note_fill", "warning_fill", "error_fill"),
)
"""Every colour a theme must have."""

READABLE = 4.5
"""Contrast that fine lines need."""

_COLOUR = re.compile(r"#[0-9a-f]{6}")


class ThemeName(StrEnum):
    """The themes that exist."""

    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True, slots=True)
class ThemeTokens:
    """One theme."""

    colours: dict[str, str]
    """Role to `#rrggbb`, all of ROLES."""
    streams: tuple[str, ...]
    """Colours that tell streams and channels apart, also for eyes that see red and green alike."""

    def stream(self, index: int) -> str:
        """The colour of the stream or channel of that number; they come round again."""
        return self.streams[index % len(self.streams)]

    def style_sheet(self) -> str:
        """The QSS of the studio with this theme's colours in it; `@folder` is where its pictures are,
        `@tick` the one that can be told from the accent."""
        folder = files("studio.resources").joinpath("themes")
        text = folder.joinpath("studio.qss").read_text(encoding="utf-8")
        tick = "white" if contrast(self.colours["accent"], "#ffffff") >= READABLE else "black"
        words = self.colours | {"folder": Path(str(folder)).as_posix(), "tick": f"tick-{tick}.svg"}
        return re.sub(r"@(\w+)", lambda found: words[found.group(1)], text)


def read_tokens(name: ThemeName) -> ThemeTokens:
    """Read a theme from the resources; raises StoreFormatError if a colour is missing or no colour."""
    text = files("studio.resources").joinpath(f"themes/{name}.toml").read_text(encoding="utf-8")
    return parse_tokens(text, name=name)


def parse_tokens(text: str, *, name: str) -> ThemeTokens:
    """Make a theme of TOML text; `name` is for the error."""
    table = tomllib.loads(text)
    colours = dict(table.get("colours", {}))
    streams = tuple(table.get("streams", {}).get("colours", ()))
    missing = [role for role in ROLES if role not in colours]
    wrong = [value for value in (*colours.values(), *streams) if not _COLOUR.fullmatch(str(value))]
    if missing or wrong or not streams:
        raise StoreFormatError(f"the theme '{name}' is damaged: missing {missing}, not a colour {wrong}")
    return ThemeTokens(colours=colours, streams=streams)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
