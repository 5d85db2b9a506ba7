"""Stores, depots and production as a scenario writes them: every field moves the stock, and every mistake is told."""

from __future__ import annotations

import doctest
import functools
from pathlib import Path

import numpy as np
import pytest

from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.compile.inputs import Inputs
from kalkan.compile.layout import lay_out
from kalkan.compile.stock import compile_stores
from kalkan.errors import ProblemsError
from kalkan.names import name_hash
from kalkan.scenario import Depot, Production, parse
from kalkan.supply import Spending, follow
from tests.engine import harness

H, DAY = 3600.0, 86_400.0
CAT = load_catalogue()
PAGE = Path(__file__).parents[2] / "docs" / "stock.md"
TEXT = harness.scenario(harness.raid(), p=1.0, salvo=1, launchers=2, rounds=4, horizon="14 min", reloads=1)
WAVES = '[[waves]]\nname = "night"\nat = "1 day"\n'
SYSTEM = 'name = "set"\nstore = { "48n6e3" = 4 }\nrestock_time = "2 h"'
DEPOT = f"""
{WAVES}[[depots]]
name = "rear"
serves = ["set"]
rounds = {{ "48n6e3" = 30 }}
convoys = 1
convoy_rounds = 8
convoy_time = "10 h"
convoy_loss = 0
"""
MADE = '[[production]]\nname = "line"\nmissile = "48n6e3"\ndepot = "rear"\nper_month = 30\n'
EMPTY = DEPOT.replace('rounds = { "48n6e3" = 30 }\n', "")


@functools.cache
def planned():
    return compile_scenario(parse(TEXT), CAT)


def stores(more, system=SYSTEM, text=TEXT):
    """Stores of the degenerate scenario with more lines; its launchers are those of the plan."""
    written = parse(text.replace('name = "set"', system) + more)
    inputs, made = Inputs(CAT, written.assume), planned()
    sites = [u for u in lay_out(written, inputs).units if u.system == "set"]
    found = compile_stores(written, sites, made.plan.units, made.labels["interceptor"], inputs)
    return found, inputs


def left(more, measure, hours, system=SYSTEM):
    """A book some hours after a raid at 0 h that empties the launchers, and more of them; mean of 20 replications."""
    raids = [Spending(h * H, 0, 0, 8) for h in (0, *((1, 5) if hours == 6 else ()))]
    found = follow(stores(more, system)[0], raids, [hours * H], replications=20)
    return float(getattr(found, measure)[0, :, 0].mean())


def test_launchers_and_units_are_those_of_the_plan():
    found, _ = stores(DEPOT)
    plan = planned().plan
    assert np.array_equal(found.launchers["unit"], plan.launchers["unit"])
    assert np.array_equal(found.launchers["load"], plan.launchers["load"])
    assert np.array_equal(found.launchers["sets"], plan.launchers["reload_sets"])
    assert np.array_equal(found.units["first"], plan.units["first_launcher"])
    assert np.array_equal(found.units["reload_s"], plan.units["reload_s"])
    assert found.depots["key"].tolist() == [name_hash("rear")] and found.systems["depot"].tolist() == [0]


def test_what_is_written_is_used_and_what_is_not_is_claimed():
    found, inputs = stores(DEPOT)
    assert [found.depots[c][0] for c in ("convoys", "convoy_rounds", "convoy_s", "p_lost")] == [1, 8, 10 * H, 0.0]
    assert found.units["restock_s"].tolist() == [2 * H]
    assert {r["claimant"] for r in inputs.rows() if r["quantity"] == "convoy_time"} == {"this scenario"}
    bare = WAVES + '[[depots]]\nname = "rear"\nserves = ["set"]\nrounds = { "48n6e3" = 30 }\n'
    found, inputs = stores(bare, 'name = "set"')
    claims = ["convoys", "convoy_rounds", "convoy_time", "convoy_time_spread", "convoy_loss", "restock_time"]
    claimed = {q: CAT.value("kalkan-model", q) for q in claims}
    used = [found.depots[c][0] for c in ("convoys", "convoy_rounds", "convoy_s", "spread", "p_lost")]
    assert [*used, found.units["restock_s"][0]] == list(claimed.values())
    assert {r["quantity"] for r in inputs.rows() if r["entry"] == "kalkan-model"} >= claimed.keys()


def test_a_missile_that_nobody_claims_to_be_made_needs_a_rate_and_another_does_not():
    patriot = TEXT.replace('type = "s-400"', 'type = "patriot"').replace('"48n6e3" = 4', '"pac-3-mse" = 4')
    depot = WAVES + '[[depots]]\nname = "rear"\nserves = ["set"]\n'
    line = '[[production]]\nname = "line"\nmissile = "pac-3-mse"\ndepot = "rear"\n'
    written = parse(patriot + depot + line)
    inputs = Inputs(CAT, {})
    made = compile_stores(written, [], [], ["pac-3-mse"], inputs)
    assert 12 * 30.4375 * DAY / made.lines["gap_s"][0] == pytest.approx(650.0)
    assert [r["source"] for r in inputs.rows() if r["quantity"] == "made_per_year"] == ["axios-2025"]


# field → lines, what is exchanged in them or in the system, what is counted so many hours after the first raid, and
# whether it becomes more
SCENES = {
    "system.store": (DEPOT, ("= 4 }", "= 8 }"), "stores", 0, True),
    "system.restock_time": (DEPOT, ("2 h", "9 h"), "spent", 6, False),
    "depot.serves": (DEPOT, ('["set", "far"]', '["far"]'), "depots", 1, True),
    "depot.rounds": (DEPOT, ("= 30 }", "= 40 }"), "depots", 1, True),
    "depot.convoys": (DEPOT, ("convoys = 1", "convoys = 2"), "depots", 6, False),
    "depot.convoy_rounds": (DEPOT, ("convoy_rounds = 8", "convoy_rounds = 3"), "depots", 1, True),
    "depot.convoy_time": (DEPOT, ("10 h", "30 h"), "delivered", 24, False),
    "depot.convoy_loss": (DEPOT, ("convoy_loss = 0", "convoy_loss = 0.5"), "lost", 24, True),
    "production.missile": (EMPTY + MADE, ('missile = "48n6e3"', 'missile = "9m96e2"'), "made", 100, False),
    "production.per_month": (EMPTY + MADE, ("per_month = 30", "per_month = 60"), "made", 100, True),
    "production.made": (EMPTY + MADE, ("per_month = 30", 'per_month = 30\nmade = "local"'), "made", 100, False),
    "production.from": (EMPTY + MADE, ("per_month = 30", 'per_month = 30\nfrom = "2 days"'), "made", 100, False),
    "production.until": (EMPTY + MADE, ("per_month = 30", 'per_month = 30\nuntil = "2 days"'), "made", 100, False),
    "production.delay": (
        EMPTY + MADE + 'from = "0 s"\n', ('from = "0 s"', 'from = "0 s"\ndelay = "2 days"'), "made", 100, False,
    ),
    "supply.sanctions": (EMPTY + MADE, ("[[waves]]", "[supply]\nsanctions = true\n[[waves]]"), "made", 100, False),
    "supply.local_production": (
        EMPTY + "[supply]\n" + MADE + 'made = "local"\n', ("[supply]", "[supply]\nlocal_production = true"), "made",
        100, True,
    ),
}  # fmt: skip
FAR = """
[[systems]]
name = "far"
type = "s-400"
position = [39.2, 33.2]
loads = { "48n6e3" = 3, "9m96e2" = 4 }
"""


@pytest.mark.parametrize("field", SCENES)
def test_a_field_moves_the_stock_the_right_way(field):
    lines, change, measure, hours, more = SCENES[field]
    if field in ("depot.serves", "production.missile"):
        lines = FAR + lines.replace('serves = ["set"]', 'serves = ["set", "far"]')
    assert change[0] in SYSTEM + lines
    before, after = left(lines, measure, hours), left(lines.replace(*change), measure, hours, SYSTEM.replace(*change))
    assert (after > before) if more else (after < before), f"{before:g} becomes {after:g}"


def test_every_field_has_its_scene():
    for table, noun in (("depot", Depot), ("production", Production)):
        fields = {f"{table}.{f.alias or n}" for n, f in noun.model_fields.items()}
        assert fields - {f"{table}.name", "production.depot"} == {n for n in SCENES if n.startswith(f"{table}.")}


def test_sanctions_stop_what_is_made_abroad_alone():
    local = MADE.replace('"line"', '"home"') + 'made = "local"\n'
    for sanctions, home, made in [(0, 0, 4), (0, 1, 8), (1, 0, 0), (1, 1, 4)]:
        supply = f"[supply]\nsanctions = {str(bool(sanctions)).lower()}\nlocal_production = {str(bool(home)).lower()}\n"
        assert left(EMPTY + MADE + local + supply, "made", 100) == made


# ------------------------------------------------------------------------------------------- mistakes


def told(more, system='name = "set"'):
    """Place and message of every problem."""
    with pytest.raises(ProblemsError) as caught:
        parse(TEXT.replace('name = "set"', system) + more, file="raid.toml")
    assert all(p.line for p in caught.value.problems)
    return {p.where.partition(" = ")[0]: p.message for p in caught.value.problems}


def test_without_a_campaign_nothing_of_it_counts():
    found = told(DEPOT.replace(WAVES, "") + MADE, SYSTEM)
    assert list(found) == ['systems "set" · store', 'systems "set" · restock_time', "depots", "production"]
    assert all(m.startswith("does nothing without [[waves]]") for m in found.values())


def test_all_mistakes_at_once():
    found = told(
        WAVES + '[[depots]]\nname = "rear"\nserves = ["sett", "set"]\n'
        'rounds = { "48n6e4" = 3, "pac-3-mse" = 2, "s-400" = 1 }\nconvoys = 0\nconvoy_time = "-1 h"\nconvoy_loss = 2\n'
        '[[depots]]\nname = "other"\nserves = ["set"]\n[[depots]]\nname = "idle"\nserves = []\n'
        'rounds = { "48n6e3" = -1 }\n'
        '[[production]]\nname = "a"\nmissile = "48n6e3"\ndepot = "reer"\ndelay = "1 days"\n'
        '[[production]]\nname = "b"\nmissile = "pac-3-mse"\ndepot = "rear"\nfrom = "3 days"\nuntil = "2 days"\n'
        'made = "here"\n',
        'name = "set"\nstore = { "9m96e2" = 4, "48n6" = 1.5 }',
    )
    assert found == {
        'depots "rear" · serves #1': 'is not a system of this scenario — did you mean "set"?',
        'depots "rear" · rounds · 48n6e4': found['depots "rear" · rounds · 48n6e4'],
        'depots "rear" · rounds · pac-3-mse': 'is launched by none of the launchers of system "set"; known: "48n6e3"',
        'depots "rear" · rounds · s-400': "is a system, not an interceptor",
        'depots "rear" · convoys': "must be between 1 and 50",
        'depots "rear" · convoy_time': "must not be negative",
        'depots "rear" · convoy_loss': "must be between 0 and 1",
        'depots "other"': 'has no missiles and gets none: write rounds = { "48n6e3" = 64 }, or [[production]] for it',
        'depots "other" · serves #1': 'is served by depot "rear" already; a system has one depot',
        'depots "idle" · serves': 'is empty; name whom it supplies, such as serves = ["north"]',
        'depots "idle" · rounds · 48n6e3': "must be between 0 and 100000",
        'production "a" · depot': 'is not a depot of this scenario — did you mean "rear"?',
        'production "a" · per_month': 'is missing, and nobody claims made_per_year of "48n6e3"; write it',
        'production "a" · delay': "does nothing where production neither begins nor ends: it belongs to from or until; "
        "remove it",
        'production "b" · missile': 'is launched by none of the launchers of system "set"; known: "48n6e3"',
        'production "b" · until': "is not after it begins",
        'production "b" · made': 'must be one of "abroad", "local"',
        'systems "set" · store · 9m96e2': 'is launched by none of the launchers of system "set"; known: "48n6e3"',
        'systems "set" · store · 48n6': found['systems "set" · store · 48n6'],
    }
    assert found['depots "rear" · rounds · 48n6e4'].startswith("is not in the catalogue")


def test_a_time_without_anything_to_bring_is_told():
    found = told(WAVES, 'name = "set"\nrestock_time = "2 h"')
    assert list(found) == ['systems "set" · restock_time']
    assert found.popitem()[1] == "has nothing to bring: the system has no store, and no depot serves it"


def test_what_is_written_counts_in_the_identity():
    """Of what is not written the identity says nothing: see the digests of old scenarios."""
    plain = parse(TEXT)
    for system, more in ((SYSTEM, WAVES), ('name = "set"', DEPOT), (SYSTEM, DEPOT)):
        assert parse(TEXT.replace('name = "set"', system) + more).identity != plain.identity


# ------------------------------------------------------------------------------------------- the page


def test_what_the_page_shows_is_sound():
    """The block of docs/stock.md as a scenario; every field of its table is one, with the claims that it tells."""
    page = PAGE.read_text(encoding="utf-8")
    block = page.split("```toml\n")[1].split("```")[0]
    raid = harness.raid().replace('aim = "centre"', "")
    shown = parse('assets = [{ name = "centre", position = [36.9, 33.0], value = 1 }]\n' + block + raid)
    assert [p.name for p in shown.production] == ["abroad", "at home"] and shown.systems[0].store == {"48n6e3": 32}
    for quantity in ("restock_time", "convoy_time", "convoys", "convoy_rounds", "convoy_loss"):
        claim = CAT.quantity("kalkan-model", quantity).claims[0]
        told = page.split(f"`kalkan-model.{quantity}`: ")[1].split(" |")[0]
        assert told.startswith(f"{claim.as_claimed(CAT.value('kalkan-model', quantity))}".split()[0]), told


def test_the_example_in_python_runs():
    assert doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8") == (0, 9)
