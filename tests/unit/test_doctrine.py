"""Doctrine by class of target: what a class leaves out follows the doctrine's own table; mistakes are told in words."""

import pytest

from kalkan.errors import ProblemsError
from kalkan.scenario import parse
from kalkan.scenario.doctrine import Against, Doctrine
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
