"""What the window remembers from start to start: its layout and the choices made in it."""
