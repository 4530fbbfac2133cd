"""What the window remembers from start to start: its layout and the choices made in it.

`choices` owns the settings and tells what has changed; the page of settings and the menus only change them,
and `wiring` gives each changed one to the part that it is for. So whatever is chosen counts at once.
"""
