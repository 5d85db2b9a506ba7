"""What a notebook shows of everything that the façade returns: well-formed, themed, true to the numbers."""

from __future__ import annotations

import re

import html5lib
import pytest

import kalkan
from kalkan.scenario import starter
from kalkan.views.cells import from_rich, table

VARIANT = '\n[variants.slow-radar]\nlabel = "slow <radar>"\nassume.91n6e.scan_period = "20 s"\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    here = tmp_path_factory.mktemp("cells")
    text = starter("small").replace("replications = 200", "replications = 4")
    (here / "raid.toml").write_text(text + VARIANT, encoding="utf-8")
    kalkan.run(here / "raid.toml", out=here / "out")
    return here


@pytest.fixture(scope="module")
def shown(folder):
    return {
        "load": kalkan.load(folder / "raid.toml"),
        "results": kalkan.open_results(folder / "out"),
        "compare": kalkan.compare(folder / "out", folder / "out"),
        "record": kalkan.record(folder / "out", variant="slow-radar", replication=2),
        "laydown": kalkan.laydown(folder / "raid.toml"),
        "coverage": kalkan.coverage(folder / "raid.toml", cells=40),
        "explain": kalkan.explain("91n6e"),
        "used": kalkan.explain(folder / "out"),
        "timeline": kalkan.timeline("second_batch"),
        "sweep": kalkan.sweep(
            folder / "raid.toml", "doctrine.standard.salvo=1,2", replications=2, out=folder / "study"
        ),
    }


NAMES = ["load", "results", "compare", "record", "laydown", "coverage", "explain", "used", "timeline", "sweep"]


@pytest.mark.parametrize("name", NAMES)
def test_a_cell_is_html_without_an_error_that_asks_nobody_and_has_colours_for_the_dark(shown, name):
    page = shown[name]._repr_html_()
    body = re.sub(r"<style>.*?</style>", "", page, count=1)
    html5lib.HTMLParser(strict=True).parse(f"<!doctype html><title>cell</title>{body}")
    assert "<script" not in page and not re.search(r'src="(?!data:)', page)
    assert re.search(r'\[data-jp-theme-light="false"\] \.kalkan-cell[^{]*{ --ink: #e8e6e1', page)
    assert ("<svg" in page or "<img" in page) is (name not in ("compare", "explain", "used", "timeline"))


def test_a_scenario_shows_every_noun(shown):
    page, scenario = shown["load"]._repr_html_(), shown["load"]
    for noun in (*scenario.systems, *scenario.assets, *scenario.raids):
        assert f"<td>{noun.name}</td>" in page
    assert "slow &lt;radar&gt;" in page and "slow <radar>" not in page


def test_a_recording_counts_as_its_records_do(shown):
    recording, page = shown["record"], shown["record"]._repr_html_()
    cells = re.findall(r"<tr><td>([^<]*)</td><td>(\d+)</td><td>(\d+)</td><td>(\d+)</td><td>(\d+)</td>", page)
    raids = {name: tuple(map(int, counts)) for name, *counts in cells if name in {t.raid for t in recording.threats}}
    assert sum(flew for flew, *_ in raids.values()) == len(recording.threats)
    assert sum(k for _, k, *_ in raids.values()) == sum(t.outcome == "killed" for t in recording.threats)
    units = {name: tuple(map(int, counts)) for name, *counts in cells if name in recording.labels["unit"]}
    assert sum(n for n, *_ in units.values()) == len(recording.missiles) > 0
    assert sum(late for *_, late in units.values()) > 0
    after = re.findall(r"<tr><td>([^<]*)</td>(?:<td>\d+</td>){4}<td>(\d+)</td></tr>", page)
    met_nothing = dict(zip(recording.labels["unit"], recording.records["met_nothing"].tolist(), strict=True))
    assert {name: int(n) for name, n in after if name in units} == met_nothing
    for name, (fired, kills, misses, late) in units.items():
        assert kills + misses + late + met_nothing[name] <= fired


def test_without_its_terrain_a_scenario_says_why_there_is_no_map(tmp_path):
    (tmp_path / "raid.toml").write_text(starter("small").replace('terrain = "flat"', 'terrain = "gone.tif"'))
    (tmp_path / "gone.tif").touch()
    gone = kalkan.load(tmp_path / "raid.toml")
    (tmp_path / "gone.tif").unlink()
    page = gone._repr_html_()
    assert "No map: " in page and "gone.tif" in page and "<table" in page


def test_a_table_escapes_and_links_only_addresses():
    page = table(["<a>", "b"], [["x & y", "https://example.org/a?b=1&c=2"], ["javascript:alert(1)", '"><script>']])
    assert "&lt;a&gt;" in page and "x &amp; y" in page
    assert '<a href="https://example.org/a?b=1&amp;c=2">' in page
    assert page.count("href") == 1 and "<script>" not in page


def test_what_was_made_for_a_screen_keeps_every_cell():
    from rich.console import Group
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    drawn = Table("one", "two", title="both")
    drawn.add_row("a", Text("b\nc", style="red"))
    parts = from_rich(Group(Text("head", style="bold"), Padding(Text("plain"), 1), drawn))
    assert parts[:3] == ["<p><b>head</b></p>", "<p>plain</p>", "<p><b>both</b></p>"]
    assert "<td>a</td><td>b<br>c</td>" in parts[3]
