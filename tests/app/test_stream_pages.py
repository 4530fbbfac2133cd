"""Streams of a recording, some at a time: all of them, or those whose names hold some words."""

from pathlib import Path

from studio.app.browse import Browser
from studio.app.stream_pages import StreamPages
from tests.store.recordings import SCALAR, T0, write_recording


def test_words_find_streams_beyond_the_page_that_was_shown(tmp_path: Path) -> None:
    names = [f"Unit {n // 10}.channel {n}" for n in range(30)]
    path = str(write_recording(tmp_path / "r.h5", {name: (SCALAR, [(T0, 1.0)]) for name in names}))
    browser = Browser()
    pages = StreamPages(browser)
    first = pages.page(path, 0, 4)
    assert (first.total, [s.name for s in first.streams]) == (30, names[:4])
    found = pages.page(path, 0, 4, "unit CHANNEL 2")
    wanted = [name for name in names if "2" in name]
    assert (found.total, found.find) == (len(wanted), "unit CHANNEL 2")
    assert [s.name for s in found.streams] == wanted[:4]
    assert [s.name for s in pages.page(path, 4, 100, "unit CHANNEL 2").streams] == wanted[4:]
    assert pages.page(path, 0, 4, "nothing of this").total == 0
    assert pages.page(path, 28, 4).streams[-1].name == names[-1]
    pages.forget()
    browser.close()
