"""Run the commands of a tutorial and write what they print: ``python docs/tutorial.py``.

Of a Markdown file, ``console`` blocks are commands (after ``$``) and what they print, and ``toml`` blocks are added to
the scenario. A comment ``<!-- lines 3 to 6 -->`` before a block keeps those lines of the output.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

PAGE = Path(__file__).with_name("tutorial.md")
SCENARIO = "harbour.toml"
LINES = r"(?:<!-- lines (?P<first>\d+) to (?P<last>\d+) -->\n)?"
BLOCK = re.compile(LINES + r"```(?P<kind>console|toml)\n(?P<body>.*?)```", re.DOTALL)


def played(text: str, folder: Path) -> str:
    """The same page with what its commands print now, run in a folder of their own."""
    return BLOCK.sub(lambda block: _played(block, folder), text)


def _played(block: re.Match[str], folder: Path) -> str:
    if block["kind"] == "toml":
        with (folder / SCENARIO).open("a", encoding="utf-8") as file:
            file.write("\n" + block["body"])
        return block[0]
    commands = [line for line in block["body"].splitlines() if line.startswith("$ ")]
    shown = [f"{command}\n{_kept(block, _printed(command[2:], folder))}" for command in commands]
    return block[0].replace(block["body"], "".join(shown))


def _printed(command: str, folder: Path) -> list[str]:
    words = shlex.split(command)
    words[0] = str(Path(sys.executable).with_name(words[0]))
    screen = os.environ | {"COLUMNS": "94", "NO_COLOR": "1"}
    done = subprocess.run(words, cwd=folder, env=screen, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"{command}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return [line.rstrip() for line in done.stdout.splitlines()]


def _kept(block: re.Match[str], lines: list[str]) -> str:
    first, last = int(block["first"] or 1), int(block["last"] or len(lines))
    kept = lines[first - 1 : last]
    parts = [*["..."] * (first > 1), *kept, *["..."] * (last < len(lines))]
    return "".join(part + "\n" for part in parts)


def main() -> None:
    """Write the page anew."""
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(played(PAGE.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
