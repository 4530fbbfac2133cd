"""What the program of a bundle runs."""

from studio.__main__ import program

if __name__ == "__main__":
    raise SystemExit(program())
