"""Prices: what the systems of a scenario cost, and what keeping them does."""

from __future__ import annotations

from kalkan.compile.inputs import MODEL, Inputs
from kalkan.compile.layout import Layout
from kalkan.scenario import Scenario, System
from kalkan.scenario.nouns.money import YEAR_S


def prices(scenario: Scenario, layout: Layout, inputs: Inputs) -> dict[str, float | None]:
    """Cost of each system by name, in dollars of :data:`kalkan.money.PRICE_YEAR`; None where nobody says.

    Its price as the scenario writes it, else the claimed price of a fire unit for each of its fire units, whatever
    they carry (kalkan's own simplification); and over the years of service that the scenario counts, the claimed share
    of the price in each, the same of every system and in dollars that are worth the same in every year (kalkan's own
    simplification: nothing is discounted, and nothing grows with age).
    """
    years = scenario.money.service_s / YEAR_S if scenario.money else 0.0
    found: dict[str, float | None] = {}
    for system in sorted(scenario.systems, key=lambda s: s.name):
        price = _price(system, layout, inputs)
        kept = years * inputs.number(MODEL, "maintenance_share") if years else 0.0
        found[system.name] = None if price is None else price * (1.0 + kept)
    return found


def _price(system: System, layout: Layout, inputs: Inputs) -> float | None:
    if system.price_usd is not None:
        inputs.written(system.type, "price", system.price_usd, system.name)
        return system.price_usd
    if not inputs.claimed(system.type, "price"):
        return None
    n = sum(unit.system == system.name for unit in layout.units)
    return n * inputs.number(system.type, "price")
