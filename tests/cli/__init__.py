"""Tests of the command line, as the processes that a script would start."""
