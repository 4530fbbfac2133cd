"""The timeline: one axis of time, one cursor, one panel per stream.

`timeline.py` is the widget the window shows. What part of time is in view is a value (`time_view`); the mouse
and the keys turn into moves of that value, and every move is told to the ruler and all panels as one
`TimeFrame`. Live, one timer pulls (pictures at 33 Hz, all else at 17 Hz; 10 Hz while another window has the
focus; none while hidden); reviewing, nothing runs but answers to what the user does.
"""
