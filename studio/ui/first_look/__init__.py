"""What is seen of a running recording before the modules of the window are there.

A window that is opened beside a recording, perhaps because the one before was killed, needs a second for
its modules alone. Whoever opens it wants to know at once whether the recording lives. So the link to the
recorder is opened first (`first_link`); if a recording runs, a light window at the place of the later one
shows running time, streams, account and Stop (`first_window`), while the rest is imported on a thread
(`beside`); then it makes way, and the window takes the link over.
"""
