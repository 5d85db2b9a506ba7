"""The benchmark raid, ``raid.toml``, with more or fewer aircraft."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent


def scenario_text(n: int, endless: bool) -> str:
    """The benchmark raid with `n` aircraft; endless: no kill and rounds without end."""
    text = (HERE / "raid.toml").read_text()
    shares = iter([n // 4 + (1 if i < n % 4 else 0) for i in range(4)])
    text = re.sub(r"count = 25\b", lambda _: f"count = {next(shares)}", text)
    text = re.sub(r'spacing = "4 s"', f'spacing = "{max(100 / n, 0.1):g} s"', text)
    if endless:
        text = text.replace("kill_probability = 0.7", "kill_probability = 0.0")
        text = text.replace("launchers = 8", "launchers = 8\nreload_sets = 100")
        text = text.replace("max_salvos = 4", "max_salvos = 50")
        text = text.replace('reload_time = "60 min"', 'reload_time = "0 s"')
    return text
