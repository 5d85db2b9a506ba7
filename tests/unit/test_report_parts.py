"""Parts of the report: sentences, chosen replications, time lines, SVG, colours, provenance."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from toy_engine import simulate

import kalkan
from kalkan.results import chosen, minutes
from kalkan.results.quantity import MEAN, Measure, Quantity
from kalkan.schema import EV_EMPTY, EV_FIRST_PLOT, EV_KILL, EV_LAUNCH, EV_LEAK, EV_ORDER, EV_RELEASE
from kalkan.views.report import page
from kalkan.views.report.figures.axes import apart, in_rows
from kalkan.views.report.figures.leakers import leaker_spread, right_end
from kalkan.views.report.integration import integration
from kalkan.views.report.material import Material
from kalkan.views.report.sections import unknown
from kalkan.views.report.sections.sources import limits_text
from kalkan.views.report.sentences import changes, difference, findings, limits, listed
from kalkan.views.studies.plots import axes, save
from kalkan.views.style import COLOURS, SERIES
from kalkan.views.svg import Drawing, inline

PAIRED = {"from": "one", "to": "two", "how": "paired"}


def value(mean, low, high, n=200):
    return {"mean": mean, "low": low, "high": high, "n": n}


@pytest.mark.parametrize(("high", "end"), [(13.2, 14), (9.0, 11), (float("inf"), 11)])
def test_the_axis_of_the_histogram_holds_every_replication_and_every_interval(high, end):
    """A wide interval of few replications is not cut at the right; one without an end has no place."""
    measure = Measure("leakers", "leakers", "1", MEAN, 8.0, 4.0, high, 4)
    assert right_end([np.array([6.0, 11.0])], [measure]) == end
    assert right_end([np.array([0.0, 1.0])], []) == 8


def test_a_long_name_over_a_histogram_is_broken_and_no_share_is_above_all():
    from matplotlib.figure import Figure

    figure = Figure((7.4, 2.6))
    ax = figure.add_subplot(1, 2, 2)
    measure = Measure("leakers", "leakers", "1", MEAN, 0.0, 0.0, 0.1, 4)
    name = "two decoys each, spared, none met beyond 30 km"
    leaker_spread(ax, np.zeros(4), measure, name, 0, 8, 100.0)
    figure.canvas.draw()
    assert ax.get_title().replace("\n", " ") == name
    assert ax.title.get_window_extent().x1 <= figure.bbox.x1
    assert 0.0 < max(ax.get_yticks()) <= 100.0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (value(-8.36, -8.64, -8.07), "lets **8.4 fewer** through than “one” (8.1 to 8.6 fewer)"),
        (value(3.0, 2.0, 4.0), "lets **3.0 more** through than “one” (2.0 to 4.0 more)"),
        (value(-0.1, -0.5, 0.3), "**cannot tell** whether “two” lets fewer through than “one”: the difference is −0.1"),
        (value(0.0, 0.0, 0.0), "let **equally many** through every time"),
        (value(2.0, None, None, 1), "one replication, no interval"),
    ],
)
def test_a_difference_is_only_called_one_if_its_interval_says_so(given, said):
    assert said in difference(PAIRED, given)


def told_of_others(friends, airliners):
    """What a report says of being tied into others' picture, with these differences in who is shot at by mistake."""
    row = {"values": [value(10_300.0, 10_100.0, 10_700.0), value(106e3, 87e3, 125e3)], "differences": [None]}
    rows = [
        {"key": "leakers", "values": [], "differences": [value(-7.1, -7.7, -6.5)]},
        {"key": "told_ahead", "values": [None, value(240.0, 220.0, 260.0)], "differences": [None]},
        {"key": "low_first_shot", **row},
        {"key": "friends_shot_at", "values": [], "differences": [friends]},
        {"key": "airliners_shot_at", "values": [], "differences": [airliners]},
    ]
    content = {"tables": [{"rows": rows}], "columns": ["one", "two"], "difference_columns": [PAIRED]}
    (sentence,) = integration(content)
    return sentence


def test_being_integrated_is_one_sentence_in_which_no_difference_is_called_one():
    same = value(0.0, -0.08, 0.08)
    told = told_of_others(value(0.15, 0.05, 0.25), same)
    assert "lets **7.1 fewer** through (6.5 to 7.7)" in told and "at **106 km** instead of 10.3 km" in told
    assert "shoots at **0.15 more** friends (0.05 to 0.25)" in told
    assert "as many airliners as far as the run can tell (0.00; −0.08 to +0.08)" in told
    assert "**0.15 fewer** friends (0.05 to 0.25)" in told_of_others(value(-0.15, -0.25, -0.05), same)


def test_findings_of_one_variant_do_not_name_it(tmp_path):
    from toy_engine import scenario

    one = kalkan.open_results(simulate(tmp_path / "one", scenario=scenario(variant=False)))
    two = kalkan.open_results(simulate(tmp_path / "two"))
    assert not any("“" in s for s in findings(one.summary()))
    told = findings(two.summary())
    assert told[0].startswith("Under “base” **") and "and under “worse radar” **" in told[0]
    assert len(told) == 2 and told[1].startswith("Still flying")
    assert changes(two.summary())[0].startswith("Pair by pair over 40 replications, “worse radar” lets **")


def test_a_mean_of_few_leakers_has_no_limit_below_0_in_words():
    assert limits(value(0.08, -0.1, 0.27), least=0.0) == "0.00 to 0.27"
    assert limits(value(-0.08, -0.27, 0.1), signed=True) == "−0.27 to +0.10"


def test_listed():
    assert [listed(list("abc")[:n]) for n in range(4)] == ["–", "a", "a and b", "a, b and c"]


def columns(**values):
    return {k: Quantity(k, k, "1", MEAN, np.asarray(v, float)) for k, v in values.items()}


def test_chosen_replications_by_hand():
    q = columns(
        leakers=[0, 5, 2, 2, 5, 2], value_lost=[0, 9, 3, 4, 9, 3], killed=[9, 4, 7, 7, 4, 7],
        spent=[10, 30, 20, 20, 40, 21],
    )  # fmt: skip
    assert chosen.best(q) == 0
    assert chosen.worst(q) == 4  # most leakers and value lost; more rounds than replication 1
    assert chosen.typical(q) == 2  # at every median
    same = columns(leakers=[1, 1], value_lost=[1, 1], killed=[1, 1], spent=[1, 1])
    assert (chosen.best(same), chosen.worst(same), chosen.typical(same)) == (1, 0, 0)


def events(*rows):
    t, kind, subject, obj, val = zip(*rows, strict=True)
    return {
        "event_time_s": np.array(t, np.float32), "event_kind": np.array(kind, np.int8),
        "event_subject": np.array(subject, np.int16), "event_object": np.array(obj, np.int16),
        "event_value": np.array(val, np.float32),
    }  # fmt: skip


LOG = events(
    (1, EV_FIRST_PLOT, 0, 0, 0), (2, EV_FIRST_PLOT, 0, 1, 0), (3, EV_ORDER, 0, 1, 1), (4, EV_LAUNCH, 0, 1, 0),
    (5, EV_LAUNCH, 0, 1, 0), (6, EV_ORDER, 1, 1, 2), (9, EV_KILL, 0, 1, 0), (10, EV_EMPTY, 0, 1, 0),
    (12, EV_RELEASE, 0, 1, 1), (20, EV_LEAK, 1, 0, 0), (25, EV_RELEASE, 1, 1, 0),
)  # fmt: skip


def test_time_line_by_hand():
    marks = minutes.marks(LOG)
    assert marks["seen"].times_s.tolist() == [1.0]  # the second radar's first plot is not the threat's
    assert marks["launch"].times_s.tolist() == [4.0, 5.0]
    assert (marks["kill"].subjects.tolist(), marks["leak"].subjects.tolist()) == ([0], [1])
    use = minutes.channels_in_use(LOG, ["a", "b"])
    assert use["a"].peak == 0 and use["b"].values.tolist() == [1, 2, 1, 0]
    assert use["b"].times_s.tolist() == [3.0, 6.0, 12.0, 25.0]


def test_labels_keep_their_distance():
    assert apart([3.0, 3.1, 9.0], 1.0) == [3.0, 4.0, 9.0]


def test_a_legend_is_read_in_rows():
    assert in_rows((list(range(5)), list("abcde")), 3)["labels"] == ["a", "d", "b", "e", "c"]


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    bright, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_by_wcag(theme):
    paper = getattr(COLOURS["paper"], theme)
    for name, colour in COLOURS.items():
        ratio = contrast(getattr(colour, theme), paper)
        if name in ("ink", "muted", "defence", "raid"):
            assert ratio >= 4.5, name  # text
        elif name.startswith("series-"):
            assert ratio >= 3.0, name  # parts of figures


def test_every_colour_is_told_apart_from_the_others():
    light = [c.light for c in COLOURS.values()]
    assert len(set(light)) == len(light)  # each stands for one role in the SVG


def deuteranope(colour):
    """Colour as a deuteranope sees it: Viénot, Brettel and Mollon, Color Res. Appl. 24 (1999) 243, linear RGB."""
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]) ** 2.2
    to_lms = np.array([[17.8824, 43.5161, 4.11935], [3.45565, 27.1554, 3.86714], [0.0299566, 0.184309, 1.46709]])
    lms = to_lms @ rgb
    lms[1] = 0.494207 * lms[0] + 1.24827 * lms[2]
    return np.clip(np.linalg.inv(to_lms) @ lms, 0, 1) ** (1 / 2.2)


def test_the_first_series_stay_apart_without_the_green_cone():
    for a, b in itertools.combinations(SERIES[:4], 2):
        assert np.linalg.norm(deuteranope(a) - deuteranope(b)) > 0.12, (a, b)


def picture(key="p"):
    def draw(figure):
        ax = figure.add_subplot()
        ax.plot([0, 1], [0, 1], color=SERIES[0], label="<b>&")
        ax.legend()
        ax.set_title("Title")

    return Drawing(key, "What <it> shows", "In words & numbers", "caption", draw)


def test_svg_stands_alone_in_a_page():
    text = picture().svg()
    root = ElementTree.fromstring(text.replace("xlink:href", "href"))
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids)) and all(i.startswith("p-wide-") for i in ids)
    used = set(re.findall(r"url\(#([^)]+)\)", text)) | set(re.findall(r'href="#([^"]+)"', text))
    assert used and used <= set(ids)
    names = {e.tag.split("}")[-1]: e.text for e in root if e.tag.endswith(("title", "desc"))}
    assert names == {"title": "What <it> shows", "desc": "In words & numbers"}
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "p-wide-title")
    assert "<style" not in text and "metadata" not in text and "font-family" not in text
    assert f"var(--series-1, {SERIES[0]})" in text
    assert text == picture().svg()  # bit for bit, so that a report can be compared
    assert {e.get("id") for e in ElementTree.fromstring(picture("q").svg().replace("xlink:href", "href")).iter()} - {
        None
    } & set(ids) == set()


def test_a_figure_is_one_file_whatever_the_last_bit_of_its_layout():
    """Two layouts of one figure may differ by a rounding error; a reader, and a comparison, see one figure."""

    def drawn(nudge):
        def draw(figure):
            ax = figure.add_subplot()
            ax.set_position((0.1, 0.1, 0.8 + nudge, 0.8))
            ax.plot([0, 1], [0, 1], marker="s")

        return Drawing("p", "title", "text", "caption", draw).svg()

    assert drawn(1e-13) == drawn(0.0) != drawn(0.1)


def test_figures_of_studies_are_the_same_file_twice(tmp_path):
    for name in ("a", "b"):
        figure, grid = axes(1, 2, 5.0, 3.0)
        grid[0][0].plot([0, 1], [0, 1], marker="o")
        save(figure, tmp_path, name)
    one = (tmp_path / "a.svg").read_text()
    assert one == (tmp_path / "b.svg").read_text()
    used = set(re.findall(r"url\(#([^)]+)\)", one)) | set(re.findall(r'href="#([^"]+)"', one))
    assert used and used <= set(re.findall(r'\bid="([^"]+)"', one))


def test_inline_knows_both_ways_of_writing_fonts():
    given = "font: bold 9px 'DejaVu Sans', sans-serif; fill: #1d2227"
    text = inline(f'<?xml?><svg viewBox="0 0 1 1"><text style="{given}">x</text></svg>', "k", "t", "d")
    assert "DejaVu" not in text and "font-weight: bold; font-size: 9px" in text and "var(--ink, #1d2227)" in text


def test_nothing_from_a_scenario_is_taken_for_html(tmp_path):
    from toy_engine import scenario

    from kalkan.scenario import parse

    evil = '<script>alert(1)</script>"&**x**'
    text = scenario().text.replace('title = "One site, one raid"', f"title = '{evil}'")
    text = text.replace('label = "worse radar"', "label = '<img src=x onerror=alert(1)>'")
    made = page(kalkan.open_results(simulate(tmp_path / "out", scenario=parse(text))))
    assert "<script" not in made and "<img" not in made
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made and "&lt;img src=x" in made


def test_the_limits_are_the_documentation_s():
    text = limits_text()
    assert "**Interceptors**" in text and not text.startswith("# ")


def test_maps_show_themselves_in_a_notebook(tmp_path):
    from kalkan.scenario import starter

    path = tmp_path / "small.toml"
    path.write_text(starter("small"))
    maps = kalkan.laydown(path)
    shown = maps._repr_html_()
    assert shown.count("paint-order: stroke; stroke: var(--paper") >= 3  # labels stand out from the map
    assert len(maps) == 1 and shown.count("<svg") == 1 and "<figcaption>" in shown
    assert "harbour" in repr(maps)


def test_stances_are_a_part_of_their_own_if_a_run_has_several(tmp_path):
    from kalkan.views.report.sections.stances import stances

    folder = simulate(tmp_path / "out")
    assert stances(Material(kalkan.open_results(folder))) is None
    store = kalkan.engine.store.Store.open(folder)
    row = {"entry": "91n6e", "quantity": "scan_period", "conditions": {}, "unit": "s"}
    for about, stance in zip(store.run["variants"].values(), ("manufacturer", "independent"), strict=True):
        about |= {"variant": "base", "stance": stance, "label": stance}
        about["attrs"] |= {"inputs": [row | {"value": 5.0 if stance == "manufacturer" else 12.0, "shown": ""}]}
    store.save_run()
    results = kalkan.open_results(folder)
    made = stances(Material(results))
    table, different = made.blocks[-2:]
    assert [c.text for c in different.rows[0]] == ["91n6e: scan period", "5 s", "12 s"]
    assert [row[0].text for row in table.rows] == ["manufacturer", "independent"]
    means = [results.measures()[v]["leakers"].mean for v in results.variants]
    assert [row[1].data["mean"] for row in table.rows] == means
    assert "manufacturer" in made.blocks[1].pictures[0].svg()


def test_the_command_names_stances_and_catalogues():
    from kalkan.views.report.sections.sources import _command

    variants = {"a": {"stance": "low"}, "b": {"stance": "high"}}
    run = {"replications": 8, "seed": 3, "variants": variants, "catalogue_files": ["../my own.toml"]}
    words = "kalkan run scenario.toml --replications 8 --seed 3 --stance low,high --catalogue"
    assert _command(run) == [*words.split(), "my own.toml"]
    assert "--stance" not in _command({"replications": 8, "seed": 3, "variants": {"a": {"stance": "best-source"}}})


STUDIES = Path(__file__).parent / "data/studies"  # what the commands printed for the small starter with a slow radar


@pytest.fixture(scope="module")
def studied(tmp_path_factory):
    folder = simulate(tmp_path_factory.mktemp("studied") / "out")
    shutil.copytree(STUDIES, folder / "studies")
    return folder


def test_studies_in_the_folder_become_parts(studied):
    material = Material(kalkan.open_results(studied))
    made = [build(material) for build in (unknown.not_known, unknown.what_matters, unknown.enough)]
    known, matters, enough = made
    propagation, sensitivity, sweep = (
        json.loads((STUDIES / f"{n}.json").read_text()) for n in ("propagation", "sensitivity", "sweep")
    )
    table = next(b for b in known.blocks if getattr(b, "name", "") == "propagated")
    of = [*propagation["variants"].values(), *propagation["differences"].values()]
    for row in table.rows:
        key = row[0].data["key"]
        for cell, v in zip(row[1:], of, strict=True):
            assert cell.data == {k: v[key][k] for k in ("mean", "low", "high")}
    bars = next(b for b in matters.blocks if getattr(b, "name", "") == "matters").rows
    swings = {q["name"]: q["swing"] for q in sensitivity["quantities"]}
    assert [swings[row[0].text] for row in bars] == sorted(swings.values(), reverse=True)[: len(bars)]
    curve = next(b for b in enough.blocks if getattr(b, "name", "") == "sweep").rows
    means = [[v["leakers"]["mean"] for v in p["variants"].values()] for p in sweep["points"]]
    assert [[c.data["mean"] for c in row[1:3]] for row in curve] == means
    verdicts = next(b for b in enough.blocks if getattr(b, "name", "") == "findings").texts
    for name, told in zip(sweep["points"][0]["variants"], verdicts, strict=True):
        found = [(p["variants"][name]["leakers"], *p["at"].values()) for p in sweep["points"]]
        (least, at), (most, where) = (pick(found, key=lambda x: x[0]["mean"]) for pick in (min, max))
        if least["high"] >= most["low"]:
            assert told.startswith(f"“{name}”: ") and "cannot be told apart" in told
        else:
            assert told.startswith(f"“{name}”: fewest leakers at **{at}** (") and f", most at {where} (" in told
    pictures = [p for s in made for b in s.blocks for p in getattr(b, "pictures", ())]
    figures = [p.svg(size) for p in pictures for size in ("wide", "narrow")]
    assert len(figures) == 4 and all("<desc" in f for f in figures)


def test_no_study_no_part_and_a_foreign_one_is_told(tmp_path):
    folder = simulate(tmp_path / "out")
    material = Material(kalkan.open_results(folder))
    builds = (unknown.not_known, unknown.what_matters, unknown.enough)
    assert [build(material) for build in builds] == [None, None, None] and material.notes == []
    beside = tmp_path / "out-studies"
    beside.mkdir()
    foreign = json.loads((STUDIES / "sweep.json").read_text()) | {"title": "Another"}
    (beside / "a.json").write_text(json.dumps(foreign))
    (beside / "b.json").write_text("{")
    (beside / "c.json").write_text("[1]")
    assert [build(material) for build in builds] == [None, None, None]
    left_out = [f"a study is left out: {n}" for n in ("a.json is of another scenario", "b.json cannot be read",
                                                      "c.json is of another scenario")]  # fmt: skip
    assert material.notes == left_out
    shutil.copy(STUDIES / "sweep.json", beside / "d.json")
    assert unknown.enough(material) is not None


@pytest.mark.parametrize("replications", [1, 2])
def test_a_report_of_hardly_any_replications_is_whole(tmp_path, replications):
    """One replication has no interval, or one end of it only: neither ends in a record or a sentence."""
    results = kalkan.open_results(simulate(tmp_path, replications=replications))
    assert "Interceptors spent, on average" in page(results)
    found = list(_intervals(results.summary()))
    assert found and all((v["low"] is None) == (v["high"] is None) for v in found)


def _intervals(content):
    """Every record of an interval in a summary."""
    if isinstance(content, dict):
        if {"mean", "low", "high"} <= content.keys():
            yield content
        content = list(content.values())
    if isinstance(content, list):
        for part in content:
            yield from _intervals(part)
