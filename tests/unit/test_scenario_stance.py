"""Stances and catalogue files in scenarios: read, checked, merged into variants, run side by side."""

import pytest

from kalkan.compile import compile_scenario
from kalkan.errors import ProblemsError
from kalkan.scenario import check_text, load, parse, starter

SMALL = starter("small")
MINE = """\
[sources.mine]
claimant = "I"
kind = "press"
title = "My paper"
date = "2026"
origin = "mine"
verified = "seen"

[91n6e.scan_period]
claims = [
  { value = 5, unit = "s", source = "mine" },
]
"""


def with_head(head):
    """The small scenario with keys before it, or with tables behind it."""
    return SMALL + head + "\n" if head.startswith("[") else head + "\n" + SMALL


def test_the_stance_reaches_the_plan():
    plans = {
        word: compile_scenario(parse(with_head(f'stance = "{word}"')), parse(SMALL).catalogue)
        for word in ("low", "best-source", "high")
    }
    ranges = [plans[w].plan.interceptors["range_max_m"].min() for w in plans]
    assert ranges == sorted(ranges)
    assert [plans[w].attrs["stance"] for w in plans] == list(plans)
    rows = {(r["entry"], r["quantity"]): r for r in plans["low"].attrs["inputs"]}
    assert rows["91n6e", "scan_period"]["source"] == "kopp-apa"
    assert all(r["url"].startswith("http") for r in rows.values() if r["source"] == "roe")


def test_a_table_names_claims():
    text = with_head('[stance]\nwhose = "press"\n[stance.claims.40n6e]\nmax_range = "hobby-wargame"')
    scenario = parse(text)
    assert scenario.stance == "press+40n6e.max_range=hobby-wargame"
    assert scenario.catalogue.value("40n6e", "max_range") == 380_000


def test_a_variant_may_take_another_stance():
    scenario = parse(SMALL + '\n[variants.brochure]\nstance = "manufacturer"\n')
    stances = {n: s.stance for n, s in scenario.variants_resolved().items()}
    assert stances == {"base": "best-source", "brochure": "manufacturer"}


def test_the_stance_changes_the_identity_and_the_list_of_files_does_not():
    plain = parse(SMALL).identity
    assert parse(with_head('stance = "consensus"')).identity == plain
    assert parse(with_head('stance = "low"')).identity != plain
    assert parse(with_head("catalogue = []")).identity == plain


@pytest.mark.parametrize(
    ("head", "line", "told"),
    [
        ('stance = "lo"', 1, 'stance = "lo"  is not a stance'),
        ("stance = 3", 1, "must be text"),
        ('stance = "sampled"', 1, 'needs a draw, such as "sampled:3"'),
        ('[stance]\nwhos = "low"', 2, 'did you mean "whose"'),
        ('[stance]\nwhose = "hihg"', 2, "is not a stance"),
        ('[stance.claims.91n6]\nscan_period = "kopp-apa"', 2, 'did you mean "91n6e"'),
        ('[stance.claims.91n6e]\nscan_period = "nobody"', 2, "there are kopp-apa"),
        ("[stance.claims.91n6e]\nscan_period = 5", 2, "must be the name of a source"),
        ('[stance.claims.91n6e]\ndetection_range = "mehr"', 2, "role error"),
        ('catalogue = "mine.toml"', 1, "must be a list of files"),
        ('catalogue = ["absent.toml"]', 1, "is not a file"),
    ],
)
def test_mistakes(head, line, told):
    problems = check_text(with_head(head))
    assert len(problems) == 1, problems
    assert told in f"{problems[0].where}  {problems[0].message}" and problems[0].line == line + (
        SMALL.count("\n") if head.startswith("[") else 0
    )


def test_a_mistake_in_a_variant_is_told_at_its_line():
    text = SMALL + '\n[variants.other]\nstance = "lo"\n'
    (problem,) = check_text(text)
    assert problem.line == text.count("\n") and "is not a stance" in problem.message


def test_a_catalogue_file_of_the_scenario(tmp_path):
    (tmp_path / "mine.toml").write_text(MINE)
    (tmp_path / "s.toml").write_text(with_head('catalogue = ["mine.toml"]\nstance = "press"'))
    scenario = load(tmp_path / "s.toml")
    assert scenario.catalogue.value("91n6e", "scan_period") == 5
    assert scenario.variants_resolved()["base"].catalogue.identity == scenario.catalogue.identity


def test_mistakes_in_a_catalogue_file_are_told_beside_those_of_the_scenario(tmp_path):
    (tmp_path / "mine.toml").write_text(MINE.replace('unit = "s"', 'unit = "m"'))
    (tmp_path / "s.toml").write_text(with_head('catalogue = ["mine.toml"]\nstance = "lo"'))
    with pytest.raises(ProblemsError) as caught:
        load(tmp_path / "s.toml")
    found = {(p.file.rpartition("/")[2], p.line) for p in caught.value.problems}
    assert found == {("mine.toml", 11), ("s.toml", 2)}


def test_a_callers_catalogue_file(tmp_path):
    (tmp_path / "mine.toml").write_text(MINE)
    (tmp_path / "s.toml").write_text(SMALL)
    assert (
        load(tmp_path / "s.toml", files=[tmp_path / "mine.toml"])
        .with_stances(["press"])
        .catalogue.value("91n6e", "scan_period")
        == 5
    )


# ------------------------------------------------------------------ side by side


def test_one_stance_keeps_the_names():
    scenario = parse(starter("second-batch")).with_stances(["low"])
    assert list(scenario.variants_resolved()) == list(parse(starter("second-batch")).variants_resolved())
    assert {s.stance for s in scenario.variants_resolved().values()} == {"low"}


def test_two_stances_are_run_side_by_side():
    plain = parse(starter("second-batch"))
    names = list(plain.variants_resolved())
    both = plain.with_stances(["low", "sampled:3"]).variants_resolved()
    assert list(both) == [f"{n} - {s}" for s in ("low", "sampled-3-64") for n in names]
    assert [v.variant for v in both.values()] == names * 2
    assert len({v.identity for v in both.values()}) == 2 * len(names)
    assert next(v.label for v in both.values()) == f"{plain.label}, low"


@pytest.mark.parametrize("wish", [["lo"], ["low", "low"], [], ["low", ""]])
def test_mistakes_in_the_stances_asked_for(wish):
    with pytest.raises(ProblemsError):
        parse(SMALL).with_stances(wish)
