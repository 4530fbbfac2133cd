"""`studio note` notes something, `studio notes` lists it; the recording stays as it was."""

import csv
import io
from pathlib import Path

from studio.formats.notes import MARKERS
from studio.store.notes_journal import notes_path, read_notes
from tests.cli.running import assert_says, document, run
from tests.store.recordings import small_recording


def test_what_is_noted_from_the_command_line_is_listed(tmp_path: Path) -> None:
    file = tmp_path / "r.h5"
    small_recording(file)
    before = file.read_bytes()
    assert_says(run("notes", str(file)), 0)
    gaze = ("--track", "Gaze", "--value", "target=robot")
    assert_says(run("note", str(file), "--at", "0.1", "--until", "0.25", "--text", "a, b", *gaze), 0)
    assert document(run("note", str(file), "--at", "0.05", "--json"))["track"] == MARKERS

    told = document(run("notes", str(file), "--json"))
    assert [(one["track"], one["text"]) for one in told["notes"]] == [(MARKERS, ""), ("Gaze", "a, b")]
    note = read_notes(file).notes[1]
    assert note.time - told["first_time"] == 100_000_000
    assert note.end_time - note.time == 150_000_000
    rows = list(csv.DictReader(io.StringIO(run("notes", str(file), "--csv").stdout)))
    assert rows[1]["text"] == "a, b"
    assert rows[1]["target"] == "robot"
    assert float(rows[1]["duration_s"]) == 0.15
    assert file.read_bytes() == before


def test_what_makes_no_sense_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "r.h5"
    small_recording(file)
    assert_says(run("note", str(file), "--at", "2", "--until", "1"), 1, "cannot end")
    assert_says(run("note", str(file), "--at", "2", "--value", "target"), 1, "NAME=VALUE")
    assert run("note", str(tmp_path / "none.h5"), "--at", "1").returncode == 1
    assert not notes_path(file).exists()
    assert not notes_path(tmp_path / "none.h5").exists()
