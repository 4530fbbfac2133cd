"""host (chapter to come)."""
