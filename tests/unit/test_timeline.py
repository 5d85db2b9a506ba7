"""Statements about the deal in order of date; contradictions marked; figures that a run used."""

import json

import pytest
from rich.console import Console

import kalkan
from kalkan.catalogue import CatalogueError, load_catalogue, timeline, used_claims
from kalkan.compile import compile_scenario
from kalkan.compile.inputs import WRITTEN
from kalkan.engine.store import Store
from kalkan.errors import StoreError
from kalkan.scenario import parse, starter
from kalkan.views.claims.tables import shown, timeline_view

CAT = load_catalogue()
ALL = timeline(CAT)["statements"]
BATCH = timeline(CAT, "second batch")["statements"]


def said(date, who):
    (row,) = [r for r in BATCH if r["date"] == date and who in r["claimant"] and "Xinhua" not in r["claimant"]]
    return row


def contradicted(one, other):
    assert (other["number"] in one["contradicts"]) == (one["number"] in other["contradicts"])
    return other["number"] in one["contradicts"]


def test_in_order_of_date_and_numbered():
    dates = [r["date"] for r in ALL if r["date"] != "undated"]
    assert dates == sorted(dates) and [r["number"] for r in ALL] == list(range(1, len(ALL) + 1))
    assert len(ALL) > 80 and all(r["claimant"] and r["says"] and r["title"] for r in ALL)


def test_the_head_of_rosoboronexport_contradicts_himself():
    signed = said("2020-08-23", "Mikheyev")
    for date in ("2021-07-20", "2021-08-23", "2021-08-25"):
        assert contradicted(signed, said(date, "Mikheyev"))
    assert not contradicted(signed, said("2019-11-26", "Mikheyev"))


def test_august_2022_stands_against_itself():
    shugaev = said("2022-08-16", "Shugaev")
    assert shugaev["says"] == "signed"
    assert contradicted(shugaev, said("2022-08-17", "Turkish SSB"))
    assert not contradicted(shugaev, said("2022-08-16", "US State Department"))
    assert not contradicted(shugaev, said("2021-08-25", "Turkish official"))


def test_an_option_in_the_first_contract_contradicts_nobody():
    assert said("2017-12-29", "Turkish SSM")["contradicts"] == []


def test_a_statement_of_only_a_year_is_not_held_against_a_day_in_it():
    assert said("2020", "Airwaypost")["contradicts"] == []


def test_dates_of_the_contract_agree_where_one_holds_the_other():
    rows = {(r["says"], r["claimant"]): r for r in timeline(CAT, "contract_date")["statements"]}
    april = next(r for (says, _), r in rows.items() if says == "2017-04-11")
    assert "Ministry of National Defence" in april["claimant"] and april["kind"] == "government"
    month = next(r for (says, _), r in rows.items() if says == "2017-04")
    december = next(r for (says, _), r in rows.items() if says == "2017-12-29")
    assert not contradicted(april, month) and contradicted(april, december)
    slips = [r for (says, _), r in rows.items() if says.startswith(("2019", "2020"))]
    assert len(slips) >= 2 and all(r["excluded"] and not r["contradicts"] for r in slips)


def test_numbers_that_differ_contradict_each_other_and_ranges_that_meet_do_not():
    delivered = timeline(CAT, "batteries_delivered")["statements"]
    assert sorted(r["says"] for r in delivered) == ["2", "4"] and all(r["contradicts"] for r in delivered)
    payments = timeline(CAT, "f35_payments")["statements"]
    assert {r["says"]: len(r["contradicts"]) for r in payments} == {"1250 M USD": 2, "1400 M USD": 1}


def test_an_unknown_subject():
    with pytest.raises(CatalogueError, match='did you mean "contract_date"'):
        timeline(CAT, "contract_dates")


def test_on_the_screen():
    console = Console(width=100, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    console.print(timeline_view(timeline(CAT, "second_batch")))
    text = console.export_text()
    assert "✗ 11-16" in text and "of them contradicted" in text and "https://tass.com/defense/1192793" in text


# ------------------------------------------------------------------ what a run used


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A results folder as a run leaves it, without the simulation."""
    variants = parse(starter("small")).with_stances(["low", "press"]).variants_resolved()
    about = {
        n: {"label": s.label, "stance": s.stance, "identity": n, "labels": {}, "sizes": {},
            "attrs": json.loads(json.dumps(compile_scenario(s, CAT).attrs))}
        for n, s in variants.items()
    }  # fmt: skip
    path = tmp_path_factory.mktemp("run")
    run = {"title": "A run", "seed": 1, "replications": 1, "catalogue": CAT.identity, "engine": "", "versions": {}}
    Store(path, run | {"variants": about}).save_run()
    return path


def test_figures_of_a_run(folder):
    content = kalkan.explain(folder)
    assert [v["stance"] for v in content["variants"]] == ["low", "press"] and content["same_catalogue"]
    figures = {(f["entry"], f["quantity"], *f["conditions"].values()): f for f in content["figures"]}
    by_stance = {v: u["value"] for u in figures["92n6e", "detection_range"]["used"] for v in u["variants"]}
    assert list(by_stance.values()) == [127e3, 200e3]
    reasons = [e["reason"] for e in figures["91n6e", "detection_range"]["excluded"]]
    assert len(reasons) == 3 and all(r.startswith("role error") for r in reasons)
    for used in (u for f in content["figures"] for u in f["used"]):
        assert (used["source"] and used["title"] and used["grade"]) or used["rule"] == WRITTEN
    assert ("subsonic-cruise-missile", "rcs", "S", "nose") in figures


def test_figures_of_a_run_on_the_screen(folder):
    text = repr(kalkan.explain(str(folder)))
    assert "figures used" in text and "stance low" in text and "✗ detection_range 600 km" in text
    assert "has changed" not in text


def test_another_catalogue_is_said(folder, tmp_path):
    run = json.loads((folder / "run.json").read_text()) | {"catalogue": "other"}
    assert not used_claims(CAT, run)["same_catalogue"]


def test_folders_that_hold_no_run(folder, tmp_path):
    with pytest.raises(StoreError, match="not one of kalkan's"):
        kalkan.explain(tmp_path)
    with pytest.raises(StoreError, match="leave out --stance"):
        kalkan.explain(folder, stance="low")
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(StoreError, match="damaged"):
        kalkan.explain(tmp_path)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(390e3, "m", "390 km"), (25.0, "m", "25 m"), (1.5e6, "USD", "1.5 M USD"), (0.9, "1", "0.9"), ("S", "", "S")],
)
def test_values_as_a_reader_writes_them(value, unit, text):
    assert shown(value, unit) == text
