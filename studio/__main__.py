"""Composition root: arguments -> objects -> window, role or headless command."""


def main() -> int:
    """Run what the arguments ask for; returns the exit code."""
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
