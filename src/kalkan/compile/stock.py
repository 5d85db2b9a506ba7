"""Stores, depots and production of a scenario → what the stock between raids goes by."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kalkan.arrays import Struct
from kalkan.compile.inputs import MODEL, Inputs
from kalkan.compile.layout import UnitSite
from kalkan.scenario import Depot, Production, Scenario, System
from kalkan.scenario.nouns.depots import ABROAD
from kalkan.supply import stores

_MONTHS = 12.0  # of a year


def compile_stores(
    scenario: Scenario, sites: Sequence[UnitSite], units: Struct, missiles: Sequence[str], inputs: Inputs
) -> stores.Stores:
    """Stores of a scenario's stock.

    Parameters
    ----------
    scenario : Scenario
        With the systems that are there (:func:`kalkan.compile.arrived.arrived`).
    sites, units : sequence of UnitSite, structured array (n_unit,), ``kernels.plan.UNITS``
        As compiled, in one order: rows of the stock are launchers and units as the loop has them.
    missiles : sequence of str
        Names of the types, in the loop's order. Of others nothing is kept: no launcher takes them.
    inputs : Inputs
        Asked for what the scenario leaves out; what no depot or store needs is not asked for.

    Returns
    -------
    Stores
        Systems and depots by name.
    """
    supplied = {name for depot in scenario.depots for name in depot.serves}
    written = {s.name: s for s in scenario.systems}
    restock_s = {name: _restock_s(s, name in supplied, inputs) for name, s in written.items()}
    fire_units = [
        stores.FireUnit(
            site.system, site.launchers, site.loads, site.written.reload_sets, float(unit["reload_s"]),
            restock_s[site.system], int(unit["reload_vehicles"]),
        )
        for site, unit in zip(sites, units, strict=True)
    ]  # fmt: skip
    return stores.stores_of(
        missiles, fire_units, {name: s.store or {} for name, s in written.items()},
        [_depot(d, inputs) for d in scenario.depots], [_line(p, scenario, inputs) for p in scenario.production],
    )  # fmt: skip


def _restock_s(system: System, supplied: bool, inputs: Inputs) -> float:
    """Time from a system's store to a launcher [s]; 0 where nothing is ever in it."""
    if not system.store and not supplied:
        return 0.0
    return inputs.given(system.restock_time_s, MODEL, "restock_time", system.name)


def _depot(written: Depot, inputs: Inputs) -> stores.Rear:
    def given(value: float | None, quantity: str) -> float:
        return inputs.given(value, MODEL, quantity, written.name)

    return stores.Rear(
        written.name, written.serves, written.rounds,
        round(given(written.convoys, "convoys")), round(given(written.convoy_rounds, "convoy_rounds")),
        given(written.convoy_time_s, "convoy_time"), inputs.number(MODEL, "convoy_time_spread"),
        given(written.convoy_loss, "convoy_loss"),
    )  # fmt: skip


def _line(written: Production, scenario: Scenario, inputs: Inputs) -> stores.Line:
    """What is made; nothing of it abroad under sanctions, nor at home without local production."""
    supply = scenario.supply
    if written.made == ABROAD:
        runs = supply is None or not supply.sanctions
    else:
        runs = supply is not None and supply.local_production
    per_month = 0.0
    if runs:
        yearly = None if written.per_month is None else _MONTHS * written.per_month
        per_month = inputs.given(yearly, written.missile, "made_per_year", written.name) / _MONTHS
    until_s = math.inf if written.until_s is None else written.until_s
    return stores.Line(
        written.depot, written.missile, per_month, written.delay_s or 0.0, written.from_s, until_s
    )
