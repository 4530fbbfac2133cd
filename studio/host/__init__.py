"""The processes of the studio: what each is, how they find each other, talk, show and end.

*Roles.* The window starts a recorder (devices, pipelines, the file being written), a reader (questions about
recordings), a player (replays for playback), a job for each long piece of work (`job_client`: called off by
ending its pipe) and, for seconds, a search for devices. Each is this program with `--role NAME`, started in
`roles` and nowhere else. The recorder outlives the window and is found again through the run directory; the
others end with the pipe to the one who started them.
Window and reader give back what they have freed (`freed_memory`): what they hold does not depend on how much
has been looked through. The recorder does once a minute (`rare_garbage`): nor does it hold what once waited.

*Starting.* The recorder of a window is started before the window's own modules are imported (`head_start`),
so that both come to life side by side; the link that finds it later owns it (`recorder_search`). Who connects
is told the status at once.

*Finding each other.* `run_directory` is a private folder with short paths. `recorder.lock` is held by the one
recorder; `recorder.json` says where it listens, with which key. Whoever cannot take the lock connects. The
clock anchor lies there too (`shared_clock`, decision 5).

*Talking.* `protocol` names every message. `local_server` accepts first and authenticates each client in the
client's own thread; a client is sent replies in order and status newest only, and is dropped when it takes
nothing for five seconds. Nothing a peer does or fails to do holds up another, or the recording. What comes in
is decoded to values only (`codec`). `client`, `reader_client` and `devices_client` never block their caller:
answers come in futures, on threads of theirs.

*Showing.* Live data do not travel in messages. The recorder writes them into rings, files in memory that are
reserved in full (`ring_file`, `ring_sinks`), and a window reads them when it draws (`rings`). A number before
and after everything tells a reader that it was overtaken; a writer never waits. JSON lies there whole
(`message_ring`), no more of it than a screen can take: who draws what is inside parses it.

*Ending.* A recorder told to end finishes and closes what it records, says farewell, and leaves nothing but
its log. It is never ended because nobody looks while it records. A crash of any process costs the others
nothing: the window says what happened, starts a new one, and the recording opens up to its last commit.

| thread | owns |
|---|---|
| main (recorder) | waiting for the end; signals |
| `studio.commands` | the order of commands: the only one that calls the recorder |
| `studio.status` | ten snapshots a second, and the rules of staying and leaving |
| `studio.accept`, `studio.client-N`, `studio.client-N-out` | one connection each |
| `studio.recorder-link`, `studio.reader-link`, `studio.discovery` (window) | one other process each |
| `studio.player-link`, `studio.player-status` (window) | the player: commands out, statuses in |
| `studio.player` (player) | the order of commands, what is shown when |
| `studio.giving-way` (job, commands that read) | looking for a recorder beside which to step back |
"""
