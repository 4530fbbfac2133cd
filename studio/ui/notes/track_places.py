"""Where something stands in the tracks (track, attribute, value), and tracks with one of them changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from studio.formats.notes import Attribute, Choice, Track


class Spot(Enum):
    """Which of the three it is."""

    TRACK = auto()
    ATTRIBUTE = auto()
    VALUE = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """A track; with a number, one of its attributes; with two, one of its values."""

    track: str
    attribute: int = -1
    value: int = -1

    @property
    def spot(self) -> Spot:
        """Which of the three it is."""
        if self.value >= 0:
            return Spot.VALUE
        return Spot.ATTRIBUTE if self.attribute >= 0 else Spot.TRACK


def free_name(wanted: str, taken: Sequence[str]) -> str:
    """`Track`, `Track 2`, `Track 3`: the first that is not taken."""
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted} {number}"
    return name


def with_new(track: Track, place: Place, spot: Spot) -> tuple[Track, Place]:
    """The track with another attribute, or with another value of the attribute at `place`."""
    attributes = track.attributes
    if spot is Spot.ATTRIBUTE:
        name = free_name("Attribute", [attribute.name for attribute in attributes])
        return replace(track, attributes=(*attributes, Attribute(name))), Place(track.name, len(attributes))
    attribute = attributes[place.attribute]
    value = free_name("Value", [choice.value for choice in attribute.choices])
    longer = replace(attribute, choices=(*attribute.choices, Choice(value)))
    return _with(track, place, longer), Place(track.name, place.attribute, len(attribute.choices))


def with_name(track: Track, place: Place, name: str) -> Track:
    """The track with another name of the attribute or value at `place`; the same if that is taken."""
    attribute = track.attributes[place.attribute]
    if place.spot is Spot.ATTRIBUTE:
        taken = name in [each.name for each in track.attributes]
        return track if taken else _with(track, place, replace(attribute, name=name))
    taken = name in [choice.value for choice in attribute.choices]
    return track if taken else _with_choice(track, place, replace(attribute.choices[place.value], value=name))


def with_colour(track: Track, place: Place, colour: str) -> Track:
    """The track with another colour, or with another colour of the value at `place`."""
    if place.spot is not Spot.VALUE:
        return replace(track, colour=colour)
    choice = track.attributes[place.attribute].choices[place.value]
    return _with_choice(track, place, replace(choice, colour=colour))


def without(track: Track, place: Place) -> Track:
    """The track without the attribute or value at `place`."""
    if place.spot is Spot.ATTRIBUTE:
        kept = (each for n, each in enumerate(track.attributes) if n != place.attribute)
        return replace(track, attributes=tuple(kept))
    attribute = track.attributes[place.attribute]
    choices = tuple(each for n, each in enumerate(attribute.choices) if n != place.value)
    return _with(track, place, replace(attribute, choices=choices))


def _with(track: Track, place: Place, attribute: Attribute) -> Track:
    changed = (attribute if n == place.attribute else each for n, each in enumerate(track.attributes))
    return replace(track, attributes=tuple(changed))


def _with_choice(track: Track, place: Place, choice: Choice) -> Track:
    attribute = track.attributes[place.attribute]
    choices = tuple(choice if n == place.value else each for n, each in enumerate(attribute.choices))
    return _with(track, place, replace(attribute, choices=choices))
