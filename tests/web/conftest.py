"""A workspace, a server and a browser for the tests of the app; no network."""

from __future__ import annotations

import subprocess

import pytest

from tests.web.browsing import DESKTOP, FLAGS, KALKAN, PATIENCE_MS, Server
from tests.web.harness import CHROMIUM, workspace


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A workspace with one finished run."""
    made = workspace(tmp_path_factory.mktemp("site"), replications=8)
    subprocess.run([KALKAN, "run", "raid.toml", "-q"], cwd=made, check=True, capture_output=True, timeout=600)
    return made


@pytest.fixture(scope="session")
def site(folder):
    server = Server("serve", ".", cwd=folder)
    yield server
    server.end()


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        made = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def visit(browser):
    """Opens pages; at the end nothing may have gone wrong in any, nor been asked of anyone else."""
    wrong: list[str] = []
    contexts = []

    def open_page(size=DESKTOP, dark=False, expect_errors=False):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        own = ("http://127.0.0.1:", "data:", "blob:", "file:")
        page.on("request", lambda r: None if r.url.startswith(own) else wrong.append(f"asked {r.url}"))
        page.on("pageerror", lambda e: wrong.append(f"page error {e}"))
        if not expect_errors:
            page.on("console", lambda m: wrong.append(f"console {m.text}") if m.type == "error" else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []
