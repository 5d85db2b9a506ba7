"""Money: dollars of a year, prices in claims and scenarios, what a defence costs and when it has paid."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

import kalkan
from kalkan import money
from kalkan.catalogue import load_catalogue
from kalkan.errors import ProblemsError
from kalkan.results.declared import MEASURES
from kalkan.results.drawn import told
from kalkan.results.quantity import Finished
from kalkan.scenario import parse
from kalkan.scenario.nouns.quantities import MONEY, quantity_pattern, read_quantity
from kalkan.schema import KILLED, LEAKED
from kalkan.units import SI_UNIT, unit_named, units_of
from kalkan.views.run.paying import payment_sentences, payments
from tests.engine import scenes


@pytest.mark.parametrize(
    ("then", "now", "published"),
    [(2014, 2023, 1.287), (1998, 2017, 1.504), (2010, 2020, 1.187), (2000, 2022, 1.700), (2024, 2025, 1.026)],
)
def test_dollars_of_a_year_are_those_of_the_consumer_price_index(then, now, published):
    """By the published annual averages of CPI-U, to three decimals."""
    assert money.factor(then) / money.factor(now) == pytest.approx(published, abs=6e-4)


def test_a_dollar_of_the_price_year_is_itself_and_years_follow_each_other():
    assert money.factor(money.PRICE_YEAR) == 1.0
    years = sorted(money.CPI_U)
    assert years == list(range(years[0], money.PRICE_YEAR + 1))


@pytest.mark.parametrize(
    ("written", "dollars"),
    [
        ("200 M USD", 200e6), ("2.5 bn USD", 2.5e9), ("900000 USD", 9e5),
        ("2.5 bn USD of 2017", 2.5e9 * 321.943 / 245.120), ("18.8 m usd of 1998", 18.8e6 * 321.943 / 163.0),
    ],
    ids=["millions", "billions", "dollars", "of 2017", "small letters"],
)  # fmt: skip
def test_prices_are_read_in_dollars_of_one_year(written, dollars):
    """By hand, from the index."""
    assert read_quantity(written, MONEY)[0] == pytest.approx(dollars)
    if "m usd" not in written:
        assert re.fullmatch(quantity_pattern(MONEY.dimensions), written)


def test_nobody_is_shown_every_year():
    assert units_of("money") == ["USD", "M USD", "bn USD"] and SI_UNIT["money"] == "USD"
    assert unit_named("M USD of 1776") is None


def test_a_price_is_of_the_year_in_which_it_was_told_unless_it_says_another():
    """Of what a contract cost the sum that was told stays: it is a statement about the deal, and no input."""
    catalogue = load_catalogue()
    tomahawk = {c.source: c for c in catalogue.quantity("subsonic-cruise-missile", "unit_cost").claims}
    assert tomahawk["daily-signal"].shown == "1.4 M USD of 2014"
    assert tomahawk["daily-signal"].value == pytest.approx(1.4e6 * 321.943 / 236.736)
    assert tomahawk["cost-asymmetry"].value == 2.1e6, "later than the index knows"
    f16 = {c.source: c for c in catalogue.quantity("f-16c", "unit_cost").claims}
    assert f16["simmarket"].value == pytest.approx(18.8e6 * 321.943 / 163.0)
    contract = {c.source: c for c in catalogue.quantity("s-400-deal", "contract_price").claims}
    assert contract["canikli"].value == 2.5e9 and contract["canikli"].shown == "2500 M USD"


def records(**attrs) -> Finished:
    """Two replications: two leak and one is killed; then all three are killed."""
    arrays = {
        "threat_outcome": np.array([[LEAKED, LEAKED, KILLED], [KILLED] * 3], np.int8),
        "asset_hits": np.array([[1, 1], [0, 0]], np.int16),
        "spent": np.array([[[4, 2]], [[5, 1]]], np.int32),
    }
    labels = {"threat": list("abc"), "unit": ["u"], "interceptor": ["x", "y"], "asset": ["p", "q"]}
    usual = {
        "threat_raid": ["r"] * 3, "asset_value": [10.0, 6.0], "asset_hits_to_destroy": [1, 3],
        "interceptor_unit_cost_usd": [100.0, 10.0], "threat_unit_cost_usd": [1.0, 2.0, 30.0],
    }  # fmt: skip
    return Finished(np.arange(2), arrays, labels, usual | attrs)


def values(key: str, of: Finished):
    found = MEASURES[key].of(of)
    if isinstance(found, tuple) and len(found) == 2:
        return found[0].sum() / found[1].sum() if found[1].sum() else math.nan
    return found.values.tolist()


def test_costs_by_hand():
    priced = records(asset_cost_usd=[2000.0, 600.0], system_price_usd={"one": 5000.0, "two": 1000.0})
    assert values("cost_damage", priced) == [2000.0 + 600.0 / 3, 0.0]
    assert values("cost_raid", priced) == [2200.0 + 420.0, 510.0]
    assert values("cost_systems", priced) == [6000.0, 6000.0]
    assert values("cost_per_kill", priced) == pytest.approx(930.0 / 4)
    assert values("cost_per_leaker", priced) == pytest.approx(2200.0 / 2)
    assert values("cost_per_point", priced) == pytest.approx((2 * 6000.0 + 930.0) / (25.0 + 100.0))


def test_an_asset_costs_what_it_costs_once():
    priced = records(asset_cost_usd=[2000.0, 600.0])
    priced.arrays["asset_hits"][1] = [3, 2]
    assert values("cost_damage", priced) == [2200.0, 2000.0 + 400.0]


@pytest.mark.parametrize("attrs", [{}, {"asset_cost_usd": [0.0, 0.0], "system_price_usd": {"a": 1.0, "b": None}}])
def test_what_nobody_says_is_not_summed(attrs):
    """Also in folders of a version that knew no costs."""
    bare = records(**attrs)
    for key in ("cost_damage", "cost_raid", "cost_systems"):
        assert values(key, bare) == [0.0, 0.0] and MEASURES[key].rare
    assert math.isnan(values("cost_per_point", bare))


def test_draws_of_an_older_version_are_told_without_the_newer_measures():
    old = {k: np.ones((5, 4)) for k in MEASURES if MEASURES[k].where and "drawn" in MEASURES[k].where}
    del old["cost_raid"]
    old["cost_systems"] = np.zeros((5, 4))
    (found,), _ = told([old])
    assert "leakers" in found and "cost_raid" not in found and "cost_systems" not in found


PRICED = "[[assets]]", '[[assets]]\ncost = "50 M USD"'


@pytest.fixture(scope="module")
def paid(tmp_path_factory):
    """One attacker that always hits is shot down under `armed` alone, whose system costs more."""
    out = tmp_path_factory.mktemp("paid")
    base = scenes.BASE.replace(*PRICED, 1).replace("[[systems]]", '[[systems]]\nprice = "100 M USD"', 1)
    lines = (
        base.replace("[assume.s-400]", "[assume.f-16c]\nhit_probability = 1\n[assume.s-400]", 1)
        + f"\n[variants.scene]\n{scenes.PEACE}\n"
        + '[variants.armed.systems.set]\nprice = "300 M USD"\n'
        + f'[variants.dear]\n{scenes.PEACE}\nsystems.set.price = "0.3 bn USD"\n'
    )
    file = out / "paid.toml"
    file.write_text(lines)
    return kalkan.run(file, replications=60, out=out / "out", unknown=False)


def test_what_a_dearer_defence_saves_is_told_in_raids(paid):
    from kalkan.views.run.notes import Column

    columns = [Column(paid, n, paid.label(n)) for n in ("scene", "armed", "dear")]
    spent = paid.measures()["armed"]["cost_spent"].mean
    first, second = payments(columns, [(0, 1), (0, 2)], 0.95)
    assert first["price"] == second["price"] == 200e6
    assert first["saved"][0] == pytest.approx(50e6 - spent) and second["saved"][0] == 0.0
    assert first["raids"][0] == pytest.approx(200e6 / (50e6 - spent)) and second["raids"][0] is None
    assert 0.0 < first["raids"][1] <= first["raids"][0] <= first["raids"][2] < 5.0
    pays, unclear = payment_sentences([first, second])
    assert f"costs 200 million USD (of {money.PRICE_YEAR}) more" in pays and "it has paid after 4." in pays
    assert unclear.endswith("whether it ever pays is not clear of chance")
    (never,) = payment_sentences([first | {"saved": [-5e6, -7e6, -3e6], "raids": [None] * 3}])
    assert never.endswith("then costs +5 ± 2 million USD (interceptors and damage): it never pays")
    assert payments(columns, [(1, 0)], 0.95) == [], "the cheaper one has nothing to pay back"


def test_the_table_and_the_report_tell_it(paid):
    rows = {r["key"]: r for t in paid.summary()["tables"] if t["title"] == "money" for r in t["rows"]}
    assert [v["mean"] for v in rows["cost_systems"]["values"]][:2] == [100e6, 100e6]
    notes = paid.summary()["notes"]
    page = paid.report().read_text(encoding="utf-8")
    assert any("costs 200 million USD" in n for n in notes) and "costs 200 million USD" in page
    assert f"dollars of {money.PRICE_YEAR}" in page


def test_the_claimed_price_is_one_of_each_fire_unit():
    catalogue = load_catalogue()
    two = "systems.set.fire_units = 2", "systems.set.fire_unit_positions = [[39.0, 33.0], [39.1, 33.0]]"
    attrs = scenes.planned(scenes.scene(*two)).attrs
    one = scenes.planned(scenes.scene()).attrs["system_price_usd"]["set"]
    assert attrs["system_price_usd"]["set"] == 2 * one == 2 * catalogue.resolve("s-400", "price").value


def test_bad_money_is_told():
    text = scenes.BASE.replace("[[assets]]", '[[assets]]\ncost = "50 M EUR"', 1)
    text = text.replace("[[systems]]", '[[systems]]\nprice = "5 km"', 1)
    with pytest.raises(ProblemsError) as caught:
        parse(text, file="raid.toml")
    told_of = {p.where.split(" · ")[-1].split(" = ")[0]: p.message for p in caught.value.problems}
    assert 'unknown unit "M EUR"' in told_of["cost"] and "USD, M USD, bn USD" in told_of["cost"]
    assert "is a length" in told_of["price"] and '"200 M USD"' in told_of["price"]
