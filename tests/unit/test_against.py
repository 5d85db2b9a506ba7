"""A variant may name the one that it is compared with."""

import pytest

import kalkan
from kalkan.errors import ProblemsError
from kalkan.scenario import parse, starter
from kalkan.views.run.summary import summary

VARIANTS = """
[variants.more]
[variants.more.systems.north]
launchers = 10
[variants.most]
against = "more"
[variants.most.systems.north]
launchers = 12
"""


def columns(tmp_path, text, **options):
    results = kalkan.run(parse(starter("small") + text), replications=2, out=tmp_path / "out", unknown=False, **options)
    return [(d["from"], d["to"]) for d in summary(results)["difference_columns"]], results


def test_a_variant_is_compared_with_the_one_that_it_names(tmp_path):
    found, _ = columns(tmp_path, VARIANTS)
    assert found == [("base", "more"), ("more", "most")]


def test_under_several_stances_each_keeps_to_its_own(tmp_path):
    found, _ = columns(tmp_path, VARIANTS, stance="low,high")
    assert [(a.rpartition(", ")[0], b.rpartition(", ")[0]) for a, b in found] == [
        ("base", "more"), ("more", "most"), ("base", "more"), ("more", "most")
    ]  # fmt: skip
    assert all(a.rpartition(", ")[2] == b.rpartition(", ")[2] for a, b in found)


def test_a_report_says_whom_each_is_compared_with(tmp_path):
    _, results = columns(tmp_path, VARIANTS)
    page = results.report().read_text(encoding="utf-8")
    assert "paired difference from “base”, of “most” from “more”" in page


def test_whom_a_variant_is_compared_with_is_no_part_of_what_it_is():
    texts = VARIANTS, VARIANTS.replace('against = "more"\n', "")
    one, other = (parse(starter("small") + text).variants_resolved()["most"] for text in texts)
    assert one.against == "more" and not other.against and one.identity == other.identity


MISTAKES = [('"moer"', 'did you mean "more"'), ('"most"', "not another variant"), ("3", "text in quotes")]


@pytest.mark.parametrize(("against", "told"), MISTAKES)
def test_it_must_be_another_variant(against, told):
    with pytest.raises(ProblemsError, match=told):
        parse(starter("small") + VARIANTS.replace('"more"', against))
