"""Long work seen from the window: what runs, how far it is, Cancel, and what came of it.

`jobs` starts work in processes of its own and tells its outcome in the strip of messages; `job_strip` shows a
line for each that runs. Work on many recordings or sessions is a `batch` of steps, one after another: one
that fails holds up no other; `batches` is their queue, `batch_panel` shows all steps of one, `many_wiring`
offers them for several sessions.

`export_plan` is what the dialog `export_dialog` has been told, a value that needs no screen; `wiring` opens
it from the menu and the list of sessions. The window never waits for any of it, and closing the window calls
it off.
"""
