"""The widget in cells of different widths and in two views at once, without a notebook around it."""

from __future__ import annotations

import base64

import pytest

import kalkan
from tests.web.harness import needs_browser, workspace

pytest.importorskip("anywidget")
SHOW = """async ({code, packed, width, views}) => {
  const { default: widget } = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  const bytes = Uint8Array.from(atob(packed), c => c.charCodeAt(0));
  const traits = { height_px: 640, time_s: null, playing: false, document_gz: new DataView(bytes.buffer) };
  const hearers = {};
  const model = {
    get: name => traits[name],
    set: (name, value) => { if (traits[name] === value) return; traits[name] = value; (hearers[`change:${name}`] ?? []).forEach(f => f()); },
    save_changes: () => {}, send: () => {},
    on: (event, then) => (hearers[event] ??= []).push(then),
    off: (event, then) => { hearers[event] = (hearers[event] ?? []).filter(f => f !== then); },
  };
  globalThis.model = model;
  for (let i = 0; i < views; i++) {
    const el = document.createElement("div");
    el.style.width = `${width}px`;
    document.body.append(el);
    await widget.render({ model, el });
  }
}"""  # noqa: E501
SHAPE = """() => [...document.querySelectorAll('.kalkan-replay')].map(host => {
  const map = host.shadowRoot.querySelector('.map').getBoundingClientRect();
  return { cell: host.getBoundingClientRect().height, width: map.width, height: map.height,
           clock: host.shadowRoot.querySelector('.clock').textContent };
})"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    here = workspace(tmp_path_factory.mktemp("shape"), replications=2)
    return kalkan.run(here / "raid.toml", out=here / "out").replay(replication=0)


def shape(browser, shown, width: int, views: int = 1):
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    packed = base64.b64encode(shown.document_gz).decode()
    page.evaluate(SHOW, {"code": shown._esm, "packed": packed, "width": width, "views": views})
    for i in range(views):
        page.locator('.kalkan-replay[data-ready="replay"]').nth(i).wait_for(timeout=60_000)
    return page


@needs_browser
@pytest.mark.parametrize("width", [390, 640, 760])
def test_a_narrow_cell_grows_until_the_map_can_hold_the_scene(browser, shown, width):
    page = shape(browser, shown, width)
    (seen,) = page.evaluate(SHAPE)
    assert seen["width"] == pytest.approx(width, abs=2)
    assert seen["height"] >= 0.5 * seen["width"] and seen["cell"] >= 640
    page.close()


@needs_browser
def test_a_wide_cell_has_the_height_that_was_asked_for(browser, shown):
    page = shape(browser, shown, 1100)
    assert page.evaluate(SHAPE)[0]["cell"] == pytest.approx(640, abs=1)
    page.close()


@needs_browser
def test_two_views_of_one_replay_show_the_same_time(browser, shown):
    page = shape(browser, shown, 900, views=2)
    page.evaluate("() => model.set('time_s', 100)")
    page.wait_for_function(f"() => ({SHAPE})().every(view => view.clock.includes('01:40'))", timeout=20_000)
    first = page.locator(".kalkan-replay").first
    first.locator(".timeline input[type=range]").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function(f"() => ({SHAPE})().every(view => view.clock.includes('02:40'))", timeout=20_000)
    page.close()
