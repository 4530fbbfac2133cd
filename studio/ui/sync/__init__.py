"""Clock and network: how it stands with the time of this machine, and what a user chooses about it.

`clock_texts` and `clock_words` say it, `clock_view` makes of the recorder's status all that the panel shows,
`machine_rows` what a row of the list of machines says, `sync_history` keeps the last ten minutes; these are
values without Qt. The widgets show them: `clock_dock` the panel with its parts (`state_card`, `role_box`,
`machine_list`, `gate_box`, `advanced_box`), `sync_plot` the curve, `clock_chip` the line in the status bar,
`gate_dialog` the question before a recording, `pairing_dialog` how machines come to trust each other,
`certificate_box` how exact a recorded session is. `wiring` connects them with recorder and window.

Nothing here opens a connection or keeps a setting: the recorder does, whose status says what came of it.
"""
