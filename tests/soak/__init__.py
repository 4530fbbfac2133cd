"""Long runs of everything at once, which look for what only time shows: growth, lateness, loss."""
