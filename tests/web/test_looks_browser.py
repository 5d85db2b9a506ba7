"""Every page at two sizes, light and dark: accessible, and nothing too wide."""

from __future__ import annotations

import pytest

from tests.web.browsing import DESKTOP, PHONE, cut_px, faults, too_wide_px
from tests.web.harness import needs_browser

pytestmark = needs_browser


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_page_is_accessible_and_fits(site, visit, size, dark):
    page = visit(size, dark)
    found = []
    pages = {
        "": ".files a", "#/results/out%2Fraid": ".pictures img", "#/edit/raid.toml": "html[data-ready=map]",
        "#/replay/out%2Fraid/base/0": "html[data-ready=replay]",
    }  # fmt: skip
    for address, ready in pages.items():
        page.goto("about:blank")
        page.goto(site.home + address)
        page.wait_for_selector(ready)
        page.wait_for_timeout(300)
        assert too_wide_px(page) <= 0, address
        assert cut_px(page) == [], address
        found += [(address, *f) for f in faults(page)]
    for panel in ("Log", "Charts", "Layers"):
        page.click(f"#tab-{panel}")
        found += [(panel, *f) for f in faults(page)]
    assert not found, "\n".join(map(str, found))
    assert page.get_attribute("html", "data-theme") == ("dark" if dark else "light")
