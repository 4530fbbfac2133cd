"""Small faults put into a copy of the engine, one at a time, to see whether the tests notice.

`python -m tests.mutants` applies each of the catalogue, runs the tests that name its rule, and demands that
one of them fails. `python -m tests.mutants E94 E126` does so for the mutants of these rules only.
"""
