"""app (chapter to come)."""
