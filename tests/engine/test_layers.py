"""Layers and other systems of the same parts: the gun-missile layer, and two examples that set systems side by side."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kalkan.catalogue import load_catalogue
from kalkan.money import factor
from kalkan.scenario import load
from kalkan.schema import LEAKED
from tests.engine import harness, scenes

CAT = load_catalogue()
EXAMPLES = Path(__file__).parents[2] / "examples"
GUARD = ('remove = ["systems.set"]',
         'systems.guard = { type = "gun-missile", position = [39.0, 33.0], fire_unit_positions = [[39.0, 33.0]] }')


def variants(name: str):
    return load(EXAMPLES / name).variants_resolved()


def launchers(scenario) -> int:
    return sum(s.launchers * max(len(s.fire_unit_positions or ()), 1) for s in scenario.systems)


def drone(*lines: str, n: int = 5):
    return scenes.played(*GUARD, *scenes.DRONE, *lines, n=n)


def test_guns_shoot_within_their_range_and_missiles_beyond() -> None:
    reach = {m: CAT.resolve(m, "max_range").value for m in ("gun-burst", "short-range-missile")}
    met = {}
    for missile, other in (("gun-burst", "short-range-missile"), ("short-range-missile", "gun-burst")):
        r = drone(f'doctrine.standard.never = ["{other}"]')
        assert r.spent[:, :, r.labels["interceptor"].index(missile)].sum() == r.spent.sum() > 0
        met[missile] = np.nanmax(r.threat_first_intercept_range_m)
        assert met[missile] <= reach[missile] + 500.0
    assert met["gun-burst"] < 0.5 * met["short-range-missile"]


def test_a_layer_leaks_less_than_the_set_alone() -> None:
    found = variants("layered.toml")
    leakers = {
        name: float((harness.run(scenes.planned(found[name]), 12).threat_outcome == LEAKED).sum())
        for name in ("layered", "alone")
    }
    assert leakers["layered"] < 0.5 * leakers["alone"]


def test_variants_of_the_layered_example_use_what_they_are_named_for() -> None:
    found = variants("layered.toml")
    damage = {name: scenes.planned(found[name]).plan.damage for name in found}
    assert {s.type for s in found["layered"].systems} == {"s-400", "gun-missile"}
    assert [s.type for s in found["alone"].systems] == ["s-400"]
    assert damage["without-its-post"].outages.size == damage["layered"].outages.size + 1
    r = {n: harness.run(scenes.planned(found[n]), 4) for n in ("layered", "silent")}
    assert r["layered"].radar_silent_s.sum() == 0.0 < r["silent"].radar_silent_s.sum()


def test_patriot_instead_buys_for_the_same_money_or_as_many_launchers() -> None:
    found = variants("patriot-instead.toml")
    paid = CAT.resolve("s-400-deal", "contract_price").value * factor(2017)  # in dollars of the same year as the offer
    offered = CAT.resolve("patriot", "price", level="full complement").value
    all_launchers = CAT.resolve("patriot-offer-2018", "launchers_offered").value
    assert launchers(found["as-offered"]) == all_launchers
    assert launchers(found["equal-money"]) == int(all_launchers * paid / offered)
    assert launchers(found["equal-launchers"]) == launchers(found["ltamds"]) == launchers(found["s-400 set"])
    loads = found["as-offered"].systems[0].loads
    for missile, each in loads.items():
        most = CAT.resolve("patriot-offer-2018", "missiles_offered", interceptor=missile).value
        assert 0.7 * most <= each * all_launchers <= most


def test_patriot_instead_flies_the_same_raid_against_each() -> None:
    plans = [scenes.planned(v) for v in variants("patriot-instead.toml").values()]
    first = plans[0]
    for c in plans[1:]:
        assert c.labels["threat"] == first.labels["threat"]
        assert np.array_equal(c.plan.threats["key"], first.plan.threats["key"])
        assert np.array_equal(c.plan.threats["start_s"], first.plan.threats["start_s"])


@pytest.mark.parametrize("system", ["patriot", "patriot-ltamds"])
def test_the_radar_that_follows_looks_all_round(system: str) -> None:
    behind = scenes.route((40.2, 33.0), (39.0, 33.0))
    r = scenes.played(
        'remove = ["systems.set"]', behind,
        f'systems.battery = {{ type = "{system}", position = [39.0, 33.0], boresight = "180 deg", '
        "fire_unit_positions = [[39.0, 33.0]] }",
    )  # fmt: skip
    assert np.isfinite(r.threat_first_plot_s).all() == (system == "patriot-ltamds")
