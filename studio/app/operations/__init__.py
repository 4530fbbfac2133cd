"""Work on finished recordings that takes a while: verify, repair, crop, copy, concatenate, compact, export,
correct the clock.

Each operation is a function `(request, progress) -> Outcome`. A request is a frozen value of `requests`,
which every process may know; the functions read and write recordings, so they run in a job process of their
own, or headless in the process of the command. `directory` says which function does what.

Rules. An original is opened for reading only. Everything is made in a hidden folder beside its target
(`making`), brought to the disk, and appears at its name in one step; what has that name already stays, and
another name is found. The room is asked for before anything begins. `progress.report` raises `Cancelled` when
the user does not want the result any more: then nothing is left. Should the process be killed, its folder is
recognised by its free lock, and removed by whoever ended it, or by the next operation in the same place.
"""
