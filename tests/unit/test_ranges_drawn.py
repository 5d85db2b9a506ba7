"""What a draw takes from a range: the best value lies in the middle of it, whatever the range's two sides."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from kalkan.catalogue import CONDITIONS, CatalogueError, Stance, draw, load_catalogue, span, voices
from kalkan.catalogue.place import pool
from kalkan.catalogue.ranges import figure_at
from kalkan.catalogue.resolve import matches
from kalkan.catalogue.voices import origin_of

CAT = load_catalogue()
TAIL = 0.05


def _numbers():
    """Every number that the catalogue answers with, and the claims that speak for it."""
    for entry in CAT.entries.values():
        for name, item in entry.quantities.items():
            if item.dimension == "text" or "P" in item.conflict.split():
                continue
            words = [[(key, w) for w in CONDITIONS[key] or CAT.ids("interceptor")] for key in item.spec.by]
            for chosen in itertools.product(*words):
                try:
                    found = CAT.resolve(entry.id, name, **dict(chosen))
                except CatalogueError:
                    continue
                asked = {**item.default, **dict(chosen)}
                able = [c for c in item.claims if not c.excluded and c.level == item.level and matches(c, asked, item)]
                yield f"{entry.id}.{name} {dict(chosen)}", item, float(found.value), voices(able, item)


NUMBERS = list(_numbers())


def _model(quantity: str, **changes: object):
    """kalkan's claim about its own model, changed, and its quantity."""
    item = CAT.quantity("kalkan-model", quantity)
    return replace(item.claims[0], **changes), item


def test_every_best_value_of_the_catalogue_lies_within_what_is_drawn_for_it():
    """At most 95 % of what is drawn lies below it, and at most 95 % above: it is at no edge of its own range."""
    apart = []
    for name, item, best, heard in NUMBERS:
        drawn = np.array([float(x) for x, _ in pool(heard, item)])
        slack = 1e-9 * abs(best)
        below, above = (drawn < best - slack).mean(), (drawn > best + slack).mean()
        if max(below, above) > 1.0 - TAIL:
            apart.append((name, best, below, above))
    assert len(NUMBERS) > 700 and not apart


def test_half_of_what_one_claim_says_lies_on_either_side_of_its_figure():
    """Of every claim with a figure and a range, for every number that is no count."""
    seen = 0
    for name, item, _, heard in NUMBERS:
        for claim in heard:
            low, high = span(claim)
            if low == high or item.spec.whole:
                continue
            drawn = [float(figure_at([claim], item, (k + 0.5) / 200)[0]) for k in range(200)]
            slack = 1e-9 * abs(claim.figure)
            assert sum(x < claim.figure - slack for x in drawn) <= 100, name
            assert sum(x > claim.figure + slack for x in drawn) <= 100, name
            assert low - slack <= min(drawn) and max(drawn) <= high + slack, name
            seen += 1
    assert seen > 500


def test_a_lopsided_range_is_drawn_evenly_on_either_side():
    """5 s, 0 to 20 s: half below 5 s, evenly, and half above, evenly. Against: closed form."""
    claim, item = _model("crew_delay")
    assert (claim.low, claim.value, claim.high) == (0.0, 5.0, 20.0)
    for place, value in ((0.0, 20.0), (0.25, 12.5), (0.5, 5.0), (0.75, 2.5), (1.0, 0.0)):  # less is more capable
        assert figure_at([claim], item, place)[0] == pytest.approx(value)


def test_what_is_uncertain_by_a_factor_is_even_in_its_logarithm():
    """A false-alarm probability of 1e-6, 1e-8 to 1e-4: as many draws between 1e-6 and 1e-5 as above. Closed form."""
    item = CAT.quantity("92n6e", "reference_p_fa")
    (claim,) = (c for c in item.claims if not c.excluded)
    drawn = np.sort([float(figure_at([claim], item, (k + 0.5) / 400)[0]) for k in range(400)])
    assert np.log10(drawn) == pytest.approx(np.linspace(-8.0, -4.0, 801)[1::2], abs=1e-9)


@pytest.mark.parametrize(
    ("low", "value", "high", "shares"),
    [
        (1, 2, 3, {1: 1 / 3, 2: 1 / 3, 3: 1 / 3}),
        (1, 1, 2, {1: 2 / 3, 2: 1 / 3}),
        (1, 2, 4, {1: 1 / 3, 2: 1 / 6 + 1 / 10, 3: 1 / 5, 4: 1 / 5}),
    ],
)
def test_counts_are_whole_with_their_figure_in_the_middle(low, value, high, shares):
    """Each number has its half on either side. Against: closed form."""
    claim, item = _model("salvo", low=float(low), value=float(value), high=float(high))
    n = 3000
    found = Counter(figure_at([claim], item, (k + 0.5) / n)[0] for k in range(n))
    assert {k: v / n for k, v in found.items()} == pytest.approx(shares, abs=2e-3)


def test_the_draws_have_the_same_middle():
    """Through `draw` itself: the median over a design is the best value, for kalkan's assumptions that stand alone."""
    draws, seen = [draw(CAT, 3, i, 64) for i in range(64)], 0
    for name, item, best, heard in NUMBERS:
        if len({origin_of(c) for c in heard}) > 1 or len(heard) > 1 or item.spec.whole or not name.startswith("kalkan"):
            continue
        path = name.partition(" ")[0].partition(".")
        held = {key: heard[0].conditions[key] for key in item.spec.by}
        values = [float(CAT.resolve(path[0], path[2], stance=d, **held).value) for d in draws]
        below, above = sum(v < best for v in values), sum(v > best for v in values)
        if best in span(heard[0]):  # the end of its own range, as a share of 1: the other half of the draws lies on it
            assert sorted((below, above)) == [0, 32], name
        else:
            assert below == above == 32, name
        seen += 1
    assert seen > 20


def test_the_ends_are_the_ends_that_are_claimed():
    """Nothing that is claimed is cut off: only what lies between is weighed."""
    for name, item, _, heard in NUMBERS:
        if len({origin_of(c) for c in heard}) < len(heard):  # claims of one origin follow each other in steps
            continue
        drawn = [float(x) for x, _ in pool(heard, item)]
        ends = [end for c in heard for end in span(c)]
        assert math.isclose(min(drawn), min(ends), rel_tol=1e-9, abs_tol=1e-12), name
        assert math.isclose(max(drawn), max(ends), rel_tol=1e-9, abs_tol=1e-12), name
    found = CAT.resolve("kalkan-model", "crew_delay", stance=Stance("low"))
    assert found.value == 20.0
