"""Build hook: puts the browser app into the wheel where Node.js is; leaves it out where it is not."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BrowserAppHook(BuildHookInterface[Any]):
    """Runs ``npm ci`` and ``npm run build`` in ``web/``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the app, unless this is an editable installation (``make web`` builds it there)."""
        root = Path(self.root)
        npm = shutil.which("npm")
        if version == "editable" or not (root / "web" / "package-lock.json").is_file():
            return
        if npm is None:
            self.app.display_warning("no npm here: the wheel comes without the browser app")
            return
        for command in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
            try:
                subprocess.run([npm, *command], cwd=root / "web", check=True)
            except subprocess.CalledProcessError:
                self.app.display_warning("npm failed: the wheel comes without the browser app")
                return
