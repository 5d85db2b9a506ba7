"""Build hook: puts the browser app into the wheel where Node.js is; leaves it out where it is not."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BrowserAppHook(BuildHookInterface[Any]):
    """Runs ``npm ci`` and ``npm run build`` in ``web/``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the app, unless this is an editable installation (``make web`` builds it there)."""
        web = Path(self.root) / "web"
        if version == "editable" or not (web / "package-lock.json").is_file():
            return
        node = _module(web / "node.py")
        env = node.environment()
        if env is None:
            self.app.display_warning(f"no {node.NEEDED} here: the wheel comes without the browser app")
        elif node.build(env):
            self.app.display_warning("npm failed: the wheel comes without the browser app")


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
