"""How a note appears: in which colour, with which words. Text and colours only."""

from studio.formats.notes import Note, Track
from studio.ui.theme import Theme


def note_words(note: Note) -> str:
    """Its text, else its values, in one line."""
    text = " ".join(note.text.split())
    values = ", ".join(value for value in note.values.values() if value)
    return f"{text} ({values})" if text and values else text or values


def track_colour(track: Track, place: int, theme: Theme) -> str:
    """`#rrggbb` of a track; `place`: the how-manieth it is."""
    return track.colour or theme.stream_colour(place).name()


def note_colour(note: Note, track: Track, place: int, theme: Theme) -> str:
    """By the value of the first attribute whose values have colours, else that of the track."""
    for attribute in track.attributes:
        value = note.values.get(attribute.name)
        colour = next((choice.colour for choice in attribute.choices if choice.value == value), "")
        if colour:
            return colour
    return track_colour(track, place, theme)
