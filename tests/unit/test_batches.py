"""Batches: dates that are read, days that follow from them, what a file may not say, and what is told of it."""

import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kalkan
from kalkan.catalogue import load_catalogue
from kalkan.catalogue.role import DATES, role
from kalkan.errors import ProblemsError
from kalkan.scenario import Batch, Scenario, check_text, foreseen, json_schema, load, parse
from kalkan.scenario.checks.batches import _fits
from kalkan.scenario.nouns.dates import span
from kalkan.scenario.readiness import DAY_S, Claimed, Used, deliveries_of, there
from kalkan.views.claims.batches import readiness

CAT = load_catalogue()
HEAD = """
[region]
terrain = "flat"
[[assets]]
name = "town"
position = [39.0, 33.0]
value = 10
[[raids]]
name = "raid"
type = "f-16c"
count = 1
route = [
  { position = [37.8, 33.0], altitude = "8 km MSL" },
  { position = [39.0, 33.0], altitude = "8 km MSL" },
]
aim = "town"
[[systems]]
name = "west"
type = "s-400"
position = [39.0, 33.0]
fire_units = 2
launchers = 3
[[systems]]
name = "east"
type = "s-400"
position = [39.0, 34.0]
fire_units = 1
launchers = 2
"""
BATCH = '[[batches]]\nname = "first"\nsystems = ["west"]\n'
ABOVE = HEAD.count("\n") + 1  # and a line above it
PARTS = BATCH + """deliveries = [
  { delivered = "2020-01-10", parts = ["west", "west/1"] },
  { delivered = "2020-06", parts = ["west/2/92n6e", "west/2/launcher 1"] },
  { delivered = "2021" },
]
training = "10 days"
work_up = "20 days"
"""


def scenario(batches: str, more: str = "") -> Scenario:
    return parse(more + HEAD + batches)


def days(written: Scenario) -> list[tuple[str, str]]:
    """Delivery and readiness of every delivery."""
    figures = Claimed(written.catalogue, written.assume)
    return [(str(d.delivered), str(d.ready)) for d in deliveries_of(written, figures, Used(figures))[1]]


def standing(written: Scenario, name: str, day: datetime.date):
    figures = Claimed(written.catalogue, written.assume)
    wholes, deliveries = deliveries_of(written, figures, Used(figures))
    return there(name, wholes[name], deliveries, day)


def told(batches: str, more: str = "") -> list[str]:
    """Problems as ``line where message``, lines counted from the batches on."""
    return [f"{p.line - ABOVE} {p.where} {p.message}" for p in check_text(more + HEAD + batches)]


# ------------------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-01-01", "2026-01-01", "2026-01-01"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2019", "2019-01-01", "2019-12-31"),
        ("2019-07-12/2019-07-25", "2019-07-12", "2019-07-25"),
        ("2019-11/2020-01", "2019-11-01", "2020-01-31"),
    ],
)
def test_a_date_means_days(text, first, last):
    assert span(text) == (datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))


@pytest.mark.parametrize("text", ["2026-13-01", "2026-02-30", "26-01-01", "2026-1-1", "2020/2019", "soon", "", "1026"])
def test_what_is_no_date_means_none(text):
    assert span(text) is None


def test_dates_need_no_quotes():
    plain = scenario(BATCH + "delivered = 2020-01-10\n", "as_of = 2021-01-01\n")
    assert plain.as_of == "2021-01-01" and plain.batches[0].delivered == "2020-01-10"
    made = kalkan.load({**_tree(BATCH), "as_of": datetime.date(2021, 1, 1)})
    assert made.as_of == "2021-01-01"


def _tree(batches: str):
    import tomllib

    return tomllib.loads(HEAD + batches + 'delivered = "2020-01-10"\n')


# ------------------------------------------------------------------------------ readiness


def test_ready_is_a_work_up_after_arrival_and_training():
    """Training begins with the delivery, or before it: then arrival may be what is waited for."""
    times = 'delivered = "2020-01-31"\ntraining = "60 days"\nwork_up = "30 days"\n'
    assert days(scenario(BATCH + times)) == [("2020-01-31", "2020-04-30")]
    assert days(scenario(BATCH + times + 'training_from = "2019-01-01"\n')) == [("2020-01-31", "2020-03-01")]
    assert days(scenario(BATCH + times + 'training_from = "2020-01-01"\n')) == [("2020-01-31", "2020-03-31")]


def test_what_is_not_dated_comes_a_delivery_time_after_its_contract():
    times = 'contract = "2025-12"\ntraining = "0 days"\nwork_up = "0 days"\n'
    months = CAT.resolve("kalkan-model", "delivery_time").value / DAY_S
    claimed = datetime.date(2025, 12, 31) + datetime.timedelta(days=months + 0.999)
    assert days(scenario(BATCH + times)) == [(str(claimed), str(claimed))]
    assert days(scenario(BATCH + times + 'delivery_time = "10 days"\n')) == [("2026-01-10", "2026-01-10")]


def test_claims_stand_for_dates_and_times_under_the_stance():
    text = BATCH + 'contract = "s-400-deal.contract_date"\ntraining = "s-400-deal.course_length"\n'
    text += 'delivery_time = "0 days"\nwork_up = "0 days"\n'
    course = datetime.timedelta(days=CAT.resolve("s-400-deal", "course_length").value / DAY_S + 0.999)
    for whose, day in (("best-source", "2017-12-29"), ("manufacturer", "2017-09-30"), ("press", "2017-12-31")):
        ready = datetime.date.fromisoformat(day) + course
        assert days(scenario(text, f'stance = "{whose}"\n')) == [(day, str(ready))]
    named = 'stance = { claims = { s-400-deal = { contract_date = "takvim" } } }\n'
    assert days(scenario(text, named))[0][0] == "2017-04-11"
    assumed = text + '[assume.s-400-deal]\ncontract_date = "2018-02-03"\n'
    assert days(scenario(assumed))[0][0] == "2018-02-03"


def test_ready_says_the_day():
    assert days(scenario(BATCH + 'delivered = "2019-09-15"\nready = "s-400-deal.operational_date"\n')) == [
        ("2019-09-15", "2020-04-30")
    ]


def test_units_become_ready_one_after_the_other():
    written = scenario(PARTS)
    assert days(written) == [
        ("2020-01-10", "2020-02-09"), ("2020-06-30", "2020-07-30"), ("2021-12-31", "2022-01-30"),
    ]  # fmt: skip
    for day, site, units in [
        ("2020-02-08", False, {}), ("2020-02-09", True, {1: 3}), ("2020-07-30", True, {1: 3, 2: 1}),
        ("2022-01-30", True, {1: 3, 2: 3}),
    ]:  # fmt: skip
        found = standing(written, "west", datetime.date.fromisoformat(day))
        assert (found.site, found.units) == (site, units)


def test_launchers_without_their_radar_are_no_fire_unit():
    late = BATCH + 'deliveries = [{ delivered = "2020", parts = ["west/1/launchers"] }, { delivered = "2030" }]'
    assert standing(scenario(late), "west", datetime.date(2025, 1, 1)).units == {}


DAYS = st.dates(datetime.date(2015, 1, 1), datetime.date(2035, 1, 1))


@settings(max_examples=60, deadline=None)
@given(dates=st.lists(DAYS, min_size=3, max_size=3), asked=st.tuples(DAYS, DAYS), work_up=st.integers(0, 900))
def test_a_later_day_never_has_fewer_units(dates, asked, work_up):
    text = PARTS
    for old, new in zip(("2020-01-10", "2020-06", "2021"), dates, strict=True):
        text = text.replace(f'delivered = "{old}"', f'delivered = "{new}"')
    written = scenario(text.replace("20 days", f"{work_up} days"))
    earlier, later = (standing(written, "west", day) for day in sorted(asked))
    assert later.site >= earlier.site
    assert all(later.units.get(number, 0) >= n for number, n in earlier.units.items())


# ------------------------------------------------------------------------------ what a file may not say


def test_every_mistake_is_told_at_once_with_its_line():
    found = told(
        '[[batches]]\nname = "first"\nsystems = ["west", "wst", "west"]\ncontract = "2021-01-01"\n'
        'delivered = "2020-01-01"\ndelivery_time = "3 months"\nwork_up = "-3 days"\n'
        '[[batches]]\nname = "second"\nsystems = ["west"]\n'
        '[[batches]]\nname = "third"\nsystems = []\ndelivered = "next spring"\nready = "2020-01-01"\n'
        'training = "1 h"\n',
        'as_of = "2026"\n',
    )
    assert found == [
        f'{1 - ABOVE} as_of = "2026" must be a day, such as "2026-01-01"',
        '3 batches "first" · systems #2 = "wst" is not a system of this scenario — did you mean "west"?',
        '3 batches "first" · systems #3 = "west" is brought twice by this batch; a system comes once, if in several '
        "deliveries",
        '5 batches "first" · delivered = "2020-01-01" is 2020-01-01, before the contract of 2021-01-01; one of the two '
        "dates is wrong",
        '6 batches "first" · delivery_time = "3 months" does nothing beside delivered: it is for what has no date; '
        "remove it",
        '7 batches "first" · work_up = "-3 days" must not be negative',
        '8 batches "second" does not say when it comes: write delivered, deliveries, or contract, such as "2026-01-01"',
        '10 batches "second" · systems #1 = "west" is brought by batch "first" already; a system comes once, if in '
        "several deliveries",
        '13 batches "third" · systems = [] is empty; name what it brings, such as systems = ["north"]',
        '14 batches "third" · delivered = "next spring" must be a date such as "2026-01-01" or "2026-01", a period '
        'such as "2026-01-01/2026-01-15", or a claim such as "s-400-deal.first_delivery"',
        '16 batches "third" · training = "1 h" does nothing beside ready, which says the day; remove one of them',
    ]


@pytest.mark.parametrize(
    ("lines", "where", "message"),
    [
        ('delivered = "2020-01-01"\ndeliveries = []\n', 'delivered = "2020-01-01"', "is said by deliveries already"),
        ("deliveries = []\n", "deliveries", "is empty; write each with its date and parts"),
        ('delivered = "s-400-deal.third_delivery"\n', "delivered", 'did you mean "first_delivery"?'),
        ('delivered = "s-500-deal.first_delivery"\n', "delivered", 'names "s-500-deal", which is not in the catalogue'),
        ('delivered = "s-400-deal.contract_price"\n', "delivered", "is not a claim about a date"),
        ('delivered = "2020-01-01"\ntraining = "s-400-deal.trainees"\n', "training", "is not a claim about a time"),
        ('delivered = "2020-01-01"\ntraining = 5\n', "training = 5", 'needs a unit, such as "5 months"'),
        ('delivered = "2020-05-01"\nready = "2020-04"\n', "ready", "is 2020-04-30, before the delivery of 2020-05-01"),
        ('contract = "2020-05-01"\nready = "2020-04"\n', "ready", "before the contract of 2020-05-01"),
        ('contract = "s-400-deal.contract_date"\ndelivered = "2016"\n', "delivered", "before the contract of 2017"),
        ('deliveries = [{ delivered = "2020-01-01" }, { delivered = "2021-01-01" }]\n', "deliveries #1",
         "brings nothing: the last one brings what is left"),
        ('deliveries = [{ delivered = "2020-01-01", parts = [] }]\n', "parts", "is empty; name its parts"),
        ('deliveries = [{ delivered = "2020-01-01", parts = ["east"] }]\n', "parts #1", "is not a part of what this"),
        ('deliveries = [{ delivered = "2020-01-01", parts = ["west/3"] }]\n', "parts #1", "is not a part of what this"),
        ('deliveries = [{ delivered = "2020-01-01", parts = ["west/1/link"] }]\n', "parts #1", "is not a part of what"),
        ('deliveries = [{ delivered = "2020-01-01", parts = ["west/1", "West/1/launcher 2"] }]\n', "parts #2",
         'brings "west/1/launcher 2", which has come already'),
        ('deliveries = [{ delivered = "2020-01-01", partz = [] }]\n', "partz", 'did you mean "parts"?'),
        ('deliveries = [{ parts = ["west"] }]\n', "delivered", "is missing; every delivery needs it"),
    ],
)  # fmt: skip
def test_a_mistake_is_told(lines, where, message):
    found = [p for p in check_text(HEAD + BATCH + lines) if where in p.where and message in p.message]
    assert found and all(p.line > HEAD.count("\n") for p in found)


def test_a_day_needs_batches_and_no_closed_form():
    (problem,) = check_text('as_of = "2026-01-01"\n' + HEAD)
    assert problem.line == 1 and "does nothing without [[batches]]" in problem.message
    found = check_text('as_of = "2026-01-01"\ntheory = "salvo"\n' + HEAD + BATCH + 'delivered = "2020-01-01"\n')
    assert any(p.where.startswith("as_of") and "beside theory" in p.message for p in found)


def test_what_is_assumed_of_a_date_is_one():
    text = HEAD + BATCH + 'delivered = "s-400-deal.first_delivery"\n[assume.s-400-deal]\nfirst_delivery = "soon"\n'
    (problem,) = check_text(text)
    assert problem.line == text.count("\n") and "is no date, and a batch takes it for one" in problem.message


def test_what_is_wrong_in_a_variant_is_told_there():
    text = HEAD + BATCH + 'contract = "2021-01-01"\n[variants.soon.batches.first]\ndelivered = "2020-01-01"\n'
    (problem,) = check_text(text)
    assert problem.where == 'variants "soon" · batches "first" · delivered = "2020-01-01"' and problem.line > 1
    assert "before the contract" in problem.message


# ------------------------------------------------------------------------------ variants, identity, schema


def test_a_variant_asks_about_another_day_and_other_dates():
    written = scenario(
        BATCH + 'delivered = "2020-01-01"\n[variants.later]\nas_of = "2030-01-01"\n'
        '[variants.slow]\nas_of = "2030-01-01"\n[variants.slow.batches.first]\ndelivered = "2029-01-01"\n',
        'as_of = "2021-01-01"\n',
    )
    made = written.variants_resolved()
    assert [v.as_of for v in made.values()] == ["2021-01-01", "2030-01-01", "2030-01-01"]
    assert made["slow"].batches[0].delivered == "2029-01-01"
    assert len({v.identity for v in made.values()}) == 3


def test_batches_count_only_where_a_day_is_asked_about():
    alone, dated = parse(HEAD), scenario(BATCH + 'delivered = "2020-01-01"\n')
    asked = scenario(BATCH + 'delivered = "2020-01-01"\n', 'as_of = "2030-01-01"\n')
    assert alone.identity == dated.identity != asked.identity


def test_editors_know_batches():
    jsonschema = pytest.importorskip("jsonschema")
    schema = json_schema()
    check = jsonschema.Draft202012Validator(schema)
    batch = {"name": "b", "systems": ["west"], "contract": "s-400-deal.contract_date", "training": "5 months"}
    assert check.evolve(schema={**schema, **schema["$defs"]["Batch"]}).is_valid(batch)
    assert not check.evolve(schema={**schema, **schema["$defs"]["Batch"]}).is_valid(batch | {"contract": "soon"})
    assert {"as_of", "batches"} <= schema["properties"]["variants"]["additionalProperties"]["properties"].keys()


def test_what_the_page_shows_is_sound():
    """The block of docs/batches.md with the scenario around it, and the days that the page tells of it."""
    page = (Path(__file__).parents[2] / "docs/batches.md").read_text(encoding="utf-8")
    block = page.split("```toml\n")[1].split("```")[0]
    day, _, batches = block.partition("\n")
    shown = scenario(batches, day + "\n")
    assert days(shown)[:2] == [("2019-07-25", "2020-05-01"), ("2019-09-15", "2020-05-01")]
    assert "readiness in May 2020" in page and list(shown.variants_resolved()) == ["base", "later"]


def test_a_scenario_told_again_is_the_same():
    written = scenario(PARTS, 'as_of = "2020-07-30"\n')
    again = load(written.model_copy(update={"title": "again"}))
    assert again.batches == written.batches and again.identity == written.identity
    assert isinstance(again.batches[0], Batch)


def test_a_day_before_everything_is_foreseen():
    everything = PARTS.replace('systems = ["west"]', 'systems = ["west", "east"]')
    assert any("no fire unit is ready" in s for s in foreseen(scenario(everything, 'as_of = "2020-02-08"\n')))
    assert not any("ready" in s for s in foreseen(scenario(everything, 'as_of = "2020-02-09"\n')))
    assert not any("ready" in s for s in foreseen(scenario(PARTS, 'as_of = "2020-02-08"\n')))


# ------------------------------------------------------------------------------ what is told

DEAL = """
[[batches]]
name = "first"
systems = ["west"]
contract = "s-400-deal.contract_date"
delivered = "s-400-deal.first_delivery"
training = "10 days"
"""


def test_the_timeline_tells_what_is_used_and_how_far_it_is_disputed():
    (group,) = readiness(scenario(DEAL))["groups"]
    (row,) = group["deliveries"]
    assert row["contract"] == {"day": "2017-12-29", "earliest": "2017-01-01", "latest": "2017-12-31"}
    assert row["delivered"] == {"day": "2019-07-25", "earliest": "2019-07-12", "latest": "2019-07-25"}
    work_up = CAT.resolve("kalkan-model", "work_up")
    ends = [datetime.timedelta(days=10 + s / DAY_S + 0.999) for s in (work_up.low, work_up.high)]
    assert row["ready"]["earliest"] == str(datetime.date(2019, 7, 12) + ends[0])
    assert row["ready"]["latest"] == str(datetime.date(2019, 7, 25) + ends[1])
    assert (row["fire_units"], row["launchers"]) == (2, 6)
    who = {r["about"]: r for r in group["whose"]["first"]}
    assert "Canikli" in who["contract"]["claimant"] and who["training"]["claimant"] == "this scenario"
    assert any("Takvim" in o["claimant"] and o["says"] == "2017-04-11" for o in who["contract"]["others"])
    assert not any("2020" in o["says"] for o in who["contract"]["others"]), "excluded as wrong"


def test_the_timeline_counts_what_is_ready_from_day_to_day():
    (group,) = readiness(scenario(PARTS))["groups"]
    assert [(s["day"], s["fire_units"], s["launchers"]) for s in group["curve"]["used"]] == [
        ("2020-02-09", 1, 3), ("2020-07-30", 2, 4), ("2022-01-30", 2, 6),
    ]  # fmt: skip
    assert [d["brings"] for d in group["deliveries"]][-1] == ["the rest"]


def test_variants_with_the_same_batches_are_told_together(tmp_path):
    text = HEAD + PARTS + '[variants.a]\nas_of = "2020-03-01"\n[variants.b.batches.first]\nwork_up = "1 days"\n'
    found = readiness(parse(text))
    assert [g["variants"] for g in found["groups"]] == [["base", "a"], ["b"]]
    shown = repr(found)
    assert "as of 2020-03-01 (a): 1 fire unit ready" in shown and "work-up: 20 days, written in the scenario" in shown
    json.dumps(found, allow_nan=False)
    files = found.write(tmp_path / "new")
    assert [f.name for f in files] == ["readiness.png", "readiness.svg"]
    drawn = files[1].read_text(encoding="utf-8")
    assert "as of 2020-03-01" in drawn and "first: west, west/1" in drawn and "fire units ready" in drawn


def test_the_facade_takes_a_scenario_where_it_takes_a_word(tmp_path: Path):
    file = tmp_path / "raid.toml"
    file.write_text(HEAD + PARTS, encoding="utf-8")
    assert kalkan.timeline(str(file)) == kalkan.timeline(file) == readiness(load(file))
    assert "statements" in kalkan.timeline("second_batch")
    file.write_text(HEAD, encoding="utf-8")
    with pytest.raises(ProblemsError, match="nothing here has a date"):
        kalkan.timeline(file)


# ------------------------------------------------------------------------------ beside them


def test_a_system_that_a_variant_takes_away_is_told_with_its_batch():
    taken = BATCH + 'delivered = "2020"\n[variants.less]\nremove = ["systems.west"]\n'
    (line,) = told(taken)
    assert 'variants "less" · batches "first" · systems #1 = "west" is taken away by this variant' in line
    assert 'remove = ["systems.west", "batches.first"]' in line and "[variants.less.batches.first]" in line
    assert told(taken.replace('"systems.west"', '"systems.west", "batches.first"')) == []
    assert told(BATCH.replace('"west"', '"wets"') + 'delivered = "2020"\n')[0].endswith('did you mean "west"?')


def test_whatever_lists_what_is_taken_away_is_told_so():
    """An outage of a part; what names one thing alone is told which others there are (test_mistakes)."""
    outage = '[[outages]]\nname = "dark"\nparts = ["east/1"]\n'
    (line,) = told(outage + '[variants.less]\nremove = ["systems.east"]\n')
    assert 'remove = ["systems.east", "outages.dark"]' in line


def test_what_a_batch_may_name_of_a_deal_is_explained_so():
    """All of it, and nothing else, and its claims are not called a run's."""
    for entry in (e for e in CAT.entries.values() if e.kind == "deal"):
        fit = {q for q in entry.quantities for time in (True, False) if _fits(CAT, entry.id, q, time=time)}
        assert fit == {q for q in entry.quantities if role(q, "deal") == DATES} != set()
    text = repr(kalkan.explain("s-400-deal.first_delivery"))
    assert "used where a batch of the scenario names it" in " ".join(text.split()) and "no run uses" not in text
    assert "no run uses it" in " ".join(repr(kalkan.explain("s-400-deal.f35_order")).split())
    whole = " ".join(repr(kalkan.explain("s-400-deal")).split())
    assert "dates and times that batches may name: s-400-deal.contract_date" in whole
