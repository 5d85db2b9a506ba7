"""How raids react: what is read, and every mistake at once, with its line and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from kalkan.catalogue import load_catalogue
from kalkan.catalogue.kinds import CIVIL
from kalkan.compile import compile_scenario
from kalkan.errors import ProblemsError
from kalkan.kernels import reacting
from kalkan.scenario import parse, starter
from kalkan.scenario.nouns.fields import Altitude
from kalkan.scenario.nouns.reactions import ABORT, DESCEND, DOES, ILLUMINATED, SHOT_AT, TURN_BACK, WHENS
from tests.unit.test_ballistic_raids import RAID as FALLING

RAID = """
[[raids]]
name = "strike"
type = "f-16c"
count = 2
route = [
  { position = [35.2, 33.2], altitude = "8 km MSL" },
  { position = [36.0, 33.2], altitude = "6 km MSL" },
  { position = [36.4, 33.0], altitude = "8 km MSL" },
]
aim = "harbour"
release = 2
"""


def told(text: str) -> dict[str, str]:
    """Last part of each place, and what is said of it."""
    with pytest.raises(ProblemsError) as caught:
        parse(starter("small") + text, file="raid.toml")
    assert all(p.line for p in caught.value.problems)
    return {p.where.partition(" = ")[0].rpartition("· ")[2]: p.message for p in caught.value.problems}


def one(reaction: str, raid: str = RAID) -> dict[str, str]:
    return told(f"{raid}react = [{{ {reaction} }}]\n")


def test_reactions_are_read_as_written_and_by_default_there_are_none():
    text = 'react = [{ when = "shot at", do = "descend", to = "60 m AGL", delay = "5 s", chance = 0.5 }, '
    raid = parse(starter("small") + RAID + text + '{ when = "illuminated", do = "abort" }]\n').raids[1]
    first, second = raid.react
    assert (first.when, first.do, first.to, first.delay_s, first.chance) == (
        SHOT_AT, DESCEND, Altitude(60.0, "ground"), 5.0, 0.5
    )  # fmt: skip
    assert (second.when, second.do, second.to, second.delay_s, second.chance) == (ILLUMINATED, ABORT, None, 0.0, 1.0)
    assert parse(starter("small")).raids[0].react == ()


def test_the_words_are_in_the_order_of_the_codes():
    assert (WHENS.index(ILLUMINATED), WHENS.index(SHOT_AT)) == (reacting.ILLUMINATED, reacting.SHOT_AT)
    codes = (reacting.DESCEND, reacting.TURN_BACK, reacting.ABORT)
    assert (DOES.index(DESCEND), DOES.index(TURN_BACK), DOES.index(ABORT)) == codes
    assert len(WHENS) * len(DOES) == reacting.MOST


def test_an_empty_list_is_no_difference():
    calm, empty = (parse(starter("small") + RAID + more) for more in ("", "react = []\n"))
    reacts = parse(starter("small") + RAID + 'react = [{ when = "shot at", do = "abort" }]\n')
    assert calm.identity == empty.identity != reacts.identity


def test_variants_react_each_in_its_own_way():
    text = starter("small") + RAID + '[variants.shy.raids.strike]\nreact = [{ when = "shot at", do = "turn back" }]\n'
    base, shy = parse(text).variants_resolved().values()
    assert not base.raids[1].react and shy.raids[1].react[0].do == TURN_BACK
    plans = [compile_scenario(s, load_catalogue()).plan.reacting for s in (base, shy)]
    assert [p.on for p in plans] == [0, 1] and plans[0].vehicles.size == 0


def test_unknown_words_are_told_with_the_known_ones():
    found = one('when = "iluminated", do = "turn-back", dela = "5 s", chance = 2, delay = "5"')
    assert found["when"].startswith('must be one of "illuminated", "shot at" — did you mean "illuminated"')
    assert found["do"].startswith('must be one of "descend", "turn back", "abort" — did you mean "turn back"')
    assert found["chance"] == "must be between 0 and 1" and found["delay"].startswith("needs a unit")
    assert found["dela"].startswith("is not known here")


def test_a_descent_needs_an_altitude_below_its_route():
    assert one('when = "shot at", do = "descend"')["to"].startswith("is missing; descend needs the altitude")
    high = one('when = "shot at", do = "descend", to = "8 km MSL"')["to"]
    assert high == "is no descent: the route is nowhere higher than 8000 m; write a lower altitude"
    assert one('when = "shot at", do = "descend", to = "60 m"')["to"].startswith('needs "60 m AGL"')
    lower = f'{RAID}react = [{{ when = "shot at", do = "descend", to = "7 km MSL" }}]\n'
    assert parse(starter("small") + lower).raids[1].react[0].to == Altitude(7000.0, "sea")  # lower than two of three


def test_an_altitude_is_for_descents():
    found = one('when = "shot at", do = "turn back", to = "60 m AGL"')
    assert found["to"] == 'is for descend; "turn back" stays at the height of its route'


def test_who_aborts_has_a_release_to_leave_undone():
    raid = RAID.replace("release = 2\n", "").replace("[36.4, 33.0]", "[36.12, 33.20]")
    found = one('when = "shot at", do = "abort"', raid)
    assert found["do"].startswith("abort is for a raid with a release") and '"turn back"' in found["do"]


def test_a_reaction_stands_once():
    same = '{ when = "shot at", do = "abort" }'
    found = told(f"{RAID}react = [{same}, {same}]\n")
    assert found == {"do": 'stands twice for what is "shot at"; a vehicle does it once'}


@pytest.mark.parametrize("kind", ["decoy", "anti-radiation-missile"])
def test_who_cannot_react_is_refused(kind):
    found = one('when = "shot at", do = "turn back"', RAID.replace("f-16c", kind))
    assert found["react"].startswith(f'"{kind}" does not react: the catalogue claims no steepest_descent for it')


def test_what_falls_does_not_react():
    found = told(FALLING + 'react = [{ when = "shot at", do = "turn back" }]\n')
    assert found["react"].startswith("is not for ballistic missiles")


def test_not_with_exposure_and_only_as_a_list():
    found = told(RAID + 'exposure = "60 s"\nreact = [{ when = "shot at", do = "turn back" }]\n')
    assert found["react"].startswith("does not go with exposure")
    assert told(RAID + 'react = "turn back"\n')["react"]


def test_a_closed_form_needs_raids_that_fly_on():
    text = (Path(__file__).parents[2] / "examples/theory/magazine.toml").read_text()
    assert parse(text).theory
    down = 'react = [{ when = "shot at", do = "turn back" }]'
    with pytest.raises(ProblemsError) as caught:
        parse(text.replace("[[raids]]", f"[[raids]]\n{down}", 1))
    assert "needs raids that fly on as written: no react" in str(caught.value)


def test_who_reacts_has_a_claim_and_no_civil_aircraft_does():
    catalogue = load_catalogue()
    can = {v for v in catalogue.ids("air vehicle") if "steepest_descent" in catalogue.entry(v).quantities}
    assert can == set(catalogue.ids("air vehicle")) - {"decoy", "anti-radiation-missile"}
    assert not any("steepest_descent" in catalogue.entry(v).quantities for v in catalogue.ids(CIVIL))
