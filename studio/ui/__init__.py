"""ui (chapter to come)."""
