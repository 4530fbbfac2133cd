"""Which devices there are, which are ticked, and how each one is doing.

`device_book` holds the choice, `device_rows` makes of it and of the recorder's status what a row says; both
are values without Qt. The widgets show them: `devices_dock` the list, `device_row` one line of it with
`level_meter` or `thumbnail`, `settings_panel` the settings of the picked device, `camera_dialog` adds one.
"""
