"""``[supply]`` of a scenario: what it says decides how many parts are in action, and what is wrong with it is told."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kalkan.catalogue import load_catalogue, read_stance
from kalkan.compile.arrived import arrived
from kalkan.compile.inputs import Inputs
from kalkan.compile.upkeep import compile_upkeep
from kalkan.errors import ProblemsError
from kalkan.scenario import parse, starter
from kalkan.supply import simulate
from kalkan.supply.tables import LAUNCHER, LINK, POST, RADAR

CAT = load_catalogue()
DAY_S = 86_400.0
ENTRY = "kalkan-upkeep"


def compiled(text: str, stance: str = "consensus"):
    """Upkeep of the small scenario with more text before and after, names of its parts, and its inputs."""
    written = parse(text)
    inputs = Inputs(CAT.under(read_stance(stance, CAT)), written.assume)
    return *compile_upkeep(written, arrived(written, inputs), inputs), inputs


def small(supply: str = "", assume: str = "", before: str = "") -> str:
    own = f"[assume.{ENTRY}]\n{assume}" if assume else ""
    return before + starter("small") + f"[supply]\n{supply}\n{own}"


def down(text: str, at_s: float = 0.0) -> np.ndarray:
    """Parts that are down at a time, by replication."""
    course = simulate(compiled(text)[0], [at_s], replications=1500)
    return (~course.works[:, 0]).sum(axis=1).astype(float)


def more_is_down(text: str, other: str) -> bool:
    """Whether more parts are down in the first, replication by replication with the same random numbers."""
    gap = down(text) - down(other)
    return bool(gap.mean() > 3.3 * gap.std() / math.sqrt(gap.size))


# what makes more parts go down, and what it is held against
WORSE = {
    "in_service": ('sanctions = true\nin_service = "5 years"', 'sanctions = true\nin_service = "3 months"'),
    "spares": ("spares = 0", "spares = 5"),
    "cannibalisation": ("sanctions = true", "sanctions = true\ncannibalisation = true"),
    "maintenance": ("", "maintenance = false"),
    "sanctions": ("sanctions = true", ""),
    "local_production": ("sanctions = true", "sanctions = true\nlocal_production = true"),
    "failures": ('maintenance = true\nfailures = "exponential"', 'maintenance = true\nfailures = "weibull"'),
}
LOW = 'mean_time_between_failures = { radar = "100 h", launcher = "150 h" }\n'


@pytest.mark.parametrize("field", WORSE)
def test_a_field_decides_how_much_is_down(field):
    worse, better = WORSE[field]
    more = {
        "failures": 'failure_shape = 3\nmaintenance_interval = "60 h"\nmaintenance_time = "1 h"\n',
        "maintenance": 'maintenance_interval = "10 days"\nneeds_spare = 0\n',
    }.get(field, "")
    assert more_is_down(small(worse, LOW + more), small(better, LOW + more))


def test_how_repairs_and_lead_times_are_distributed():
    """Before the certain length of a repair or a delivery is over, nothing is back; by chance, some is."""
    long = 'mean_time_to_repair = "100 days"\nneeds_spare = 0\n'
    fixed, lognormal, exponential = (
        small(f'repairs = "{word}"\nin_service = "90 days"', long) for word in ("fixed", "lognormal", "exponential")
    )
    assert more_is_down(fixed, lognormal) and more_is_down(lognormal, exponential)
    lead = 'foreign_lead_time = "100 days"\nneeds_spare = 1\n'
    fixed, exponential = (
        small(f'spares = 0\nin_service = "90 days"\nlead_times = "{w}"', lead) for w in ("fixed", "exponential")
    )
    assert more_is_down(fixed, exponential)


FIGURES = {
    "mean_time_between_failures": ('"100 h"', '"2000 h"'), "mean_time_to_repair": ('"40 h"', '"1 h"'),
    "needs_spare": ("0.9", "0.1"), "spares": ("0", "6"), "component_families": ("2", "40"),
    "foreign_lead_time": ('"1 years"', '"1 months"'), "local_lead_time": ('"6 months"', '"1 days"'),
    "local_share": ("0", "1"), "maintenance_interval": ('"2 days"', '"20 days"'),
    "maintenance_time": ('"20 h"', '"1 h"'), "in_service_time": ('"3 years"', '"1 months"'),
    "failure_shape": ("0.5", "3"), "repair_spread": ("2", "0.2"),
}  # fmt: skip


@pytest.mark.parametrize("quantity", FIGURES)
def test_a_claim_decides_how_much_is_down(quantity):
    """Each figure of upkeep, alone, moves parts in action the right way; the spread of repairs has no right way."""
    worse, better = FIGURES[quantity]
    supply = 'sanctions = true\nlocal_production = true\nfailures = "weibull"\nrepairs = "lognormal"'
    if quantity in ("foreign_lead_time", "local_lead_time"):
        supply = supply.replace("sanctions = true", "sanctions = false\nspares = 0")
    if quantity == "failure_shape":  # with maintenance day by day, what ages hardly fails
        supply = 'failures = "weibull"'
    if quantity == "repair_spread":  # of the same mean, repairs of a wide spread leave more undone after long
        slow = 'mean_time_to_repair = "2000 h"\nneeds_spare = 0\n'
        a, b = (down(small('repairs = "lognormal"\nin_service = "100 days"', slow + f"{quantity} = {v}\n"))
                for v in (better, worse))  # fmt: skip
        assert abs(a.mean() - b.mean()) > 0.5
        return
    more = 'maintenance_interval = "3 days"\n' if quantity in ("failure_shape", "maintenance_time") else ""
    assert more_is_down(*(small(supply, more + f"{quantity} = {v}\n") for v in (worse, better)))


def test_parts_are_called_as_outages_call_them():
    upkeep, names, _ = compiled(small())
    assert names[0] == "north/post" and len(set(names)) == len(names) == upkeep.parts.size
    assert {"north/post", "north/91n6e", "north/1/92n6e", "north/1/launcher 1", "north/1/link"} <= set(names)
    kinds = dict(zip(names, upkeep.parts["kind"].tolist(), strict=True))
    assert kinds["north/post"] == POST and kinds["north/91n6e"] == kinds["north/1/92n6e"] == RADAR
    assert kinds["north/1/launcher 1"] == LAUNCHER and kinds["north/1/link"] == LINK
    groups = dict(zip(names, upkeep.parts["group"].tolist(), strict=True))
    assert groups["north/1/launcher 1"] == groups["north/1/launcher 2"] != groups["north/1/92n6e"]
    assert groups["north/1/92n6e"] != groups["north/91n6e"]
    assert parse(small() + f'[[outages]]\nname = "all"\nparts = {names}\n'.replace("'", '"')).outages[0].parts


def test_a_unit_whose_link_is_cut_has_no_post():
    _, names, _ = compiled(small().replace('name = "north"', 'name = "north"\nlink = "cut"'))
    assert not {"north/post", "north/91n6e", "north/1/link"} & set(names) and "north/1/92n6e" in names


def test_every_figure_that_is_used_is_told_and_no_other():
    *_, inputs = compiled(small('failures = "weibull"\nrepairs = "lognormal"\nlocal_production = true'))
    rows = [r for r in inputs.rows() if r["entry"] == ENTRY]
    assert {r["quantity"] for r in rows} == set(CAT.entry(ENTRY).quantities)
    assert all(r["kind"] == "assumption" and r["low"] < r["value"] < r["high"] and r["note"] for r in rows)
    *_, inputs = compiled(small("maintenance = false\nspares = 1"))
    plain = {r["quantity"] for r in inputs.rows() if r["entry"] == ENTRY and r["low"] is not None}
    assert plain == {
        "mean_time_between_failures", "mean_time_to_repair", "needs_spare", "component_families", "foreign_lead_time",
        "in_service_time",
    }  # fmt: skip


def test_figures_are_drawn_as_all_others():
    one, other = (compiled(small(), f"sampled:{k}")[0] for k in (1, 2))
    assert not np.array_equal(one.parts["life_s"], other.parts["life_s"]) and one.foreign_s != other.foreign_s


BATCH = """[[batches]]
name = "first"
systems = ["north"]
deliveries = [
  { delivered = "2025-01-01", parts = ["north", "north/1/92n6e", "north/1/launcher 2"] },
  { delivered = "2025-11-01" },
]
training = "0 days"
work_up = "0 days"
"""


def test_what_came_late_is_in_service_since_it_was_ready():
    text = small('in_service = "100 days"', before='as_of = "2025-12-01"\n') + BATCH
    upkeep, names, _ = compiled(text)
    since = dict(zip(names, -upkeep.parts["in_service_s"] / DAY_S, strict=True))
    assert since["north/post"] == since["north/1/92n6e"] == since["north/1/link"] == 100.0
    assert since["north/1/launcher 1"] == 100.0 and since["north/1/launcher 2"] == 30.0, "launchers are counted"
    _, names, _ = compiled(text.replace("2025-12-01", "2025-06-01"))
    assert [n for n in names if "launcher" in n] == ["north/1/launcher 1"]


def test_all_mistakes_are_told_at_once():
    text = small(
        'in_service = "-3 days"\nfailures = "normal"\nspares = 101\nsanction = true\nmaintenance = "yes"\n',
        'spares = { radar = 200, ship = 1 }\ncomponent_families = 63\nmaintenance_interval = "10 h"\n'
        'maintenance_time = "12 h"\nmean_time_between_failures = { radar = "1 s" }\nforeign_lead_time = "0 days"\n',
    )
    with pytest.raises(ProblemsError) as raised:
        parse(text, file="raid.toml")
    told = str(raised.value)
    for words in (
        'in_service = "-3 days"', "must be one of", "must be between 0 and 100", 'sanction', "maintenance =",
        "must be at most 100", "is not a condition of spares", "must be between 1 and 62",
        "must be shorter than maintenance_interval", "must be between 1 h and 50 years", "must be greater than zero",
    ):  # fmt: skip
        assert words in told, f"{words} not in\n{told}"


def test_what_is_said_twice_is_told():
    with pytest.raises(ProblemsError, match=r"is said by .assume.kalkan-upkeep. spares as well"):
        parse(small("spares = 2", "spares = 3\n"))
    with pytest.raises(ProblemsError, match=r"is said by .assume.kalkan-upkeep. in_service_time as well"):
        parse(small('in_service = "2 years"', 'in_service_time = "1 years"\n'))


def test_a_scenario_without_supply_has_no_upkeep():
    written = parse(starter("small"))
    assert written.supply is None
    with pytest.raises(ValueError, match=r"no .supply."):
        compile_upkeep(written, written, Inputs(CAT, {}))
