"""Which question of a panel is answered by which part of the app. Belongs to the reader process."""

from studio.app.browse import Browser
from studio.errors import RoleError
from studio.host.inside_protocol import ReadMembers, ReadPoints, ReadSeries
from studio.host.picture_protocol import ReadShapes
from studio.host.protocol import (
    ReadClock,
    ReadMarks,
    ReadMessages,
    ReadPicture,
    ReadPixel,
    ReadSpectrum,
    ReadStreamFacts,
    ReadText,
    ReadValues,
    ReadWindow,
)


def panel_answer(browser: Browser, query: object) -> object:
    """The value that the protocol promises; raises StudioError in people's words."""
    match query:
        case ReadWindow(path=path, stream=stream, left=left, right=right, columns=columns):
            return browser.read_window(path, stream, left, right, columns)
        case ReadMarks(path=path, stream=stream, left=left, right=right, limit=limit):
            return browser.read_marks(path, stream, left, right, limit)
        case ReadText(path=path, stream=stream, time=time, member=member):
            return browser.read_text(path, stream, time, member)
        case ReadMessages(path=path, stream=stream, left=left, right=right, columns=columns):
            return browser.read_messages(path, stream, left, right, columns)
        case ReadSpectrum(path=path, stream=stream, grid=grid):
            return browser.read_spectrum(path, stream, grid)
        case ReadValues(path=path, streams=streams, time=time):
            return browser.read_values(path, streams, time)
        case _:
            return _answer_about_recording(browser, query)


def _answer_about_recording(browser: Browser, query: object) -> object:
    match query:
        case ReadClock(path=path):
            return browser.read_clock(path)
        case ReadStreamFacts(path=path, streams=streams):
            return browser.read_facts(path, streams)
        case _:
            return _answer_about_pictures(browser, query)


def _answer_about_pictures(browser: Browser, query: object) -> object:
    match query:
        case ReadPicture(path=path, stream=stream, time=time, max_width=width, max_height=height):
            return browser.read_picture(path, stream, time, width, height)
        case ReadPixel(path=path, stream=stream, time=time, x=x, y=y):
            return browser.read_pixel(path, stream, time, x, y)
        case ReadShapes(path=path, stream=stream, time=time, keep=keep):
            return browser.read_shapes(path, stream, time, keep)
        case _:
            return _answer_about_insides(browser, query)


def _answer_about_insides(browser: Browser, query: object) -> object:
    match query:
        case ReadSeries(path=path, stream=stream, left=left, right=right, columns=columns, members=members):
            return browser.read_series(path, stream, left, right, columns, members)
        case ReadPoints(across=across, up=up, left=left, right=right, limit=limit):
            return browser.read_points(across, up, left, right, limit)
        case ReadMembers(path=path, stream=stream):
            return browser.read_members(path, stream)
        case _:
            raise RoleError(f"The reader does not know the question {type(query).__name__}.")
