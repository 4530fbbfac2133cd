"""Streams of messages (chapter to be completed by its owner)."""
