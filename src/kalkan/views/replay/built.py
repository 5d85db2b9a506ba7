"""Where the built browser app keeps what views need of it."""

from pathlib import Path

MODULE = Path(__file__).parents[2] / "apps" / "web" / "static" / "widget.js"
