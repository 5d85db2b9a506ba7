"""How pictures are watched and rivals joined, as a scenario says it: every fault at once, with its line."""

from __future__ import annotations

import pytest

from kalkan.errors import ProblemsError
from kalkan.scenario import parse, starter

WRONG = """\
[command]
join_rivals = "yes"
[study]
picture_quality = "10 km"
picture_cut_off = "0 m"
"""


def test_every_fault_is_told_at_once():
    with pytest.raises(ProblemsError) as found:
        parse(starter("small").replace("[study]\n", WRONG))
    told = {(p.where.partition(" =")[0], p.message) for p in found.value.problems}
    assert told == {
        ("command · join_rivals", "must be true or false, without quotes"),
        ("study · picture_quality", 'is a length, not a time; write it as "10 s"'),
        ("study · picture_cut_off", "must be greater than zero"),
    }
    first = starter("small").splitlines().index("[study]") + 1
    assert [p.line for p in found.value.problems] == [first + 1, first + 3, first + 4]


@pytest.mark.parametrize(("written", "told"), [("-5 s", "must not be negative"), ("2 h", "at most 1 h")])
def test_a_period_has_its_bounds(written, told):
    with pytest.raises(ProblemsError, match=told):
        parse(starter("small").replace("[study]\n", f'[study]\npicture_quality = "{written}"\n'))


def test_what_is_not_written_is_off():
    study = parse(starter("small")).study
    assert study.picture_quality_s is None and study.picture_cut_off_m == 2000.0
