"""Process… and Attach…: choosing a chain, its streams and settings, and starting it as a job.

No code of a chain ever runs in the window. What a chain asks for is told by a job process that loads its
file (`chain_query`), and only when the user has said that it may; running and attaching are jobs as well,
seen in the strip of jobs, where they are called off. `order` turns what was chosen into a request, without
Qt; `many` does the same for several sessions at once; `process_dialog` shows it; `wiring` knows the window.
"""
