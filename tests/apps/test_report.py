"""The report of real runs: what it says equals what the run says, and it holds up in a real browser."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import html5lib
import numpy as np
import pytest

import kalkan
from kalkan.results import minutes
from kalkan.results.drawn import SHOWN
from kalkan.schema import EV_EMPTY, EV_KILL, EV_MISS, VARIABLES
from kalkan.views.run.choices import choices
from tests.apps.pages import cut_text, too_wide

KALKAN = str(Path(sys.executable).with_name("kalkan"))
VARIANT = '\n[variants.slow-radar]\nlabel = "slow radar"\nassume.91n6e.scan_period = "20 s"\n'
XHTML = "{http://www.w3.org/1999/xhtml}"
LARGEST = 3_000_000  # bytes


def run(*words: object, cwd: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([KALKAN, *map(str, words)], cwd=cwd, capture_output=True, text=True, timeout=600)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A run of three variants over real terrain, with its report."""
    folder = tmp_path_factory.mktemp("report")
    example = Path(__file__).parents[2] / "examples"
    text = (example / "second-batch.toml").read_text().replace("replications = 200", "replications = 8")
    head, between = text.split("# Quantity and place")  # without the variants between the two
    text = head + between[between.index("[variants.two-batches]") :]
    (folder / "raid.toml").write_text(text + VARIANT)
    (folder / "terrain").symlink_to(example / "terrain")
    return folder, run("run", "raid.toml", "--quiet", cwd=folder)


@pytest.fixture(scope="module")
def page(ran):
    folder, _ = ran
    return html5lib.HTMLParser(strict=True).parse((folder / "out/raid/report.html").read_text())


def having(page, tag, cls):
    return [e for e in page.iter(XHTML + tag) if cls in (e.get("class") or "").split()]


def words(element):
    return " ".join("".join(element.itertext()).split())


def test_run_writes_it_and_says_where(ran):
    folder, done = ran
    assert done.stdout.splitlines()[-1] == "report: out/raid/report.html"
    assert (folder / "out/raid/report.html").stat().st_size < LARGEST
    assert run("show", "out/raid", cwd=folder).stdout == done.stdout


def test_every_number_of_the_headline_is_the_summary_s(ran, page):
    folder, _ = ran
    content = json.loads(run("show", "out/raid", "--json", cwd=folder).stdout)
    (headline,) = having(page, "table", "headline")
    rows = list(headline.find(XHTML + "tbody"))
    assert len(rows) == len(content["tables"][0]["rows"]) >= 5
    for row, told in zip(content["tables"][0]["rows"], rows, strict=True):
        name, *cells = list(told)
        assert name.get("data-key") == row["key"]
        below = [cell.find(XHTML + "span") for cell in cells]  # five columns would not fit: differences below values
        assert below[0] is None
        for value, cell in zip([*row["values"], *row["differences"]], [*cells, *below[1:]], strict=True):
            for key in ("mean", "low", "high", "n"):
                assert float(cell.get(f"data-{key}")) == value[key]
    shown = run("show", "out/raid", cwd=folder).stdout
    for cell in rows[0].findall(XHTML + "td"):
        for text in cell.itertext():
            assert text.strip().replace("\N{NO-BREAK SPACE}", " ") in shown


def test_findings_repeat_the_summary(ran, page):
    folder, _ = ran
    rows = json.loads(run("show", "out/raid", "--json", cwd=folder).stdout)["tables"][0]["rows"]
    (points,) = having(page, "ul", "findings")
    first = words(points[0])
    for value in rows[0]["values"]:
        assert f"{value['mean']:.1f}" in first or f"{value['mean']:.2f}" in first or f"{value['mean']:.0f}" in first
    assert "“slow radar”" in words(points)


def test_ids_are_unique_and_every_reference_has_its_end(page):
    ids = [e.get("id") for e in page.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    for element in page.iter():
        for name in ("aria-labelledby", "aria-describedby"):
            assert set((element.get(name) or "").split()) <= set(ids)
        href = element.get("href") or ""
        assert href[1:] in ids if href.startswith("#") else not href or href.startswith(("https://", "http://"))


def test_every_source_of_every_figure_used_is_linked(ran, page):
    folder, _ = ran
    about = json.loads((folder / "out/raid/run.json").read_text())["variants"]
    inputs = [row for v in about.values() for row in v["attrs"]["inputs"]]
    wanted = {row["url"] for row in inputs if row["url"] and row["kind"] != "assumption"}
    linked = {e.get("href") for e in page.iter(XHTML + "a")}
    assert len(wanted) > 15 and wanted <= linked
    told = {(e.get("data-entry"), e.get("data-quantity")) for e in page.iter(XHTML + "th")}
    assert {(row["entry"], row["quantity"]) for row in inputs} <= told
    assumed = [words(e) for e in page.iter(XHTML + "td") if words(e) == "this scenario assumes"]
    assert assumed  # the slow radar's scan period


def test_figures_have_names_and_words(page):
    figures = [e for e in page.iter("{http://www.w3.org/2000/svg}svg") if e.get("role") == "img"]
    assert len(figures) >= 12
    for svg in figures:
        kinds = {child.tag.split("}")[-1]: words(child) for child in svg}
        assert len(kinds["title"]) > 8 and len(kinds["desc"]) > 40


def test_every_part_is_there(page):
    parts = [e.get("id") for e in page.iter(XHTML + "section")]
    fight = ["answer", "place", "why", "minutes", "losses", "effort", "ranges", "systems"]
    assert parts == [*fight, "figures", "limits", "reproduce"]
    text = words(page)
    for said in ("spent per dollar killed", "What this version leaves out", "--seed 2026", "[variants.slow-radar]"):
        assert said in text


def test_types_stand_with_their_names_not_their_identifiers(page):
    (raids,) = having(page, "table", "raids")
    assert "16 × one-way attack drone150 m" in words(raids)  # as the scenario has it, above the ground
    assert "6 × Bayraktar TB2" in words(raids) and "12 × subsonic cruise missile" in words(raids)
    (missiles,) = having(page, "table", "missiles")
    assert {"48N6E3 spent", "9M96E2 spent"} <= {words(e) for e in missiles.iter(XHTML + "th")}


def test_time_lines_have_one_scale(page):
    def minutes_of(figure):
        return [words(e) for e in figure.iter(XHTML + "desc")] or [
            words(e) for e in figure.iter("{http://www.w3.org/2000/svg}desc")
        ]

    told = [
        minutes_of(e)[0].split(":")[0]
        for e in page.iter(XHTML + "figure")
        if e.get("id", "").startswith("figure-minutes-")
    ]
    assert len(told) >= 4 and len(set(told)) == 1 and told[0].startswith("From minute ")


def test_best_typical_and_worst_are_those_of_the_app_and_of_exports(ran, page):
    folder, _ = ran
    results = kalkan.open_results(folder / "out/raid")
    (table,) = having(page, "table", "picks")
    assert [words(e) for e in table.iter(XHTML + "th")][:3] == ["best", "typical", "worst"]
    rows = list(table.find(XHTML + "tbody"))
    for told, row in zip(choices(results), rows, strict=True):
        numbers = [int(cell.get("data-replication")) for cell in row.findall(XHTML + "td")]
        assert numbers == [told["best"], told["typical"], told["worst"]]
        assert kalkan.record(results.path, variant=told["name"]).replication == told["typical"]
    (file,) = kalkan.export(results.path, "geojson", out=folder / "exported")
    assert file.stem.endswith(f"-{choices(results)[0]['typical']:05d}")


def test_two_laydowns_have_two_maps(page):
    maps = [e for e in page.iter(XHTML + "figure") if e.get("id", "").startswith("figure-map-")]
    captions = [words(e.find(XHTML + "figcaption")) for e in maps]
    assert len(maps) == 2 and captions[0].startswith("One batch and slow radar: ")
    assert captions[1].startswith("Two batches and two batches, local production: ")


def test_channels_in_the_event_log_are_those_of_the_records(ran):
    folder, _ = ran
    results = kalkan.open_results(folder / "out/raid")
    for variant in results.variants:
        records = results.records[variant]
        have = records.attrs["unit_target_channels"]
        for row in range(records.replications.size):
            events = results.events(variant, int(records.replications[row]))
            use = minutes.channels_in_use(events, records.labels["unit"])
            for u, steps in enumerate(use.values()):
                assert steps.peak == records.arrays["channels_peak"][row, u]
                lasted = np.diff(np.append(steps.times_s, results.run["horizon_s"]))
                full = lasted[steps.values >= have[u]].sum()
                assert full == pytest.approx(records.arrays["channels_full_s"][row, u], abs=0.05)
                assert steps.values.size == 0 or steps.values[-1] >= 0
            ended = np.isin(events["event_kind"], [EV_KILL, EV_MISS, EV_EMPTY]).sum()
            assert ended == minutes.marks(events)["launch"].times_s.size, "every interceptor arrives, and once"
            assert minutes.marks(events)["launch"].times_s.size == records.arrays["spent"][row].sum()
    assert VARIABLES["event_value"].dtype == "float32"


def test_report_again_elsewhere_and_without(tmp_path):
    run("new", "small.toml", cwd=tmp_path)
    (tmp_path / "small.toml").write_text((tmp_path / "small.toml").read_text() + VARIANT)
    words = ("run", "small.toml", "--quiet", "--replications")
    told = json.loads(run(*words, 3, "--json", cwd=tmp_path).stdout)
    first = tmp_path / told["report"]
    again = json.loads(run("report", "out/small", "--out", "r.html", "--json", cwd=tmp_path).stdout)
    assert again == {"report": "r.html", "bytes": (tmp_path / "r.html").stat().st_size}
    assert (tmp_path / "r.html").read_text() == first.read_text()
    done = run(*words, 4, "--no-report", "--variant", "slow-radar", cwd=tmp_path).stdout
    assert "report:" not in done and not first.exists()  # it told of fewer replications
    assert run("report", "out/small", cwd=tmp_path).stdout == "report: out/small/report.html\n"
    assert "3 to 4 replications" in first.read_text()


def test_a_run_without_report_loads_nothing_that_draws(tmp_path):
    run("new", "small.toml", cwd=tmp_path)
    words = ["run", "small.toml", "-q", "--replications", "1", "--no-report"]
    words = [sys.executable, "-X", "importtime", KALKAN, *words]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True)
    loaded = {line.split("|")[-1].strip() for line in done.stderr.splitlines()}
    assert "numba" in loaded and not loaded & {"matplotlib", "jinja2", "markdown_it"}


def test_without_its_terrain_the_report_says_so(ran, tmp_path):
    folder, _ = ran
    shutil.copytree(folder / "out/raid", tmp_path / "moved")
    run("report", "moved", cwd=tmp_path)
    page = html5lib.HTMLParser(strict=True).parse((tmp_path / "moved/report.html").read_text())
    place = next(e for e in page.iter(XHTML + "section") if e.get("id") == "place")
    assert "There is no map" in words(place) and "terrain" in words(place)
    assert len(having(page, "table", "headline")) == 1


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (["report", "none"], "none does not exist"),
        (["report", "."], "is not a kalkan results folder"),
        (["report"], "Missing argument 'DIR'"),
    ],
)
def test_mistakes(tmp_path, given, text):
    assert text in run(*given, cwd=tmp_path, code=2).stderr


@pytest.mark.parametrize(
    ("name", "told"),
    [("r.pdf", "for a PDF, print the page from a browser"), ("r.txt", "is one HTML file"), ("page", "folder")],
)
def test_a_name_of_another_kind_of_file_is_refused(ran, name, told):
    folder, _ = ran
    said = run("report", "out/raid", "--out", name, cwd=folder, code=2).stderr
    assert f'--out    = "{name}" must end in .html or .htm' in said and told in said
    assert not list(folder.glob(f"{name}*"))


def test_a_folder_gets_a_report_of_the_default_name(ran, tmp_path):
    folder, _ = ran
    assert run("report", "out/raid", "--out", tmp_path, cwd=folder).stdout == f"report: {tmp_path}/report.html\n"
    assert (tmp_path / "report.html").read_text() == (folder / "out/raid/report.html").read_text()


def test_studies_are_told_once_and_only_what_stands_out_is_named(ran, tmp_path):
    folder, _ = ran
    shutil.copytree(folder / "out/raid", tmp_path / "raid")
    beside, within = tmp_path / "raid-studies", tmp_path / "raid" / "studies"
    within.mkdir()
    found = kalkan.sweep(
        folder / "raid.toml", "doctrine.standard.salvo=1,2", replications=3, variants=["one batch"], out=beside
    )
    found.save()
    (within / "again.json").write_text(json.dumps({**found.content, "files": ["sweep.png"]}))
    told = {"mean": 0.6, "chance": 0.03, "low": 0.1, "high": 0.9, "low_error": 0.1, "high_error": 0.1,
            "mean_interval": {"mean": 0.6, "low": 0.5, "high": 0.7}}  # fmt: skip
    drawn = {
        "title": found.content["title"], "draws": 8, "replications_per_draw": 16, "share": 0.8,
        "answer": "it changes by −6.6 (kalkan sensitivity: more)",
        "variants": {"one batch": dict.fromkeys(SHOWN, told)}, "differences": {},
        "drivers": [{"quantities": ["radar · rcs"], "share": 0.7, "p": 0.01, "first": 0.6}],
    }  # fmt: skip
    clear = {**drawn, "answer": "it is clear", "drivers": [{**drawn["drivers"][0], "first": 0.95}]}
    (within / "vague.json").write_text(json.dumps(drawn))
    (within / "clear.json").write_text(json.dumps(clear))
    written = kalkan.open_results(tmp_path / "raid").report()
    page = html5lib.HTMLParser(strict=True).parse(written.read_text())
    assert len(having(page, "table", "sweep")) == 1 and len(having(page, "table", "propagated")) == 2
    (drivers,) = having(page, "table", "drivers")
    assert "radar · rcs" in words(drivers) and "1.0 %" in words(drivers) and "95 %" in words(drivers)
    (first,) = having(page, "table", "drawn")
    assert "0.60 ± 0.10 [0.10 to 0.90]" in " ".join(words(first).split())
    text = words(page)
    assert "No single claim stands out: with 8 draws" in text
    assert "They do not cover what the sources dispute" not in text
    for told in ("it changes by −6.6.", "it is clear."):
        assert f"With the disputed claims drawn as well: {told}" in text
    points = found.content["points"]
    by_value = {p["at"]["doctrine.standard.salvo"]: p["variants"]["one batch"]["leakers"] for p in points}
    least = min(by_value, key=lambda value: by_value[value]["mean"])
    apart = by_value[least]["high"] < max(by_value.values(), key=lambda x: x["mean"])["low"]
    assert (f"fewest leakers at {least}" if apart else "cannot be told apart by their leakers") in text


def test_without_a_study_of_the_claims_the_table_says_what_its_intervals_leave_out(page):
    assert "They do not cover what the sources dispute: kalkan propagate does." in words(page)


def test_a_file_handed_over_has_no_link_that_leads_nowhere(page):
    ends = [a.get("href") for a in page.iter(XHTML + "a") if a.get("href")]
    assert ends and all(href.startswith(("#", "https://", "http://")) for href in ends)


def test_a_place_that_cannot_be_written_is_told(ran):
    folder, _ = ran
    assert "No such file or directory" in run("report", "out/raid", "--out", "no/r.html", cwd=folder, code=2).stderr


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_in_a_browser(ran, browser, width, height, scheme):
    from axe_playwright_python.sync_playwright import Axe

    folder, _ = ran
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    tab = context.new_page()
    asked, faults = [], []
    tab.on("request", lambda r: asked.append(r.url))
    tab.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    tab.on("pageerror", lambda e: faults.append(str(e)))
    tab.goto((folder / "out/raid/report.html").as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = Axe().run(tab).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in ("serious", "critical")] == []
    assert [u for u in asked if not u.startswith(("file:", "data:"))] == [] and len(asked) >= 1
    assert faults == []
    assert too_wide(tab) == [] and cut_text(tab) == []  # three variants, and nothing is cut off
    drawn = "[...document.querySelectorAll('svg.drawn')].filter(e => e.getBoundingClientRect().width > 0).length"
    assert tab.evaluate(drawn) == tab.evaluate("document.querySelectorAll('figure').length")
    paper = tab.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 254)", "dark": "rgb(20, 24, 29)"}[scheme]
    context.close()


def test_on_a_phone_a_wide_table_has_its_headings_in_every_row(ran, browser):
    folder, _ = ran
    tab = browser.new_page(viewport={"width": 390, "height": 844})
    tab.goto((folder / "out/raid/report.html").as_uri())
    heads = (
        "[...document.querySelectorAll('.units tbody tr:nth-child(2) td')]"
        ".map(e => getComputedStyle(e, '::before').content)"
    )
    assert tab.evaluate(heads)[:2] == ['"launched"', '"kills"']
    assert not tab.locator(".units thead").is_visible()
    tab.set_viewport_size({"width": 1440, "height": 900})
    assert tab.evaluate(heads)[:2] == ["none", "none"] and tab.locator(".units thead").is_visible()
    tab.close()


def test_no_caption_says_left_or_right_of_what_may_be_stacked(page):
    told = [words(e) for e in page.iter(XHTML + "figcaption")]
    assert told and not [t for t in told if "(left)" in t or "(right)" in t]


def test_maps_say_what_their_marks_are(page):
    svg = "{http://www.w3.org/2000/svg}"
    (first, *_) = [e for e in page.iter(XHTML + "figure") if e.get("id", "").startswith("figure-map-")]
    told = {words(e) for e in first.iter(svg + "text")}
    assert {"fire unit", "command post", "asset", "raid", "reach, claimed", "in sight, 50 m up"} <= told


def test_it_prints(ran, browser, tmp_path):
    folder, _ = ran
    tab = browser.new_page()
    tab.goto((folder / "out/raid/report.html").as_uri())
    pdf = tab.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF") and 5 < pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") < 60
    tab.close()
