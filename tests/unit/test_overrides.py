"""Parameters set from outside the file: what may be varied, in every variant, and what is refused."""

from __future__ import annotations

import pytest

from kalkan.errors import ProblemsError
from kalkan.scenario import parse, starter
from kalkan.scenario.writing.overrides import keepers, read_ends, read_parameter, read_values, with_values
from kalkan.studies.sweep import points_of, read_axes

SCENARIO = parse(
    starter("small")
    + '\n[variants.rapid]\nlabel = "rapid"\n[variants.rapid.assume.91n6e]\nscan_period = "6 s"\n'
)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,2,3", [1, 2, 3]),
        ("1..4", [1, 2, 3, 4]),
        ("0.5..0.9:3", [0.5, 0.7, 0.9]),
        ("100 km..300 km:3", ["100 km", "200 km", "300 km"]),
        ("10 km, 20 km", ["10 km", "20 km"]),
        ("true,false", [True, False]),
        ("optimal,nearest-first", ["optimal", "nearest-first"]),
    ],
)
def test_values(text: str, values: list) -> None:
    assert read_values(text) == values


@pytest.mark.parametrize("text", ["", "3..1", "1 km..2 s", "1..9:1", "a..b", "1..3:x"])
def test_bad_values(text: str) -> None:
    with pytest.raises(ValueError, match=r"range|values|needs"):
        read_values(text)


def test_ends() -> None:
    assert read_ends("100..300 km") == (100.0, 300.0, "km")


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("raids.cruise.count", "input of the study"),
        ("assets.harbour.value", "input of the study"),
        ("systems.north.position", "what stands where"),
        ("systems.nrth.launchers", 'did you mean "north"'),
        ("doctrine.standard", "names no parameter"),
        ("91n6e.scan_periodd", 'did you mean "scan_period"'),
        ("91n7e.scan_period", "did you mean"),
    ],
)
def test_refused_targets(target: str, told: str) -> None:
    with pytest.raises(ValueError) as caught:
        read_parameter(SCENARIO, target)
    assert told in str(caught.value)


def test_set_in_the_file_and_a_variant_keeps_what_it_sets_itself() -> None:
    period, salvo = read_parameter(SCENARIO, "91N6E.scan_period"), read_parameter(SCENARIO, "doctrine.standard.salvo")
    made = with_values(SCENARIO, {period: "9 s", salvo: 4})
    periods = {n: v.assume["91n6e"]["scan_period"] for n, v in made.variants_resolved().items()}
    assert periods == {"base": 9.0, "rapid": 6.0}, "rapid is the variant with its own period"
    assert (keepers(SCENARIO, period), keepers(SCENARIO, salvo)) == (["rapid"], [])
    for variant in made.variants_resolved().values():
        assert variant.doctrine["standard"].salvo == 4
    assert SCENARIO.doctrine["standard"].salvo is None, "the scenario itself is left as it is: as claimed"
    assert made.identity != SCENARIO.identity


def test_setting_what_is_there_changes_nothing() -> None:
    salvo = read_parameter(SCENARIO, "doctrine.standard.salvo")
    two = with_values(SCENARIO, {salvo: 2})
    assert two.identity != SCENARIO.identity, "left open, it is as claimed: written, no study draws it"
    assert with_values(two, {salvo: 2}).identity == two.identity


def test_system_parameters_by_name() -> None:
    made = with_values(SCENARIO, {read_parameter(SCENARIO, "systems.north.launchers"): 3})
    assert [v.systems[0].launchers for v in made.variants_resolved().values()] == [3, 3]


def test_every_mistake_of_the_axes_at_once() -> None:
    with pytest.raises(ProblemsError) as caught:
        read_axes(SCENARIO, ["raids.cruise.count=1,2", "doctrine.standard.salvo", "doctrine.standard.look=true"])
    assert len(caught.value.problems) == 3
    axes = read_axes(SCENARIO, ["doctrine.standard.salvo=1,9,12"])
    with pytest.raises(ProblemsError) as caught:
        points_of(SCENARIO, axes)
    assert len(caught.value.problems) == 2 and "between 1 and 8" in str(caught.value)


