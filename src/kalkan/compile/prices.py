"""Prices: what the systems of a scenario cost."""

from __future__ import annotations

from kalkan.compile.inputs import Inputs
from kalkan.compile.layout import Layout
from kalkan.scenario import Scenario


def prices(scenario: Scenario, layout: Layout, inputs: Inputs) -> dict[str, float | None]:
    """Price of each system by name, in dollars of :data:`kalkan.money.PRICE_YEAR`; None where nobody says.

    As the scenario writes it, else the claimed price of a fire unit for each of its fire units, whatever they carry
    (kalkan's own simplification).
    """
    found: dict[str, float | None] = {}
    for system in sorted(scenario.systems, key=lambda s: s.name):
        if system.price_usd is not None:
            inputs.written(system.type, "price", system.price_usd, system.name)
            found[system.name] = system.price_usd
        elif inputs.claimed(system.type, "price"):
            n = sum(unit.system == system.name for unit in layout.units)
            found[system.name] = n * inputs.number(system.type, "price")
        else:
            found[system.name] = None
    return found
