"""Grades of sources, class figures, and ranges of figures that stand alone."""

from __future__ import annotations

import itertools
import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalkan.catalogue import CONDITIONS, CatalogueError, Stance, draw, grade, load_catalogue, read_catalogue, voices
from kalkan.catalogue.best_source import best_source
from kalkan.catalogue.grades import GRADES, SPREAD, weight
from kalkan.catalogue.resolve import matches
from kalkan.catalogue.voices import CLASS_FACTOR, origin_of, spread, states_all

CAT = load_catalogue()
CLAIMS = [c for e in CAT.entries.values() for q in e.quantities.values() for c in q.claims]
ASPECTS = ("nose", "beam", "tail")


def cases():
    """Every resolved figure with its conditions."""
    for entry in CAT.entries.values():
        for name, item in entry.quantities.items():
            words = [[(key, w) for w in CONDITIONS[key] or CAT.ids("interceptor")] for key in item.spec.by]
            for combination in itertools.product(*words):
                try:
                    yield item, CAT.resolve(entry.id, name, **dict(combination)), dict(combination)
                except CatalogueError:
                    continue


CASES = list(cases())


def speaking(item, asked):
    """The claims that speak for a case, with the ranges that they count with."""
    given = {**item.default, **asked}
    able = [c for c in item.claims if not c.excluded and c.level == item.level and matches(c, given, item)]
    return voices(able, item)


# ------------------------------------------------------------------ a class figure is no aspect figure


@pytest.mark.parametrize("band", ["S", "C", "X"])
@pytest.mark.parametrize("aspect", ASPECTS)
def test_the_class_figure_of_a_course_page_is_no_figure_of_the_f35_from_any_side(band, aspect):
    asked = {"band": band, "aspect": aspect}
    assert CAT.resolve("f-35a", "rcs", **asked).claim.source != "bhaswanth"
    drawn = {CAT.resolve("f-35a", "rcs", stance=draw(CAT, 1, i, 64), **asked).claim.source for i in range(64)}
    assert "bhaswanth" not in drawn
    assert all(
        CAT.resolve("f-35a", "rcs", stance=Stance(w), **asked).claim.source != "bhaswanth" for w in ("low", "high")
    )


def test_a_class_figure_never_speaks_beside_one_that_states_the_aspect():
    for item, found, _ in CASES:
        stated = any(states_all(c, item) for c in item.claims if c.conditions.get("aspect"))
        if found.claim is not None and not states_all(found.claim, item):
            assert "class figure" in found.rule and found.marked, (item.name, found.rule)
            assert found.low < found.value < found.high
            mine = [c for c in speaking(item, {k: found.conditions[k] for k in item.spec.by}) if states_all(c, item)]
            assert not mine, (item.name, stated)


def test_where_no_aspect_is_claimed_a_class_figure_serves_marked_and_with_its_range():
    found = CAT.resolve("bayraktar-tb2", "rcs", band="X", aspect="nose")
    assert found.value == 0.5 and (found.low, found.high) == (0.1, 2.0)
    assert found.rule == "the only origin, grade D; a class figure that states no aspect"
    tail = CAT.resolve("one-way-attack-drone", "rcs", band="X", aspect="tail")
    assert (tail.low, tail.high) == pytest.approx((0.23 / CLASS_FACTOR, 0.23 * CLASS_FACTOR))
    assert CAT.resolve("one-way-attack-drone", "rcs", band="X", aspect="beam").value == 1.6


def test_the_range_of_a_class_figure_is_what_aspects_differ_by():
    """Beam over nose of every origin that gives both in one band, over what flies: their middle is a factor of 4."""
    ratios = {}
    for entry in CAT.ids("air vehicle"):
        rows = [c for c in CAT.quantity(entry, "rcs").claims if not c.excluded and c.kind != "assumption"]
        for nose, beam in itertools.product(rows, rows):
            same = nose.origin == beam.origin and set(nose.conditions["band"]) & set(beam.conditions["band"])
            if same and (nose.conditions.get("aspect"), beam.conditions.get("aspect")) == ("nose", "beam"):
                ratios.setdefault((entry, nose.origin), float(beam.figure) / float(nose.figure))
    assert len(ratios) >= 10
    assert statistics.median(ratios.values()) == pytest.approx(CLASS_FACTOR, rel=0.5)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_one_page_more_or_less_moves_no_cross_section_of_the_f35_to_an_end(aspect):
    """The cliff: from a nose of 0.0005 m2 to 0.003 m2 on one page. Without any one origin: within a factor of 10."""
    item = CAT.quantity("f-35a", "rcs")
    heard = speaking(item, {"band": "X", "aspect": aspect})
    base = float(best_source(heard, {}).value)
    for origin in {c.origin for c in heard}:
        rest = [c for c in heard if c.origin != origin]
        if rest:
            assert base / 10 < float(best_source(rest, {}).value) < 10 * base
    if aspect == "nose":
        assert 1e-4 <= base <= 6e-4


# ------------------------------------------------------------------ words that promise no more than there is


def test_consensus_is_said_only_where_two_independent_origins_agree():
    said = 0
    for item, found, asked in CASES:
        if "consensus" in found.rule:
            agree = [c for c in speaking(item, asked) if c.figure == found.value or close(c.figure, found.value)]
            assert len({c.origin for c in agree}) >= 2, (item.name, found.rule)
            said += 1
        elif len({c.origin for c in speaking(item, asked) if c.kind != "assumption"}) == 1:
            assert found.rule.startswith("the only origin, grade ")
    assert said > 20


def close(a, b):
    return isinstance(a, float) and isinstance(b, float) and abs(a - b) <= 0.021 * max(abs(a), abs(b))


def test_every_rule_names_a_grade_or_says_that_it_is_kalkans():
    for _, found, _ in CASES:
        assert f"grade {found.grade}" in found.rule or "kalkan's assumption" in found.rule or "consensus" in found.rule


# ------------------------------------------------------------------ grades


@pytest.mark.parametrize(
    ("source", "letter"),
    [
        ("openap", "A"),  # analysts, read
        ("solovyov", "A"),  # a general, read
        ("kharkiv", "B"),  # a university, via a game
        ("foi-report", "B"),  # analysts, recalled
        ("jpost", "C"),  # the press, read
        ("roe", "C"),  # a maker, recalled
        ("flightgear", "D"),  # another simulator
        ("wikipedia-s400", "D"),  # an encyclopaedia, recalled
        ("cmo-4315", "D"),  # an anonymous reading of pictures
        ("kalkan", "E"),
    ],
)
def test_grades_by_hand(source, letter):
    assert {grade(c) for c in CLAIMS if c.source == source and c.kind == next(iter(kinds(source)))} == {letter}


def kinds(source):
    return sorted({c.kind for c in CLAIMS if c.source == source}, key=lambda k: k == "estimate")


def test_two_origins_of_a_grade_weigh_as_one_of_the_grade_above():
    by_grade = {g: next(c for c in CLAIMS if grade(c) == g) for g in GRADES}
    weights = {g: weight([c]) for g, c in by_grade.items()}
    for worse, better in zip("BCD", "ABC", strict=True):
        assert 2 * weights[worse] == weights[better]
    assert weights["E"] == weights["D"]


SOURCE = """
[sources.{name}]
claimant = "{name}"
kind = "{kind}"
title = "T"
date = "2020"
origin = "{name}"
verified = "seen"
"""


def radar(tmp_path, *rows):
    """What a catalogue of a few claims about one range says: (kind, value) for each origin."""
    text = "".join(SOURCE.format(name=f"s{i}", kind=kind) for i, (kind, _) in enumerate(rows))
    text += '[thing]\nkind = "deal"\nname = "N"\nlevel = "deal"\n[thing.range]\nclaims = [\n'
    text += "".join(f'  {{ value = {v}, unit = "km", source = "s{i}" }},\n' for i, (_, v) in enumerate(rows)) + "]\n"
    (tmp_path / "own.toml").write_text(text)
    return read_catalogue([tmp_path / "own.toml"]).resolve("thing", "range")


def test_quality_outweighs_number_and_number_outweighs_nothing_better(tmp_path):
    one = radar(tmp_path, ("independent-analysis", 100), ("estimate", 200), ("estimate", 200), ("estimate", 200))
    assert one.value == 100e3 and one.rule == "best source of 4 origins, no other agrees, grade A"
    many = radar(tmp_path, ("press", 100), ("press", 200), ("press", 201))
    assert many.value == 200e3 and many.rule.startswith("consensus: 2 of 3 origins, best grade C")


def test_of_equals_the_middle_one_is_taken_and_nothing_is_averaged(tmp_path):
    found = radar(tmp_path, *(("estimate", value) for value in (100, 5000, 210, 130, 1)))
    assert found.value == 130e3 and "the middle one" in found.rule


# ------------------------------------------------------------------ a figure that stands alone


def test_a_lone_figure_without_a_range_gets_one_by_its_grade(tmp_path):
    for kind, letter in (("independent-analysis", "A"), ("manufacturer", "B"), ("press", "C"), ("estimate", "D")):
        found = radar(tmp_path, (kind, 100))
        share = SPREAD[letter].share
        assert (found.low, found.high) == pytest.approx((100e3 * (1 - share), 100e3 * (1 + share)))
        assert found.value == 100e3 and f"kalkan's, by grade {letter}" in found.rule
        assert "no range" in found.marked and found.claim.low is None, "the claim itself stays as it is listed"


def test_two_origins_and_ranges_of_their_own_are_left_alone(tmp_path):
    found = radar(tmp_path, ("estimate", 100), ("estimate", 140))
    assert found.marked == "" and found.low is None
    scan = CAT.resolve("91n6e", "scan_period")
    assert (scan.low, scan.high, scan.marked) == (6.0, 12.0, "")


def test_full_circles_and_small_counts_are_facts_of_what_a_thing_is():
    assert CAT.resolve("91n6e", "sector_width").marked == ""
    assert CAT.resolve("48n6e3", "missiles_per_tube").marked == ""


@given(value=st.floats(0.0, 1.0), letter=st.sampled_from("ABCD"))
def test_a_fraction_stays_one(value, letter):
    claim = next(c for c in CLAIMS if c.quantity == "kill_probability")
    low, high = spread(claim, value, SPREAD[letter])
    assert 0.0 <= low <= value <= high <= 1.0


def test_worse_grades_have_wider_ranges():
    for one, other in itertools.pairwise("ABCD"):
        assert all(a < b for a, b in zip(SPREAD[one], SPREAD[other], strict=True))


def test_an_assumption_beside_others_is_drawn_and_is_never_the_best_source():
    beside = [c for c in CLAIMS if c.beside]
    assert len(beside) >= 8 and all(c.kind == "assumption" and len(c.note) > 10 for c in beside)
    assert all(found.claim is None or not found.claim.beside for _, found, _ in CASES)
    drawn = [CAT.resolve("5p85", "launch_interval", stance=draw(CAT, 2, i, 200)) for i in range(200)]
    ours = [found for found in drawn if origin_of(found.claim).startswith("kalkan: ")]
    assert len(ours) == pytest.approx(100, abs=30) and max(found.value for found in ours) > 5.0
    assert math.isclose(min(found.value for found in drawn), 1.5, rel_tol=0.05)


# ------------------------------------------------------------------ the figures that matter most

REVIEWED = (
    "92n6e.detection_range", "9m96e2.max_speed", "48n6e3.unit_cost", "9m96e2.unit_cost", "one-way-attack-drone.rcs",
    "f-35a.rcs", "subsonic-cruise-missile.rcs", "bayraktar-tb2.rcs", "55k6e.reaction_time", "48n6e3.kill_probability",
    "9m96e2.kill_probability", "5p85.launch_interval", "s-400.load", "kalkan-model.coordination",
    "92n6e.target_channels", "92n6e.missile_channels", "92n6e.elevation_min", "subsonic-cruise-missile.hit_probability",
    "s-400.launchers_per_fire_unit",
)  # fmt: skip


@pytest.mark.parametrize("path", REVIEWED)
def test_what_matters_most_is_reviewed_with_its_reason(path):
    assert len(CAT.quantity(*path.split(".")).review) > 100
