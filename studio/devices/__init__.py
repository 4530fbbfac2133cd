"""devices (chapter to come)."""
