"""Bayes' rule and areas, by cases worked out by hand."""

import numpy as np
import pytest

from kalkan.models.areas import along_corridor, in_polygon
from kalkan.models.identity import LEAST, identify, p_silent, weighed_most
from kalkan.physics import posterior
from kalkan.scenario.checks.outlines import crossing

HOSTILE, FRIENDLY, NEUTRAL = range(3)


def test_two_sides_and_one_reply():
    """Prior 1:1, a reply from 90 % of friends and 1 % of others: 0.9 / 0.91."""
    assert posterior([1, 1, 0], [0.01, 0.9, 0.01]) == pytest.approx([0.01 / 0.91, 0.9 / 0.91, 0.0])


def test_the_taxicab_problem():
    """Kahneman & Tversky's cab: 15 % are blue, the witness is right in 80 %: it was blue in 41 %."""
    assert posterior([0.15, 0.85, 0.0], [0.8, 0.2, 1.0])[0] == pytest.approx(0.12 / 0.29)


def test_three_sides_and_three_kinds():
    """0.4, 0.2, 0.4 times the products of three rows, by hand: 0.2304, 0.004, 0.00024."""
    p = posterior([0.4, 0.2, 0.4], [0.9, 0.1, 0.9], [0.8, 0.4, 0.02], [0.8, 0.5, 1 / 30])
    assert p == pytest.approx(np.array([0.2304, 0.004, 0.00024]) / 0.23464)


def test_evidence_that_is_alike_under_all_sides_changes_nothing():
    assert posterior([0.5, 0.3, 0.2], [0.7, 0.7, 0.7]) == pytest.approx([0.5, 0.3, 0.2])


def test_the_order_of_the_evidence_does_not_matter():
    rows = [[0.3, 0.2, 0.1], [0.9, 0.5, 0.2], [0.1, 0.6, 0.3]]
    assert posterior([1, 1, 1], *rows) == pytest.approx(posterior([1, 1, 1], *rows[::-1]))


def test_a_weight_of_a_half_takes_the_root_of_the_odds():
    """Odds 9:1 at weight 1/2 are 3:1."""
    assert posterior([1, 1, 0], [0.9, 0.1, 1.0], weights=[0.5])[0] == pytest.approx(0.75)


def test_nothing_is_certain():
    assert posterior([1, 1, 1], [1, 0, 0])[1] == pytest.approx(LEAST / (1 + 2 * LEAST))


@pytest.mark.parametrize(("asked", "silent"), [(0, 1.0), (1, 0.05 + 0.95 * 0.1), (2, 0.05 + 0.95 * 0.01), (60, 0.05)])
def test_silence_converges_to_what_interrogations_share(asked, silent):
    assert p_silent(asked, 0.9, 0.05) == pytest.approx(silent)


def test_silence_by_counting():
    """Of 200,000 sets, one in five broken, the others answering in 70 %: none of three answers."""
    rng = np.random.default_rng(1)
    broken, replies = rng.random(200_000) < 0.2, rng.random((200_000, 3)) < 0.7
    share = (broken | ~replies.any(axis=1)).mean()
    assert share == pytest.approx(p_silent(3, 0.7, 0.2), abs=4 * np.sqrt(0.2216 * 0.7784 / 200_000))


def test_what_weighed_most():
    rows = np.log(np.array([[[1, 1, 1], [0.5, 0.4, 0.1]], [[1, 1, 1], [0.9, 0.3, 0.9]], [[1, 1, 1], [0.1, 0.9, 0.1]]]))
    told, untold = np.array([1, 1, 1]), np.array([0, 0, 1])
    assert weighed_most(rows, told, HOSTILE, FRIENDLY) == 1  # 3:1 beside 5:4 and 1:9
    assert weighed_most(rows, told, HOSTILE, NEUTRAL) == 0
    assert weighed_most(rows, told, FRIENDLY, HOSTILE) == 2
    assert weighed_most(rows, untold, HOSTILE, FRIENDLY) == -1


def test_probabilities_sum_to_one_with_much_evidence():
    """Four hundred kinds of a likelihood of a thousandth: no underflow."""
    table, p = np.full((400, 2, 3), np.log(1e-3)), np.zeros(3)
    identify(np.log(np.array([0.5, 0.25, 0.25])), table, np.ones(400, np.int64), p)
    assert p == pytest.approx([0.5, 0.25, 0.25])


L_SHAPE = np.array([[9.0, 9.0], [0, 0], [4, 0], [4, 1], [1, 1], [1, 3], [0, 3], [9.0, 9.0]])


@pytest.mark.parametrize(
    ("x", "y", "inside"), [(0.5, 0.5, True), (3.0, 0.5, True), (0.5, 2.5, True), (3.0, 2.0, False), (-1, 0.5, False)]
)
def test_a_polygon_with_a_notch(x, y, inside):
    assert in_polygon(L_SHAPE, 1, 7, x, y) == inside


ROUTE = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0]])


@pytest.mark.parametrize(
    ("x", "y", "vx", "vy", "cosine"),
    [
        (50, 5, 1, 0, 1.0),
        (50, 5, -3, 0, 1.0),  # the other way is along it as well
        (50, 5, 0, 2, 0.0),
        (50, 11, 1, 0, -1.0),
        (95, 50, 1, 1, np.sqrt(0.5)),
        (-11, 0, 1, 0, -1.0),  # beyond its end
        (50, 0, 0, 0, 0.0),
    ],
)
def test_along_a_corridor(x, y, vx, vy, cosine):
    assert along_corridor(ROUTE, 0, 3, 10.0, x, y, vx, vy) == pytest.approx(cosine)


def test_lines_that_cross_themselves():
    bow = [(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)]
    assert crossing(bow, closed=True) == (0, 2)
    assert crossing(bow, closed=False) == (0, 2)
    assert crossing([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)], closed=True) is None
    assert crossing([(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 0.0)], closed=False) == (0, 2)  # it touches
    assert crossing([(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 0.5)], closed=False) is None
