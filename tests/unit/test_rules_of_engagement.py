"""Mistakes in zones, rules of engagement and what posts expect: all at once, each with its line and what is allowed."""

from pathlib import Path

import pytest

from kalkan.errors import ProblemsError
from kalkan.scenario import parse

FOLDER = Path(__file__).parent / "mistakes"
SOUND = (FOLDER / "sound.toml").read_text()
MISTAKEN = (FOLDER / "rules_of_engagement.toml").read_text()
ANSWER = (FOLDER / "rules_of_engagement.txt").read_text()


def test_every_mistake_is_told_at_once():
    with pytest.raises(ProblemsError) as caught:
        parse(SOUND + "\n" + MISTAKEN, file="raid.toml")
    assert str(caught.value).split("\n") == ANSWER.rstrip("\n").split("\n")


SOUND_RULES = """
[identity]
prior = { hostile = 0.3, friendly = 0.3, neutral = 0.4 }
[rules_of_engagement]
weapons_control = "free"
periods = [ { from = "10 min", until = "20 min", weapons_control = "hold" } ]
[[zones]]
name = "across the date line"
kind = "restricted"
area = [[36.0, 179.5], [36.5, 179.5], [36.5, -179.5], [36.0, -179.5]]
floor = "FL100"
[[zones]]
name = "gate"
kind = "minimum-risk-route"
line = [[36.9, 33.4], [36.5, 33.0], [36.2, 33.0]]
width = "8 km"
[variants.two.zones.gate]
width = "2 km"
[variants.two.rules_of_engagement]
weapons_control = "tight"
"""


def test_sound_rules_are_sound_and_a_variant_changes_them():
    """Posts tell sides apart as soon as a scenario says something about it."""
    plain = parse(SOUND)
    found = parse(SOUND + SOUND_RULES)
    assert not plain.tells_sides_apart and found.tells_sides_apart
    two = found.variants_resolved()["two"]
    assert two.rules_of_engagement.weapons_control == "tight" and len(two.rules_of_engagement.periods) == 1
    assert [z.width_m for z in two.zones] == [None, 2000.0]
    assert len({plain.identity, found.identity, two.identity}) == 3
