"""Every page at two sizes, light and dark: accessible, and nothing too wide."""

from __future__ import annotations

import pytest

from tests.web.browsing import DESKTOP, PHONE, cut_px, faults, open_replay, replay_address, too_wide_px
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

SPY = """
(() => {
  window.written = [];
  const paint = CanvasRenderingContext2D.prototype, fill = paint.fillText, clear = paint.clearRect;
  const ofMap = (to) => to.canvas.classList.contains('movers');
  paint.clearRect = function (...a) {
    if (ofMap(this)) window.written = [];
    return clear.apply(this, a);
  };
  paint.fillText = function (text, x, y) {
    const { width } = this.measureText(text), { clientWidth, clientHeight } = this.canvas;
    const left = this.textAlign === 'center' ? x - width / 2 : x, middle = this.textBaseline === 'middle' ? y : y - 6;
    const box = [left, middle - 5, left + width, middle + 5];
    if (ofMap(this)) window.written.push({ text, box, map: [clientWidth, clientHeight] });
    return fill.apply(this, [text, x, y]);
  };
})()
"""
"""Notes what is written on the map's canvas since it was last cleared, and where."""


@pytest.mark.parametrize("where", ["replay", "edit"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_names_on_the_map_keep_off_each_other_and_stay_on_it(site, visit, where, size):
    """Whatever there is room for: at least the post's own name."""
    page = visit(size)
    page.add_init_script(SPY)
    if where == "replay":
        open_replay(page, replay_address(site))
    else:
        page.goto(f"{site.home}#/edit/raid.toml")
        page.wait_for_selector("html[data-ready=map]")
    page.wait_for_function("written.some(w => w.text === 'north')")
    written = page.evaluate("written")
    for i, one in enumerate(written):
        left, top, right, bottom = one["box"]
        assert left >= 0 and top >= 0 and right <= one["map"][0] and bottom <= one["map"][1], one
        for other in written[:i]:
            a, b, c, d = other["box"]
            assert not (left < c and right > a and top < d and bottom > b), (one["text"], other["text"])
