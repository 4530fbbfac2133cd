"""The list of recordings: what is in the recordings folder, and which of it is opened.

`session_rows` says in values what a line shows; `session_list` draws the lines; `sessions_dock` asks the
reader process and tells which recording was chosen. Nothing here opens a file.
"""
