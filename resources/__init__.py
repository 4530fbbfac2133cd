"""Icons, themes and layouts, shipped in the wheel and reached with importlib.resources. No code."""
