"""Notes and markers: on the timeline, in a table, dropped while something is recorded.

`session_notes` holds what is noted of the recordings on screen and has it read and written by the reader
process; `note_edits` makes changes that can be taken back. `note_strip` is the panel of the timeline,
`notes_dock` the table, `track_dialog` the editor of tracks and their attributes; `markers` drops markers into
what is being recorded. `wiring` connects all of it with the window.
"""
