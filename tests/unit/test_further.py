"""A sweep over the number of batches: what it takes, which number is enough, and how that is told."""

from __future__ import annotations

import math

import numpy as np
import pytest

import kalkan
from kalkan.errors import ProblemsError
from kalkan.results.declared import MEASURES, PLAIN
from kalkan.results.quantity import Quantity
from kalkan.scenario import check_text, load, parse
from kalkan.scenario.writing.overrides import keepers, read_parameter, with_values
from kalkan.studies.further import further
from kalkan.studies.sweep import points_of, read_axes
from kalkan.views.report.sections.unknown import enough
from kalkan.views.studies.furthering import further_sentences
from tests.unit.test_batches import HEAD

BATCHES = HEAD + "".join(
    f'[[batches]]\nname = "{name}"\nsystems = ["{system}"]\ncontract = "2026"\n'
    for name, system in (("first", "west"), ("second", "east"))
)
N = 200


def quantities(values) -> dict[str, Quantity]:
    rows = {k: np.zeros(N) for k in PLAIN} | {"leakers": np.asarray(values, np.float64)}
    return {k: Quantity(k, k, MEASURES[k].unit, MEASURES[k].kind, v, MEASURES[k].step) for k, v in rows.items()}


def curve(means, noise=0.0):
    """Leakers at 0, 1, 2 … batches: exactly these means, and so much noise of each, uncorrelated."""
    drawn = np.random.default_rng(1).standard_normal((N, len(means)))
    apart = np.linalg.qr(drawn - drawn.mean(axis=0))[0] * math.sqrt(N)
    found = [[quantities(m + noise * apart[:, i])] for i, m in enumerate(means)]
    return further([(i,) for i in range(len(means))], found, 0, 0.95)[0]


def test_enough_is_where_nothing_more_changes():
    told = curve([9.0, 4.0, 2.0, 2.0, 2.0])
    assert told.enough["leakers"] == 2 and told.rest["leakers"].estimate == 0.0
    assert [s["leakers"].estimate for s in told.steps] == [-5.0, -2.0, 0.0, 0.0]
    assert curve([9.0, 9.0, 9.0]).enough["leakers"] == 0, "no batch changes anything"
    assert curve([9.0, 8.0, 7.0]).enough["leakers"] == 2, "the last still does"


def test_small_steps_that_add_up_are_not_nothing():
    """Each step is within chance, two of them together are not: so the first of them is not enough."""
    half = 1.96 * math.sqrt(2.0 / N)
    told = curve([9.0, 0.0, -0.8 * half, -1.6 * half], noise=1.0)
    steps = [s["leakers"] for s in told.steps]
    assert all(s.low <= 0.0 <= s.high for s in steps[1:]) and told.enough["leakers"] > 1


def test_order_of_the_values_does_not_matter_and_the_other_axis_is_kept_apart():
    points = [(0.5, 2), (0.5, 0), (0.9, 2), (0.9, 0)]
    found = [[quantities(np.full(N, v))] for v in (1.0, 5.0, 2.0, 9.0)]
    curves = further(points, found, 1, 0.95)
    assert [(c.at, c.numbers, c.steps[0]["leakers"].estimate) for c in curves] == [
        ((0.5,), [0, 2], -4.0), ((0.9,), [0, 2], -7.0)
    ]  # fmt: skip


def test_the_number_of_batches_is_a_parameter():
    scenario = parse(BATCHES)
    points, made = points_of(scenario, read_axes(scenario, ["batches=0..2", "systems.west.launchers=1,2"]))
    assert points == [(n, k) for n in range(3) for k in (1, 2)]
    assert [len(s.bought) for s in made] == [0, 0, 1, 1, 2, 2] and made[-1].bought == made[-1].batches
    assert len({s.identity for s in made}) == 6
    own = parse(BATCHES + "[variants.one]\nfirst_batches = 1\n[variants.late]\nas_of = 2030-01-01\n")
    assert keepers(own, read_parameter(own, "batches")) == ["one"]
    changed = with_values(own, {read_parameter(own, "batches"): 0}).variants_resolved()
    assert [len(v.bought) for v in changed.values()] == [0, 1, 0]


def test_which_batches_are_bought_is_identity_and_how_many_of_all_is_none():
    """Their order counts only where not all are bought."""
    turned = BATCHES.replace('"first"', '"x"').replace('"second"', '"first"').replace('"x"', '"second"')
    turned = turned.replace('"west"]', '"y"]').replace('"east"]', '"west"]').replace('"y"]', '"east"]')
    assert parse(BATCHES).identity == parse(HEAD).identity
    one, other = ("first_batches = 1\n" + text for text in (BATCHES, turned))
    assert parse(one).identity != parse(other).identity != parse(BATCHES).identity


@pytest.mark.parametrize(
    ("text", "over", "told"),
    [
        (BATCHES, ["batches=0..3"], "is more than there are: 2 are written as [[batches]]"),
        (BATCHES, ["batches=0..2:2", "batches=0,1"], 'sweeps "batches" once more'),
        (BATCHES, ["batches=1,1"], "names 1 twice"),
        (BATCHES, ["batches=-1,0"], "first_batches"),
        (BATCHES, ["batches=0.5,1"], "must be a whole number"),
        (BATCHES, ["batches.first.work_up=1 month,2 months"], "only their number is varied"),
        (HEAD, ["batches=0..1"], "there are no [[batches]] in this scenario to count"),
    ],
)
def test_bad_numbers_of_batches_are_told(text, over, told):
    scenario = parse(text)
    with pytest.raises(ProblemsError) as found:
        points_of(scenario, read_axes(scenario, over))
    assert told in str(found.value)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("first_batches = 3\n" + BATCHES, "is more than there are: 2 are written as [[batches]]"),
        ("first_batches = 1\n" + HEAD, "does nothing without [[batches]]: there are none to count"),
        ("first_batches = true\n" + BATCHES, "must be a whole number"),
    ],
)
def test_what_a_file_may_not_say_of_how_many_are_bought(more, told):
    problems = check_text(more)
    assert len(problems) == 1 and problems[0].where.startswith("first_batches = ")
    assert told in problems[0].message and problems[0].line == 1


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """The example with few replications of its last day."""
    out = tmp_path_factory.mktemp("swept")
    return kalkan.sweep(
        "examples/batches.toml", "batches=0,1,6", variants=["2034"], replications=12, out=out / "s", progress=False
    )


def test_the_example_has_less_and_less_to_gain(swept):
    """None: all leak; the six change less together than the first alone."""
    none, one, six = (p["variants"]["2034"]["leakers"]["mean"] for p in swept.content["points"])
    assert none == pytest.approx(56.0) and 10.0 < one < 46.0 and six < one
    assert none - one > one - six > 0.0
    first, rest = (s["leakers"]["mean"] for s in swept.content["further"][0]["steps"])
    assert (first, rest) == pytest.approx((one - none, six - one)), "paired: the same replications"


def test_a_sweep_over_batches_is_told(swept):
    heads, rows = swept.tables[1]
    assert heads == ["further batch", "leakers", "cost of damage to assets [million USD]"]
    assert [r[0] for r in rows] == ["the first", "2 to 6"] and rows[0][1].startswith("−")
    assert swept.sentence.count("“2034”: ") == 2
    assert set(swept.figures) == {"sweep", "further-leakers", "further-cost-damage"}
    for draw in swept.figures.values():
        assert draw().axes


def test_sentences_of_a_curve():
    def told(enough: int) -> str:
        steps = [{"leakers": {"mean": m, "low": m - 0.5, "high": m + 0.5}} for m in (-9.0, -3.0, -0.1)]
        rest = {"leakers": {"mean": -0.1, "low": -0.6, "high": 0.4}}
        content = {"variant": "v", "at": {}, "numbers": [0, 1, 2, 3], "steps": steps, "rest": rest}
        (line,) = further_sentences([content | {"enough": {"leakers": enough}}], "leakers")
        return line

    assert told(2) == (
        "“v”: leakers: the first −9.0 ± 0.5, the second −3.0 ± 0.5; from 2 batches on a further one changes nothing "
        "that can be told from chance (3 instead of 2: −0.1 ± 0.5)."
    )
    assert told(0) == "“v”: no further batch changes leakers by anything that can be told from chance."
    assert told(3).endswith("the third −0.1 ± 0.5; also the last of these can be told from chance.")


def test_a_report_tells_of_further_batches(swept, tmp_path):
    from types import SimpleNamespace

    swept.folder.mkdir(exist_ok=True)
    swept.save()
    results = SimpleNamespace(path=swept.folder.with_name("none"), run={"title": swept.content["title"]})
    (swept.folder.with_name("none-studies")).symlink_to(swept.folder)
    section = enough(SimpleNamespace(results=results, notes=[]))
    assert "“2034”: leakers: the first −" in repr(section) and "further-" not in repr(section.title)
    assert "Cost of damage to assets [million USD] over batches" in repr(section)


def test_the_example_is_of_three_days():
    scenario = load("examples/batches.toml")
    assert [v.as_of for v in scenario.variants_resolved().values()] == ["2026-01-01", "2030-12-31", "2034-01-01"]
    assert len(scenario.batches) == 6 == len(scenario.systems)
