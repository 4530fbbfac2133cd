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

Whose time a run is stamped with is the business of `clock_keeper`: it takes the role that a user chose
(`clock_sync`: values; `clock_work`: what follows or serves), gives each run its clock for good (`run_clock`),
says whether a recording may start (`clock_gate`), feeds what the recording keeps of it (`clock_news`). All
that has to do with the network happens on its thread (`studio.clock-keeper`) and in the clock process.

Playing is a replay through the engine, too (decisions 6, 7): `player` owns the thread and the order of
wishes, `player_playing` what is done with them, `player_run` one run from one place, thrown away for each
seek while the recordings stay open. The pipeline runs a little ahead of what is seen (`player_presentation`),
so that pictures are decoded and sound lies ready at their moment; the clock of what is seen follows the
loudspeaker.

Before a session, `preflight` lets the devices run without recording and judges what comes.

`operations` are long pieces of work on recordings, `chains` run what researchers write over them.

Reviewing is reading: `catalog` finds sessions and says what has changed among them (`folder_walk` goes
through the folders, `catalog_memory` keeps from start to start what was read), `browse` answers what panels
ask (`browse_values`, `browse_pictures`, `browse_marks`, `browse_members`, `browse_spectra`), with bounded
work at any zoom. A session is described by its `session_description`, which is the one thing that is written,
whole or not at all (`whole_files`), besides the `dataset_description` of a folder of sessions, if somebody
has said something of it. `session_moves` renames sessions and puts them into the trash. All this belongs to
the reader role. What the window imports (`settings`, `status`, `clock_sync`, `answers`, `session_entries`,
`session_search`) imports neither h5py nor any device driver.
"""
