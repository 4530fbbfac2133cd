"""The window: shows and asks, decides little, never waits.

What a user does becomes a command to the recorder or a query to the reader, sent through `bridge`; what
comes back arrives there on the GUI thread. Samples and pictures do not come that way: display timers pull the
newest from the rings in shared memory, so a busy window skips frames and never falls behind. The process
imports neither h5py, cv2 nor sounddevice; a crash of it never ends a recording, and a window opened again
finds the recorder running and shows it.

*Starting.* `studio.__main__` sends the recorder ahead and has imports done plainly (`plain_imports`) before
it imports `application`. Devices of the last start are known before they have been looked for, so Record can
be pressed as soon as the recorder answers: for all that is ticked, or, should one be unknown, not yet.
Dialogs, and what draws panels of recordings, are imported when they are first opened.

Decisions live in values that need no screen, each beside the widget that shows it:

| value                          | shown by                               |
|--------------------------------|----------------------------------------|
| `transport_view`               | toolbar, status bar                    |
| `devices.device_book`, `_rows` | `devices.devices_dock`                 |
| `devices.settings_fields`      | `devices.settings_panel`               |
| `sessions.session_book`        | `sessions.sessions_dock`               |
| `status_texts`, `readable`     | `status_bar`                           |
| `message_log`                  | `messages`: strip and list             |
| `jobs.export_plan`             | `jobs.export_dialog`                   |
| `sync.clock_view`, `_words`    | `sync.clock_dock`, `sync.clock_chip`   |
| `preflight.preflight_view`     | `preflight.preflight_card`             |
| `theme_tokens`                 | `theme`: palette, style sheet, icons   |

`application` makes everything, `main_window` lays it out, `wiring` connects it, `stage` chooses what the
middle shows, `undo` remembers what can be taken back and `undo_memory` keeps that should the window be
killed, `transport` turns Record, Stop and Preview into commands, `closing` and `termination` end it properly.

All widgets, timers and slots belong to the GUI thread. Other threads (the connections') touch nothing but the
bridge, and cross by queued signals.
"""
