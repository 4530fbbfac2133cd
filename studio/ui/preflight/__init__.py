"""The pre-flight in the window: one button, and a card that says at a glance whether one may record.

`preflight` asks the recorder for one and follows what its status says; `preflight_view` makes a value of it,
`preflight_card` shows that, `preflight_rows` are its lines. The devices, the disk and the clock are tried in
the recorder process; here nobody waits for anything.
"""
