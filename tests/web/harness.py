"""A workspace, a server in this process, and what a browser needs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kalkan.apps.web.security import Door
from kalkan.apps.web.server import STATIC, create_app
from kalkan.scenario import starter

PORT = 8123
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
VARIANT = '\n[variants.slow-radar]\nlabel = "slow radar"\nassume.91n6e.scan_period = "20 s"\n'
in_ci = bool(os.environ.get("CI"))

needs_app = pytest.mark.skipif(
    not in_ci and not (STATIC / "index.html").is_file(), reason="the browser app is not built: no Node.js"
)
needs_browser = pytest.mark.skipif(
    not in_ci and (CHROMIUM is None or not (STATIC / "index.html").is_file()), reason="no Chromium, or no app"
)


def workspace(folder: Path, replications: int = 6) -> Path:
    """A folder with one scenario of two variants."""
    text = starter("small").replace("replications = 200", f"replications = {replications}") + VARIANT
    (folder / "raid.toml").write_text(text, encoding="utf-8")
    return folder


def client(folder: Path, *, token: str = "", host: str = "127.0.0.1", writes: bool = True) -> TestClient:
    """A visitor of the app, without a network."""
    app = create_app(folder, Door(host, PORT, token), writes)
    return TestClient(app, base_url=f"http://{host}:{PORT}", raise_server_exceptions=False)  # type: ignore[arg-type]
