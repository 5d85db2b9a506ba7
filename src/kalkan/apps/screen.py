"""The output stream."""

from __future__ import annotations

import shutil
from typing import Any


def screen() -> Any:
    """The output stream, at most 100 columns wide."""
    from rich.console import Console

    width = min(shutil.get_terminal_size((100, 24)).columns, 100)
    return Console(width=width, highlight=False, soft_wrap=False)
