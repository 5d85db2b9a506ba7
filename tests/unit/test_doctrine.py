"""Doctrine by class of target: what a class leaves out follows the doctrine's own table; mistakes are told in words."""

import pytest

from kalkan.errors import ProblemsError
from kalkan.scenario import parse
from kalkan.scenario.nouns.doctrine import Against, Doctrine
from kalkan.scenario.writing.overrides import read_parameter, with_values
from tests.engine.harness import raid, scenario


def test_a_class_takes_over_what_it_leaves_out() -> None:
    doctrine = Doctrine(salvo=3, last_resort=("48n6e3",), uav=Against(salvo=1, look=False))
    drones, others = doctrine.against("uav"), doctrine.against("cruise-missile")
    assert (drones.salvo, drones.look, drones.last_resort) == (1, False, ("48n6e3",))
    assert (others.salvo, others.look, others.last_resort) == (3, None, ("48n6e3",))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('assignment = "optimal"', "holds for all classes of targets; write it into [doctrine.standard]"),
        ("salv = 2", 'is not known here — did you mean "salvo"?'),
        ('never = ["48n6e33"]', 'is not in the catalogue — did you mean "48n6e3"?'),
        ('never = ["48n6e3", "48n6e3"]', "is named twice"),
        ('never = ["48n6e3"]\npreferred = ["48n6e3"]', 'holds "48n6e3", which is also preferred or a last resort'),
        ('preferred = ["92n6e"]', "is a"),
    ],
)
def test_mistakes_in_a_class_are_told_with_place_and_remedy(line: str, told: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        parse(scenario(raid()) + f"[doctrine.standard.uav]\n{line}\n")
    assert told in str(caught.value)
    assert 'doctrine "standard" · uav' in str(caught.value)


AT_ONCE = scenario(raid(), look=False).replace("max_salvos = 1\n", "max_salvos = 3\n")
IDLE = AT_ONCE + """
[doctrine.standard.drone]
salvo = 1
[doctrine.standard.uav]
preferred = ["pac-3-mse", "9m96e2"]
[doctrine.thirfty]
reserve = 3
"""


def test_rules_that_can_never_apply_are_told_all_at_once() -> None:
    with pytest.raises(ProblemsError) as caught:
        parse(IDLE, file="raid.toml")
    told = {p.where.partition(" = ")[0]: (p.line, p.message) for p in caught.value.problems}
    lines = IDLE.splitlines()
    assert told.keys() == {
        'doctrine "standard" · max_salvos', 'doctrine "standard" · drone', 'doctrine "standard" · uav · preferred #1',
        'doctrine "thirfty"',
    }  # fmt: skip
    for where, text, message in (
        ("max_salvos", "max_salvos = 3", "has no effect with look = false: one salvo, then the target is left"),
        ("drone", "[doctrine.standard.drone]", 'is not a class of targets; known: "aircraft", '
         '"anti-radiation-missile", "ballistic-missile", "cruise-missile", "uav"'),
        ("preferred #1", 'preferred = ["pac-3-mse", "9m96e2"]', 'is not carried by "s-400"'),
        ("thirfty", "[doctrine.thirfty]", 'is followed by no system, here or in a variant; write doctrine = "thirfty"'),
    ):
        line, said = next(found for place, found in told.items() if where in place)
        assert lines[line - 1] == text and said.startswith(message), said


def test_a_doctrine_that_is_nearly_a_systems_is_shown_the_name() -> None:
    text = scenario(raid()).replace("reload_sets", 'doctrine = "thrifty"\nreload_sets')
    text = text.replace("[doctrine.standard]", "[doctrine.thrifty]") + "[doctrine.thirfty]\nreserve = 3\n"
    with pytest.raises(ProblemsError, match=r'followed by no system.* did you mean "thrifty"'):
        parse(text)
    with pytest.raises(ProblemsError, match='write doctrine = "set" into the system "set"'):
        parse(scenario(raid()) + "[doctrine.set]\nreserve = 3\n")


def test_what_only_a_variant_uses_is_not_idle() -> None:
    """A doctrine and a missile that the plain file leaves unused, each used in a variant; looks that one takes away."""
    text = scenario(raid()) + """
[doctrine.thrifty]
reserve = 3
never = ["pac-3-mse"]
[variants.thrifty.systems.set]
doctrine = "thrifty"
[variants.american.systems.second]
doctrine = "thrifty"
type = "patriot"
position = [39.1, 33.0]
[variants.at-once.doctrine.standard]
look = false
"""
    assert {*parse(text).variants_resolved()} == {"base", "thrifty", "american", "at-once"}
    with pytest.raises(ProblemsError) as caught:
        parse(text + "max_salvos = 2\n[variants.at-once.doctrine.careful]\nreserve = 1\n")
    assert [p.where for p in caught.value.problems] == [
        'variants "at-once" · doctrine "standard" · max_salvos = 2', 'variants "at-once" · doctrine "careful"',
    ]  # fmt: skip


def test_looks_may_be_given_back_to_a_class() -> None:
    text = AT_ONCE + "[doctrine.standard.uav]\nlook = true\n"
    assert parse(text).doctrine["standard"].against("uav").max_salvos == 3
    parse(scenario(raid(), look=False))


def test_a_sweep_of_looks_is_not_refused() -> None:
    """Written beside each other they are a mistake; in a sweep one of them is the question."""
    plain = parse(scenario(raid(), max_salvos=3))
    look = read_parameter(plain, "doctrine.standard.look")
    assert with_values(plain, {look: False}).doctrine["standard"].look is False


def test_limits_that_cannot_be_meant_are_told_all_at_once() -> None:
    """Ranges that leave nothing between them, moves without a time, vehicles without anything to bring."""
    text = scenario(raid()).replace("[doctrine.standard]\n", '[doctrine.standard]\nearliest_range = "40 km"\n')
    text = text.replace("reload_sets = 0", "reload_vehicles = 2\ndisplace_after = 4")
    with pytest.raises(ProblemsError) as caught:
        parse(text + '[doctrine.standard.uav]\nlatest_range = "50 km"\nripple_interval = "2"\n', file="raid.toml")
    told = {p.where.partition(" = ")[0]: (p.line, p.message) for p in caught.value.problems}
    said = {
        'systems "set" · reload_vehicles': "has nothing to bring: reload_sets is 0; write how many are in stock",
        'systems "set" · displace_after': "belongs to displacement_time",
        'doctrine "standard" · uav · latest_range':
            "leaves nothing to shoot at: latest_range must be less than earliest_range",
        'doctrine "standard" · uav · ripple_interval': 'needs a unit, such as "10 s"',
    }  # fmt: skip
    assert told.keys() == said.keys() and all(line > 0 for line, _ in told.values())
    assert all(told[where][1].startswith(message) for where, message in said.items()), told


def test_a_launcher_has_tubes_for_its_load_and_a_class_is_known() -> None:
    text = scenario(raid()).replace('{ "48n6e3" = 4 }', '{ "48n6e3" = 5 }') + "[doctrine.standard.bomber]\nsalvo = 1\n"
    with pytest.raises(ProblemsError) as caught:
        parse(text)
    assert "needs 5 tubes, but a launcher has 4" in str(caught.value)
    assert "is not a class of targets; known:" in str(caught.value)
