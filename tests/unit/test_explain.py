"""`explain`: paths, plain data, and the screen."""

import json
import re

import pytest
from rich.console import Console

import kalkan
from kalkan.catalogue import CatalogueError, explain, load_catalogue
from kalkan.errors import StoreError
from kalkan.scenario import PRESETS
from kalkan.views.claims.brief import brief_view
from kalkan.views.claims.explain import explanation_view

CAT = load_catalogue()


def names(path):
    return [q["quantity"] for q in explain(CAT, path)["quantities"]]


def screen(path, width=90):
    return printed(explain(CAT, path), width)


def printed(explained, width):
    console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    console.print(explanation_view(explained))
    return console.export_text()


@pytest.mark.parametrize("path", ["s-400.91N6E.range", "91n6e.range", "S-400.91n6e.RANGE"])
def test_a_word_finds_the_quantities_that_contain_it(path):
    assert names(path) == ["detection_range", "instrumented_range", "min_range", "range_sigma", "range_resolution"]
    assert explain(CAT, path)["entry"]["id"] == "91n6e"


def test_paths():
    assert names("f-35a.rcs") == ["rcs"]
    assert names("91n6e") == list(CAT.entry("91n6e").quantities)
    assert names("92n6e.target_channels") == ["target_channels"]
    assert names("s-400.92N6E.channels") == ["target_channels", "missile_channels"]


def test_a_system_lists_its_parts():
    parts = explain(CAT, "s-400")["parts"]
    assert [p["id"] for p in parts] == [
        "55k6e",
        "91n6e",
        "96l6e",
        "92n6e",
        "5p85",
        "48n6e3",
        "9m96e2",
        "40n6e",
        "48n6e2",
        "9m96e",
        "gamma-de",
        "protivnik-ge",
        "nebo-m",
        "40v6m",
        "48n6e",
        "77n6",
    ]
    assert parts[1]["figures"]["detection_range"] == "390 km"
    assert "0.9 (aircraft)" in parts[5]["figures"]["kill_probability"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("s-40", '"s-40" is not in the catalogue — did you mean "s-400"?'),
        ("s-400.rcs", '"s-400" has no part or quantity "rcs"; kalkan explain s-400 shows what it has'),
        ("s-400.91n7e", '"s-400" has no part or quantity "91n7e" — did you mean "91n6e"?'),
        ("91n6e.rnge", '"91n6e" has no part or quantity "rnge" — did you mean "range"?'),
        ("f-35a.rsc", '"f-35a" has no part or quantity "rsc" — did you mean "rcs"?'),
    ],
)
def test_a_wrong_path_offers_the_nearest(path, text):
    with pytest.raises(CatalogueError) as caught:
        explain(CAT, path)
    assert str(caught.value) == text


@pytest.mark.parametrize("entry", CAT.ids())
def test_every_explanation_is_json_and_complete(entry):
    data = json.loads(json.dumps(explain(CAT, entry)))
    for quantity in data["quantities"]:
        assert quantity["cases"], quantity["quantity"]
        used = {n for n, c in enumerate(quantity["claims"]) if c["standing"] in ("used", "taken")}
        assert used == {case["claim"] for case in quantity["cases"]}
        for claim in quantity["claims"]:
            assert claim["title"] and claim["date"] and claim["origin"]
            assert claim["verified"] in ("seen in source", "from memory, unverified")


def test_standing_of_claims():
    claims = explain(CAT, "92n6e.target_channels")["quantities"][0]["claims"]
    standing = {(c["shown"], c["claimant"].split()[0]): c["standing"] for c in claims}
    assert standing[("10", "C.")] == "used"
    assert standing[("10", "Cielo")] == "agrees"
    assert standing[("6", "hobby")] == "differs"
    assert standing[("6", "C.")] == "excluded"
    assert standing[("36", "Sputnik")] == "another level"


def test_a_scenarios_assumption_is_said():
    case = explain(CAT, "91n6e.scan_period", assume={"91n6e": {"scan_period": 6.0}})["quantities"][0][
        "cases"
    ][0]
    assert (case["shown"], case["rule"], case["claim"]) == ("6 s", "this scenario assumes", None)


def test_the_screen_spells_things_out():
    text = " ".join(screen("s-400.91N6E.range", 100).split())
    for words in (
        "kalkan uses 390 km (p_d = 0.8, p_fa = 1e-06, rcs_m2 = 4)",
        "role confusion: one quantity read as another",
        "from memory, unverified",
        "http://www.ausairpower.net/APA-S-400-Triumf.html",
        "kalkan's own assumption",
    ):
        assert words in text, words


def test_a_two_fire_unit_set_has_its_own_channels():
    text = " ".join(screen("92n6e.target_channels", 250).split())
    assert "they belong to the full complement" in text
    assert "A set of two fire units has its own two units' channels, 20 targets" in text
    assert "another level: full complement" in text


@pytest.mark.parametrize("width", [40, 80, 100])
@pytest.mark.parametrize("entry", CAT.ids())
def test_the_screen_fits(entry, width):
    assert max(len(line) for line in screen(entry, width).splitlines()) <= width


def test_what_no_run_uses_is_not_called_used():
    assert "claims come to 400 km" in screen("s-400.engagement_range", 200)
    assert "kalkan uses" not in screen("s-400.engagement_range", 200)
    assert "kalkan checks scenarios with 4" in screen("5p85.tubes", 200)
    assert "kalkan uses 390 km" in screen("91n6e.detection_range", 200)
    radar = next(p for p in explain(CAT, "s-400")["parts"] if p["id"] == "92n6e")
    assert {"scan_period", "length"} <= set(radar["context"]) and "detection_range" not in radar["context"]


@pytest.mark.parametrize("path", ["out/nosuch", "./nosuch", "~/runs/nosuch"])
def test_a_folder_that_is_not_there_is_called_a_folder(path):
    with pytest.raises(StoreError, match="there is no such folder, and no entry of the catalogue by this name"):
        kalkan.explain(path)


def test_a_folder_without_a_run_says_so(tmp_path):
    with pytest.raises(StoreError, match="not one of kalkan's results"):
        kalkan.explain(tmp_path)


def test_a_scenario_is_neither_an_entry_nor_a_run(tmp_path):
    (tmp_path / "raid.toml").write_text("")
    with pytest.raises(StoreError, match=r"raid\.toml is a file; explain takes an entry .* or the folder of a"):
        kalkan.explain(tmp_path / "raid.toml")


def test_a_preset_is_explained():
    """`kalkan explain ideal` lists every figure that the preset assumes, with its reason."""
    explained = kalkan.explain("ideal")
    rows = {r["quantity"]: r for r in explained["quantities"]}
    assert set(rows) == set(PRESETS["ideal"])
    assert rows["crew_delay"]["written"] == "0 s"
    text = repr(explained)
    for word in ("common_cause_share", "launch_threshold", "fail independently", 'preset = "ideal"'):
        assert word in text
    assert "crew_delay" in explained._repr_html_()


@pytest.mark.parametrize("width", [40, 80, 100])
@pytest.mark.parametrize("entry", CAT.ids())
def test_no_word_is_broken(entry, width):
    """Whatever stands on a narrow screen stands on a very wide one, or its parts between hyphens and the like do.

    Web addresses aside, which may be longer than a line.
    """
    explained = explain(CAT, entry)
    for claim in (c for q in explained["quantities"] for c in q["claims"]):
        claim["url"] = ""
    whole, narrow = (set(re.split(r"(?<=[./_·-])|:?\s+", printed(explained, w))) for w in (4000, width))
    assert not {word for word in narrow - whole if word.strip("─")}


def test_on_a_narrow_screen_the_figures_stand_below_each_other():
    console = Console(width=40, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    console.print(brief_view(explain(CAT, "s-400")))
    text = console.export_text()
    assert "\nlaunchers_per_fire_unit\n  kalkan uses: 8\n  claimed: 4 to 12" in text
    assert max(map(len, text.split("\n"))) <= 40
    words = set(re.split(r"(?<=[./_·-])|\s+", repr(kalkan.explain("s-400"))))
    told = set(re.split(r"(?<=[./_·-])|\s+", text))
    assert not {w for w in told - words if w.strip("─")} - {"uses:", "claimed:", "means:"}


@pytest.mark.parametrize("entry", CAT.ids())
def test_an_entry_begins_with_one_screen(entry):
    """And names what it leaves out; the whole stands behind --all."""
    explained = kalkan.explain(entry)
    text = repr(explained)
    assert text.count("\n") <= 45, "one screen"
    for name in ("every claim" if explained["quantities"] else entry,):
        assert name in text
    assert all(p["id"] in text for p in explained["parts"][:16])


def test_one_figure_is_told_with_every_claim():
    assert "origin:" in repr(kalkan.explain("91n6e.scan_period")) and "origin:" not in repr(kalkan.explain("91n6e"))
