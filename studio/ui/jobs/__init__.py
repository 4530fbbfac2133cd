"""Long work seen from the window: what runs, how far it is, Cancel, and what came of it.

`jobs` starts work in processes of its own and tells its outcome in the strip of messages; `job_strip` shows a
line for each that runs. The window never waits for any of it, and closing the window calls it off.
"""
