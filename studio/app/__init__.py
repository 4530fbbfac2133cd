"""What a user can do, without a screen: record, keep settings, find and look into recordings.

The window's recorder process, its reader process and the command line run the same code from here; nothing in
this package knows which of them it serves. No Qt, no sockets, no processes, no threads of its own making.

Recording is a pipeline (decision 38): every device is a source component, every stored message passes
`Emitter.post` and a receiver of the exporter. `recorder` owns the order of commands, `run` the one pipeline
that runs, `session_files` where a recording goes, `account` what was produced, stored and dropped,
`forecast` how long the disk lasts, `watch` what people should know while it runs.

Two threads touch a `Recorder`: the one that gives commands, and its own watch (`studio.recorder-watch`),
which looks a few times a second at devices, disk and pipeline, and closes the recording properly when it
cannot go on. `status()` is a snapshot and may be asked for from any thread.

Reviewing is reading: `catalog` lists sessions, `browse` answers what panels ask. Both belong to the reader
role. What the window imports (`settings`, `status`, `answers`) imports neither h5py nor any device driver.
"""
