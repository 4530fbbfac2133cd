"""The command line: the same work as the window's, for scripts and for machines without a screen.

One module a verb, put together in `entry`. What a script can rely on: with `--json` standard output holds one
JSON document and nothing else (a verb that goes on and tells what happens: one a line); progress and errors
go to standard error; the exit code is 0 when all went well, 1 when it failed or `verify` found faults, 2 for
a command that cannot be understood. An error is one sentence, never a traceback. SIGINT and SIGTERM during a
recording finish it properly.

Heavy packages (numpy, h5py, cv2, the devices) are imported inside the verbs: `studio --help` shall be quick.
"""
