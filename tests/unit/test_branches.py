"""What decides is disputed in the open: loads and coordination are branches of every study, nothing used is certain."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest

from kalkan.catalogue import SPECS, Stance, draw, load_catalogue, parse_load
from kalkan.compile import compile_scenario
from kalkan.compile.inputs import WRITTEN
from kalkan.compile.shared import Shared
from kalkan.errors import ProblemsError
from kalkan.kernels.plan import ASSIGN_OPTIMAL, ASSIGN_VALUE, LAST_RESORT, NEVER
from kalkan.results.goals import read_goal
from kalkan.scenario import load, parse, starter
from kalkan.schema import UAV
from kalkan.studies.drivers import columns
from kalkan.studies.factors import BRANCH, disputed
from kalkan.studies.sensitivity import tornado

CAT = load_catalogue()
EXAMPLE = load("examples/second-batch.toml")
VARIANTS = EXAMPLE.variants_resolved()
BOTH = [next(iter(VARIANTS.values())), VARIANTS["two-batches"]]
FACTORS = {f.path: f for f in disputed(BOTH)}
PLANS = [compile_scenario(v, CAT) for v in BOTH]
# words that say what a thing is; another word would be another thing
NAMES = {"command_post", "engagement_radar", "launcher", "band", "target_class"}
DECIDES = (
    "s-400.load", "kalkan-model.coordination", "s-400.launchers_per_fire_unit", "5p85.launch_interval",
    "55k6e.reaction_time", "92n6e.target_channels", "92n6e.detection_range", "9m96e2.max_speed",
    "9m96e2.kill_probability", "48n6e3.kill_probability", "f-35a.rcs", "bayraktar-tb2.rcs", "9m96e2.launch_mass",
    "s-400.acquisition_radars", "kalkan-model.salvo", "kalkan-model.max_salvos", "kalkan-model.crew_delay",
    "kalkan-model.launch_threshold", "kalkan-model.common_cause_share", "48n6e3.last_resort_against",
    "kalkan-model.look", "kalkan-model.earliest_share", "kalkan-model.preferred", "kalkan-model.assignment",
    "kalkan-model.reserve", "48n6e3.never_against",
)  # fmt: skip


@pytest.mark.parametrize("path", DECIDES)
def test_what_decides_is_a_factor_of_the_example(path):
    assert path in FACTORS


def test_what_decides_moves_in_the_draws():
    names, ranks = columns(BOTH, [draw(CAT, 1, i, 64) for i in range(64)])
    said = {name for group in names for name in group}
    for path in DECIDES:
        assert FACTORS[path].name in said, path
    assert (ranks.std(axis=1) > 0).all()


def test_every_used_single_origin_input_of_the_example_has_a_range_or_is_a_branch():
    certain = set()
    for row in (r for plan in PLANS for r in plan.attrs["inputs"] if r["rule"] != WRITTEN):
        by = {k: row["conditions"][k] for k in SPECS[row["quantity"]].by}
        item = CAT.quantity(row["entry"], row["quantity"])
        claims = [c for c in item.claims if not c.excluded and c.level == item.level]
        values = {c.figure for c in claims}
        path = f"{row['entry']}.{row['quantity']}"
        if row["quantity"] in NAMES or path in FACTORS or (len({c.origin for c in claims}) > 1 and len(values) > 1):
            continue
        if row["quantity"].endswith("unit_cost"):  # changes sums of money alone: a factor of these
            assert row["low"] < row["high"] or len({c.origin for c in claims}) > 1, path
            continue
        if len({c.origin for c in claims}) > 1:  # independent origins say the same
            continue
        certain.add((path, *by.values()))
    assert certain == {("91n6e.sector_width",), ("96l6e.sector_width",)}, "a full circle is one"


def test_money_is_a_factor_of_money():
    paths = {f.path for f in disputed(BOTH, money=True)}
    assert {"48n6e3.unit_cost", "9m96e2.unit_cost"} <= paths


def test_a_branch_is_drawn_word_by_word_and_never_between():
    n = 400
    words = Counter(CAT.resolve("s-400", "load", stance=draw(CAT, 3, i, n)).value for i in range(n))
    assert set(words) == {c.value for c in CAT.quantity("s-400", "load").claims}
    assert words["3 x 48n6e3 + 4 x 9m96e2"] == pytest.approx(n / 2, abs=40), "the only claim about a load"
    for word in ("4 x 48n6e3", "2 x 48n6e3 + 8 x 9m96e2", "16 x 9m96e2"):
        assert words[word] == pytest.approx(n / 6, abs=30), "what nobody claims shares one weight"
    answers = Counter(CAT.resolve("kalkan-model", "coordination", stance=draw(CAT, 3, i, n)).value for i in range(n))
    assert set(answers) == {"yes", "no"} and answers["yes"] == pytest.approx(n / 2, abs=10)


def test_a_count_of_tubes_is_no_claim_about_a_load():
    """'Four missiles each' stands as a count of tubes; to fill them with large ones is kalkan's own reading of it."""
    loads = {c.value: c for c in CAT.quantity("s-400", "load").claims}
    assert loads["4 x 48n6e3"].kind == "assumption" and loads["4 x 48n6e3"].beside
    assert any(c.source == "toi-2018" and c.value == 4 for c in CAT.quantity("5p85", "tubes").claims)


@pytest.mark.parametrize("place", FACTORS["s-400.load"].places)
def test_every_load_reaches_the_plan(place):
    compiled = compile_scenario(BOTH[1], CAT, stance=Stance(places={"s-400.load": place}))
    word = FACTORS["s-400.load"].branches[FACTORS["s-400.load"].places.index(place)]
    names = compiled.labels["interceptor"]
    loads = {m: int(n) for m, n in zip(names, compiled.plan.launchers["load"][0], strict=False)}
    assert loads == parse_load(word)


def test_coordination_reaches_the_plan_as_claimed_or_as_written():
    for place, word in zip(
        FACTORS["kalkan-model.coordination"].places, FACTORS["kalkan-model.coordination"].branches, strict=True
    ):
        stance = Stance(places={"kalkan-model.coordination": place})
        compiled = compile_scenario(BOTH[1], CAT, stance=stance)
        assert compiled.plan.pictures["coordination"].tolist() == [int(word == "yes")] * 2 + [0] * 4
        assert compiled.attrs["coordination"] == (word == "yes")
    written = parse(EXAMPLE.text + "\n[command]\ncoordination = true\n", base_dir="examples")
    plan = compile_scenario(written.variants_resolved()["two-batches"], CAT, stance=Stance("low"))
    assert plan.attrs["coordination"] is True


class Told:
    """In place of a simulation: leakers by the load and by coordination under a stance."""

    watcher = SimpleNamespace(stage=lambda text: None)
    shared = Shared

    def expect(self, evaluations, n):
        """What the study will cost; nobody is told."""

    def ask(self, questions):
        return [{"leakers": np.full(4, self.leakers(q)) + np.arange(4)} for q in questions]

    def leakers(self, question):
        stance = question.stance or Stance()
        load = parse_load(CAT.resolve("s-400", "load", stance=stance).value)
        shared = CAT.resolve("kalkan-model", "coordination", stance=stance).value == "yes"
        return 100.0 - sum(load.values()) - 5.0 * shared


def test_the_tornado_shows_a_branch_between_its_least_and_its_greatest_answer():
    _, bars = tornado(Told(), BOTH, read_goal("leakers"), 4)
    by_path = {b.factor.path: b for b in bars}
    load_bar, shared = by_path["s-400.load"], by_path["kalkan-model.coordination"]
    assert bars[0] is load_bar and load_bar.factor.conflict == BRANCH
    assert (load_bar.factor.low, load_bar.factor.high) == ("16 x 9m96e2", "4 x 48n6e3")
    assert (load_bar.low.estimate, load_bar.high.estimate) == (-9.0, 3.0)
    assert (shared.factor.low, shared.low.estimate) == ("yes", -5.0) and shared.high.estimate == 0.0


# ------------------------------------------------------------------ what a scenario writes


WRITES = """
[variants.written]
[variants.written.systems.west]
launchers = 4
loads = { "48n6e3" = 4 }
[variants.written.doctrine.standard]
salvo = 3
launch_threshold = 0.5
"""


def test_what_a_scenario_writes_is_fixed_and_said_to_be():
    scenario = parse(EXAMPLE.text + WRITES, base_dir="examples").variants_resolved()["written"]
    rows = {(r["entry"], r["quantity"]): r for r in compile_scenario(scenario, CAT).attrs["inputs"]}
    for path, value in ((("s-400", "launchers_per_fire_unit"), 4), (("s-400", "load"), "4 x 48n6e3")):
        assert rows[path]["value"] == value and rows[path]["claimant"] == "this scenario"
        assert rows[path]["rule"] == "written in the scenario: fixed" and rows[path]["conditions"] == {"for": "west"}
    assert rows["kalkan-model", "fire_unit_distance"]["rule"] == WRITTEN
    assert rows["kalkan-model", "salvo"]["rule"] == rows["kalkan-model", "launch_threshold"]["rule"] == WRITTEN
    assert rows["kalkan-model", "max_salvos"]["claimant"] == "kalkan"
    paths = {f.path for f in disputed([scenario])}
    assert not paths & {"s-400.load", "s-400.launchers_per_fire_unit", "s-400.fire_units", "kalkan-model.salvo"}


def test_left_out_places_of_fire_units_are_drawn():
    text = "\n".join(line for line in EXAMPLE.text.splitlines() if not line.startswith("fire_unit_positions"))
    paths = {f.path for f in disputed([parse(text, base_dir="examples")])}
    assert {"kalkan-model.fire_unit_distance", "s-400.fire_units"} <= paths


# what a doctrine writes → the claim in its place, the figure that is noted, and what a study then has no more
DOCTRINE = [
    ("look = false", ("kalkan-model", "look"), "no", "kalkan-model.max_salvos"),
    ('earliest_range = "9 km"', ("kalkan-model", "earliest_share"), "none beyond 9000 m",
     "kalkan-model.earliest_share"),
    ('preferred = ["48n6e3"]', ("kalkan-model", "preferred"), "48n6e3", "kalkan-model.preferred"),
    ("never = []", ("48n6e3", "never_against"), "by the doctrine", "48n6e3.never_against"),
    ('assignment = "nearest-first"', ("kalkan-model", "assignment"), "nearest-first", "kalkan-model.assignment"),
    ("reserve = 4", ("kalkan-model", "reserve"), 4, "kalkan-model.reserve"),
]


@pytest.mark.parametrize(("line", "claim", "value", "gone"), DOCTRINE)
def test_what_a_doctrine_writes_is_fixed_and_what_it_leaves_open_is_a_factor(line, claim, value, gone):
    open_, written = parse(starter("small")), parse(starter("small") + f"\n[doctrine.standard]\n{line}\n")
    rows = {(r["entry"], r["quantity"]): r for r in compile_scenario(written, CAT).attrs["inputs"]}
    assert rows[claim]["value"] == value and rows[claim]["rule"] == WRITTEN
    assert ".".join(claim) in {f.path for f in disputed([open_])}
    assert gone not in {f.path for f in disputed([written])}


ASSUMED = """
[assume.kalkan-model]
look = "no"
preferred = "longest-reaching"
assignment = "highest-value-first"
reserve = 3
[assume.kalkan-model.earliest_share]
uav = 0.5
[assume.48n6e3]
never_against = "uav"
"""


def test_doctrine_that_is_left_open_reaches_the_plan_from_its_claims():
    """Each claim of a doctrine's default, given another figure, is what the plan holds."""
    plain = compile_scenario(parse(starter("small")), CAT)
    other = compile_scenario(parse(starter("small") + ASSUMED), CAT)
    units, missiles = other.plan.units, other.labels["interceptor"]
    large = missiles.index("48n6e3")
    assert (units["max_rounds"] == units["salvo"]).all() and (plain.plan.units["max_rounds"] > units["salvo"]).any()
    assert (units["earliest_m"][:, UAV] == 0.5 * CAT.value("48n6e3", "max_range")).all()
    assert np.isinf(units["earliest_m"][:, [0, 2]]).all() and np.isinf(plain.plan.units["earliest_m"]).all()
    assert (units["preference"][:, :, 0] == large).all() and (plain.plan.units["preference"][:, :, 0] != large).all()
    assert (units["worth"][:, UAV, large] == NEVER).all() and (plain.plan.units["worth"][:, UAV, large] != NEVER).all()
    assert units["reserve"].tolist() == [3] * units.size and not plain.plan.units["reserve"].any()
    assert (other.plan.pictures["assignment"] == ASSIGN_VALUE).all()
    assert (plain.plan.pictures["assignment"] == ASSIGN_OPTIMAL).all()


def test_a_missile_that_the_doctrine_asks_for_is_not_barred_by_a_claim():
    asked = ASSUMED + '[doctrine.standard.uav]\nlast_resort = ["48n6e3"]\n'
    other = compile_scenario(parse(starter("small") + asked), CAT)
    large = other.labels["interceptor"].index("48n6e3")
    assert (other.plan.units["worth"][:, UAV, large] == LAST_RESORT).all()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('look = "maybe"', 'must be one of "no", "yes"'),
        ('preferred = "48n6e3"', 'must be one of "shortest-reaching", "longest-reaching"'),
        ('assignment = "best"', 'must be one of "optimal", "nearest-first", "highest-value-first"'),
        ("reserve = -1", "must not be negative"),
    ],
)
def test_mistakes_in_assumed_doctrine(line, told):
    with pytest.raises(ProblemsError) as caught:
        parse(starter("small") + f"\n[assume.kalkan-model]\n{line}\n")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ('"4 48n6e3"', 'a load is written as "3 x 48n6e3 + 4 x 9m96e2"'),
        ('"5 x 48n6e3"', "needs 5 tubes, but a launcher has 4"),
        ('"4 x 48n6"', 'is not in the catalogue — did you mean "48n6e'),
        ('"4 x pac-3-mse"', 'is not carried by "s-400"'),
    ],
)
def test_mistakes_in_an_assumed_load(value, told):
    with pytest.raises(ProblemsError) as caught:
        parse(starter("small") + f"\n[assume.s-400]\nload = {value}\n")
    assert told in str(caught.value)


def test_an_assumed_load_and_coordination_are_taken():
    assumed = '\n[assume.s-400]\nload = "16 x 9m96e2"\n[assume.kalkan-model]\ncoordination = "yes"\n'
    plan = compile_scenario(parse(EXAMPLE.text + assumed, base_dir="examples").variants_resolved()["two-batches"], CAT)
    assert plan.labels["interceptor"] == ["9m96e2"] and plan.attrs["coordination"] is True


# ------------------------------------------------------------------ the example


def test_quantity_and_place_are_told_apart():
    variants = load("examples/quantity-or-place.toml").variants_resolved()
    labels = [v.label for v in variants.values()]
    assert labels == ["one batch", "one batch spread out", "two batches beside each other", "two batches"]
    sites = {
        name: [tuple(p) for s in v.systems for p in s.fire_unit_positions or ()] for name, v in variants.items()
    }
    one, spread, beside, two = sites.values()
    assert (len(one), len(spread), len(beside), len(two)) == (2, 2, 4, 4)
    assert set(spread) <= set(two) and set(one) <= set(beside)
    assert all(min(abs(a[1] - b[1]) for b in one) < 0.1 for a in beside), "within some kilometres of the first"
    assert all(v.command.coordination is None and all(s.loads is None for s in v.systems) for v in variants.values())
