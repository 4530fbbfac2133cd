"""formats (chapter to come)."""
