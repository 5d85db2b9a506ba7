"""What a dearer defence pays back over draws of the claims, and which figures of money are told, varied and drawn."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

import kalkan
from kalkan.catalogue import draw, load_catalogue
from kalkan.catalogue.role import DRIVES, role
from kalkan.compile import compile_scenario
from kalkan.compile.inputs import Inputs
from kalkan.errors import ProblemsError
from kalkan.results.declared import PLAIN
from kalkan.results.nested import nested, quantile_of, true_means
from kalkan.scenario import check_text, parse
from kalkan.scenario.writing.starters import starter
from kalkan.studies.factors import SUMS, disputed
from kalkan.studies.payback import payback, raids_until
from kalkan.studies.propagate import propagate
from kalkan.views.studies.paying import payback_content, payback_table
from tests.engine import scenes

CAT = load_catalogue()
SMALL = starter("small")
KEPT = SMALL + '\n[money]\nservice = "20 years"\n'


class Told:
    """Answers that are known: outcomes (draws, replications) of every variant in turn, by measure."""

    seed = 1

    def __init__(self, *variants: dict[str, np.ndarray]) -> None:
        self.variants = variants
        self.watcher = SimpleNamespace(stage=lambda _: None)

    def expect(self, evaluations: int, n: int) -> None:
        assert (evaluations, n) == (2 * 4, 2)

    def ask(self, questions):
        none = np.zeros(2)
        return [
            {k: self.variants[i % 2][k][i // 2] if k in self.variants[i % 2] else none for k in PLAIN}
            for i in range(len(questions))
        ]


def rows(*values: float) -> np.ndarray:
    return np.array([[v, v] for v in values], np.float64)


def told(dearer, saved):
    """Four draws of two variants."""
    first = {"cost_systems": rows(10, 10, 10, 10), "cost_raid": rows(100, 100, 100, 100)}
    later = {"cost_systems": rows(*(10 + d for d in dearer)), "cost_raid": rows(*(100 - s for s in saved))}
    pair = [SimpleNamespace(label=n, catalogue=CAT) for n in ("one", "two")]
    return payback(Told(first, later), pair, 3, 4, 2)[0]


def test_what_is_dearer_over_what_is_saved_by_hand():
    found = told([20, 20, 60, 0], [10, 40, -5, 30])
    assert (found.dearer.mean, found.saved.mean, found.worth.mean) == (25.0, 18.75, 3 * 18.75)
    assert (found.worth.low, found.worth.high) == (-15.0, 120.0), "of few draws the ends"
    assert found.after == (0.0, 0.5, math.inf) and found.never == 0.25
    assert raids_until(np.array([20.0, 20.0, 20.0, -1.0]), np.array([10.0, 0.0, -1.0, -1.0])).tolist() == [
        2.0, math.inf, math.inf, 0.0
    ]  # fmt: skip


def test_the_middle_of_draws_is_one_that_was_found():
    values = np.array([1.0, 2.0, math.inf, math.inf])
    assert [quantile_of(values, p) for p in (0.0, 0.25, 0.5, 0.51, 1.0)] == [1.0, 1.0, 2.0, math.inf, math.inf]


def test_chance_is_taken_out_of_the_draws():
    """As of the quantiles that stand beside them: where only chance differs, all draws are one."""
    rng = np.random.default_rng(3)
    noise = rng.standard_normal((64, 16))
    means = true_means(noise + 5.0 * rng.standard_normal((64, 1)))
    assert means.std(ddof=1) == pytest.approx(5.0, rel=0.2)
    alone = nested(noise)
    ends = np.quantile(true_means(noise), [0.05, 0.95], method="median_unbiased")
    assert ends == pytest.approx([alone.low, alone.high]) and np.ptp(ends) < np.ptp(noise.mean(axis=1))


def test_sentences_of_payback():
    found = told([20, 20, 60, 0], [10, 40, -5, 30])
    content = payback_content([found], "t")
    assert content["pairs"][0]["after"] == [0.0, 0.5, None]
    (line,) = content["answers"]
    assert line.startswith("“two” instead of “one” has paid after 0.5 raids like this one by the middle")
    assert "and after 0 to never in all 4 draws of the claims; 3 raids pay for systems that cost up to" in line
    heads, cells = payback_table(content)
    assert heads == ["", "two − one"] and cells[-1] == ["it never pays in", "25 % of the draws"]
    (half,) = payback_content([told([5, 5, 5, 5], [-1, -2, 0, 1])], "t")["answers"]
    assert "never pays in 75 % of 4 draws of the claims: it has paid after 5 to never in all 4 draws" in half
    (never,) = payback_content([told([5, 5, 5, 5], [-1, -2, 0, -1])], "t")["answers"]
    assert "pays in no draw of the claims" in never


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "no asset has a cost"),
        ({"raids": 0}, "--raids"),
        ({"stance": "manufacturer"}, "every draw has a stance of its own"),
        ({"variants": ["base"]}, "it takes two variants at least"),
        ({"draws": 1}, "--draws"),
    ],
)
def test_bad_questions_of_payback_are_told(asked, said, tmp_path):
    file = tmp_path / "raid.toml"
    text = scenes.BASE + f"\n[variants.scene]\n{scenes.PEACE}\n"
    file.write_text(text)
    with pytest.raises(ProblemsError) as caught:
        kalkan.payback(file, **{"draws": 2, "inner": 2, "out": tmp_path / "o", "progress": False} | asked)
    assert said in str(caught.value)


def test_a_defence_that_kills_pays_back_and_one_that_holds_fire_never(tmp_path):
    """Through the real engine: an attacker that always hits what costs 50 million, and 200 million of systems more."""
    base = scenes.BASE.replace("[[assets]]", '[[assets]]\ncost = "50 M USD"', 1)
    base = base.replace("[[systems]]", '[[systems]]\nprice = "100 M USD"', 1)
    base = base.replace("[assume.s-400]", "[assume.f-16c]\nhit_probability = 1\n[assume.s-400]", 1)
    file = tmp_path / "raid.toml"
    file.write_text(
        base + f"\n[variants.scene]\n{scenes.PEACE}\n" + '[variants.armed.systems.set]\nprice = "300 M USD"\n'
        + f'[variants.dear]\n{scenes.PEACE}\nsystems.set.price = "0.3 bn USD"\n'
    )  # fmt: skip
    how = {"draws": 4, "inner": 4, "raids": 5, "out": tmp_path / "o", "progress": False}
    pays, never = kalkan.payback(file, variants=["scene", "armed", "dear"], **how).answer
    assert pays.dearer.mean == never.dearer.mean == 200e6
    assert 40e6 < pays.saved.mean < 50e6 and pays.worth.mean == pytest.approx(5 * pays.saved.mean)
    assert 4.0 < pays.after[0] <= pays.after[1] <= pays.after[2] < 5.0 and pays.never == 0.0
    assert (never.saved.mean, never.never, never.after[0]) == (0.0, 1.0, math.inf)


# ------------------------------------------------------------------------------ the figures of money


def test_prices_are_told_as_figures_of_a_run_and_varied_where_money_is_asked_for():
    scenario = parse(SMALL)
    used = {(r["entry"], r["quantity"]) for r in compile_scenario(scenario, CAT).attrs["inputs"]}
    assert ("s-400", "price") in used and role("price", "system") == DRIVES
    with_money, without = ({f.path for f in disputed([parse(KEPT)], money=m)} for m in (True, False))
    assert {"s-400.price", "kalkan-model.maintenance_share"} <= with_money - without
    assert {p.rpartition(".")[2] for p in with_money - without} == set(SUMS)


def test_what_is_asked_later_comes_into_the_list_that_was_handed_out():
    inputs = Inputs(CAT, {})
    inputs.number("s-400", "price")
    listed = inputs.rows()
    inputs.number("92n6e", "target_channels")
    assert [r["entry"] for r in listed] == ["92n6e", "s-400"] and inputs.rows() is listed


def test_maintenance_is_a_share_of_the_price_in_each_year():
    one, kept = (compile_scenario(parse(t), CAT).attrs["system_price_usd"] for t in (SMALL, KEPT))
    share = CAT.resolve("kalkan-model", "maintenance_share").value
    assert {n: price * (1.0 + 20.0 * share) for n, price in one.items()} == pytest.approx(kept)
    assumed = KEPT + "[assume.kalkan-model]\nmaintenance_share = 0.5\n"
    assert compile_scenario(parse(assumed), CAT).attrs["system_price_usd"] == {n: 11.0 * p for n, p in one.items()}
    assert parse(SMALL + "\n[money]\n").identity != parse(KEPT).identity != parse(SMALL).identity


def test_the_spread_of_the_cost_of_systems_is_that_of_the_claims():
    """Drawn by the same draws as everything else: by hand from each draw's price and share."""
    scenario = parse(KEPT.replace('type = "s-400"', 'type = "s-400"\nfire_units = 2'))
    stances = [draw(CAT, 3, i, 8) for i in range(8)]
    costs = [sum(compile_scenario(scenario, CAT, stance=s).attrs["system_price_usd"].values()) for s in stances]
    units = 2 * len(scenario.systems)
    by_hand = [
        units * d.resolve("s-400", "price").value * (1 + 20 * d.resolve("kalkan-model", "maintenance_share").value)
        for d in (CAT.under(s) for s in stances)
    ]
    assert costs == pytest.approx(by_hand) and np.ptp(costs) > 0.3 * np.mean(costs)


def test_prices_can_drive_an_answer_about_money_and_no_other():
    class Known(Told):
        def expect(self, evaluations: int, n: int) -> None:
            pass

        def ask(self, questions):
            return [
                {k: np.full(2, CAT.under(q.stance).resolve("s-400", "price").value) for k in PLAIN} for q in questions
            ]

        def shared(self):
            return None

    scenario = parse(KEPT)
    for key, first in (("cost_systems", True), ("leakers", False)):
        found = propagate(Known(), [scenario], key=key, draws=32, inner=2)
        assert any(n.endswith("· price") for d in found.drivers for n in d.names) is first
        assert not first or found.drivers[0].names[0].endswith("· price")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('service = "20 km"', "is a length"), ('service = "100 years"', "60 years"), ("service = 20", "unit"),
        ("years = 2", "not known"),
    ],
)
def test_bad_service_is_told(line, said):
    (problem,) = check_text(SMALL + f"\n[money]\n{line}\n")
    assert said in problem.message and problem.where.startswith("money")
