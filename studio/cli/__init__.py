"""cli (chapter to come)."""
