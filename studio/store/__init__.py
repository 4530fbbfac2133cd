"""store (chapter to come)."""
