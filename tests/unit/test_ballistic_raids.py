"""Raids of ballistic missiles: what is read, and every mistake at once, with its line and a remedy."""

from __future__ import annotations

import tomllib

import pytest

from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.cover.footprint import footprint
from kalkan.errors import ProblemsError
from kalkan.scenario import parse, starter
from kalkan.scenario.nouns.doctrine import FIGURES_OF, TARGET_CLASSES, Doctrine
from kalkan.schema import TARGETS
from tests.reference.test_footprint import laid

RAID = """
[[raids]]
name = "falling"
type = "short-range-ballistic-missile"
launch = [34.2, 33.2]
aim = "harbour"
count = 2
"""


def told(text: str) -> dict[str, str]:
    """Last part of each place, and what is said of it."""
    with pytest.raises(ProblemsError) as caught:
        parse(starter("small") + text, file="raid.toml")
    assert all(p.line for p in caught.value.problems)
    return {p.where.partition(" = ")[0].rpartition("· ")[2]: p.message for p in caught.value.problems}


def test_a_raid_is_read_as_written() -> None:
    raid = parse(starter("small") + RAID + 'apogee = "60 km"\n').raids[1]
    assert (raid.launch, raid.route, raid.apogee_m) == ((34.2, 33.2), (), 60e3)
    assert raid.waypoints[0].position == (34.2, 33.2)


def test_what_belongs_to_routes_is_told_all_at_once() -> None:
    found = told(RAID + 'speed = "2 Mach"\nformation_width = "4 km"\ntrajectory = "high"\n')
    assert found["speed"] == "is not for ballistic missiles: they have a launch, an aim and a trajectory"
    assert found["formation_width"] == found["speed"]
    assert found["trajectory"].startswith('must be one of "least-energy", "lofted", "depressed"')


def test_out_of_reach_of_its_type_and_too_near() -> None:
    far, near = (told(RAID.replace("34.2, 33.2", place))["launch"] for place in ("29.0, 33.2", "36.0, 33.2"))
    assert far == 'is 790 km from "harbour", out of reach: "short-range-ballistic-missile" flies 300 km'
    assert near == 'is 13 km from "harbour"; a ballistic flight begins 30 km away at the least'


def test_a_longer_reach_may_be_assumed() -> None:
    assume = '[assume.short-range-ballistic-missile]\nrange = "800 km"\n'
    assert parse(starter("small") + RAID.replace("34.2, 33.2", "29.0, 33.2") + assume).raids[1].launch == (29.0, 33.2)


def test_every_dimension_of_a_claim_may_be_assumed() -> None:
    from kalkan.catalogue.specs import SPECS, TEXT
    from kalkan.scenario.checks.assume import _EXAMPLES

    assert {s.dimension for s in SPECS.values()} - {TEXT, "number", "fraction"} == set(_EXAMPLES)
    assume = '[assume.short-range-ballistic-missile]\nballistic_coefficient = "8000 kg/m2"\n'
    assert parse(starter("small") + RAID + assume).assume == {
        "short-range-ballistic-missile": {"ballistic_coefficient": 8000.0}
    }


def test_decoys_and_debris_are_of_ballistic_missiles_and_as_claimed() -> None:
    raid = parse(starter("small") + RAID + 'decoys = 3\ndecoys_released = "burn-out"\ndebris = true\n').raids[1]
    assert (raid.decoys, raid.decoys_released, raid.debris) == (3, "burn-out", True)
    found = told(RAID.replace("short-range-ballistic-missile", "atacms") + "debris = true\n")
    assert found == {
        "debris": 'nobody claims that "atacms" breaks up; of these it is claimed: "scud-b", '
        '"short-range-ballistic-missile"'
    }
    found = told(RAID + 'decoys = 21\ndebris = "yes"\ndecoys_released = "boost"\n')
    assert found["decoys"] == "must be between 0 and 20" and found["debris"].startswith("must be true or false")
    assert found["decoys_released"].startswith('must be one of "apogee", "burn-out"')
    found = told(RAID + 'decoys_released = "burn-out"\n')
    assert found == {"decoys_released": "says where decoys are released, and there are none: write decoys = 2"}
    found = told(RAID.replace("short-range-ballistic-missile", "f-16c") + "decoys = 1\ndebris = true\n")
    assert found["decoys"] == found["debris"] == "is for ballistic missiles; what flies by wings has a route"
    found = told(RAID.replace("short-range-ballistic-missile", "ballistic-decoy"))
    assert found["type"].startswith("is a released object, not an air vehicle")


def test_an_early_warning_is_read_and_needs_launches() -> None:
    read = parse(starter("small") + RAID + '[early_warning]\ndelay = "2 min"\nlaunch_error = "3 km"\n').early_warning
    assert read is not None and (read.delay_s, read.launch_error_m, read.impact_error_m) == (120.0, 3e3, None)
    with pytest.raises(ProblemsError) as caught:
        parse(starter("small") + "[early_warning]\n", file="raid.toml")
    assert "warns of launches of ballistic missiles, and no raid is of such a type" in str(caught.value)
    found = told(RAID + '[early_warning]\ndetection_probability = 2\ndelay = "5 km"\nerror = "1 km"\n')
    assert found["detection_probability"] == "must be between 0 and 1"
    assert "time" in found["delay"] and "error" in found


def test_what_flies_beside_others_counts_as_flying() -> None:
    many = RAID.replace("count = 2", "count = 300") + "decoys = 20\n"
    with pytest.raises(ProblemsError, match=r"make 6316 flying things of all that is written; at most 5000"):
        compile_scenario(parse(starter("small") + many, file="raid.toml"), load_catalogue())


def test_a_raid_without_them_keeps_its_identity() -> None:
    from kalkan.scenario.nouns.scenario import _unusual

    plain, written = (parse(starter("small") + RAID + more) for more in ("", "decoys = 0\ndebris = false\n"))
    assert plain.identity == written.identity
    assert plain.identity != parse(starter("small") + RAID + "decoys = 1\n").identity
    assert _unusual({"spare_decoys": None, "decoys": 0, "salvo": 2}) == {"salvo": 2}


def test_missing_and_exchanged_keys() -> None:
    found = told(RAID.replace("launch = [34.2, 33.2]\n", ""))
    assert found["launch"] == "is missing; every raid of ballistic missiles needs it"
    found = told(RAID.replace("short-range-ballistic-missile", "f-16c"))
    assert found["launch"] == "is for ballistic missiles; what flies by wings has a route"
    found = told(RAID + 'apogee = "60 km"\ntrajectory = "lofted"\n')
    assert found["apogee"] == "says how high it flies, and so does trajectory; leave one of them out"


@pytest.mark.parametrize(
    ("apogee", "message"),
    [("5 km", "has no flight to its aim with an apogee of 5 km; possible: "), ("400 km", "m/s at burn-out for this")],
)
def test_a_flight_that_its_type_cannot_fly(apogee: str, message: str) -> None:
    scenario = parse(starter("small") + RAID + f'apogee = "{apogee}"\n', file="raid.toml")
    with pytest.raises(ProblemsError) as caught:
        compile_scenario(scenario, load_catalogue())
    (problem,) = caught.value.problems
    assert message in problem.message and problem.line


def test_every_class_of_targets_has_its_rules() -> None:
    """The table of classes grows: its words, the tables of a doctrine and the catalogue's condition are one list."""
    from kalkan.catalogue.kinds import CONDITIONS

    aliases = {f.alias or name for name, f in Doctrine.model_fields.items()}
    assert tuple(c.word for c in TARGETS) == TARGET_CLASSES and set(TARGET_CLASSES) <= aliases
    claimed = set(CONDITIONS["against"] or ())
    assert set(TARGET_CLASSES) == claimed and set(FIGURES_OF) | set(FIGURES_OF.values()) <= claimed


def test_a_keep_out_altitude_shrinks_the_footprint() -> None:
    whole, kept = (laid("s-400", doctrine) for doctrine in ("", '[doctrine.standard]\nkeep_out_altitude = "24 km"'))
    shots = [footprint(laydown, laydown.scenario.raids[0], 6).shots for laydown in (whole, kept)]
    assert 0 < (shots[1] > 0).sum() < (shots[0] > 0).sum()


def test_coverage_asks_for_a_raid_that_says_from_where() -> None:
    from kalkan.cover.asking import ask
    from kalkan.scenario.checks.facts import own_facts

    radars_of = {name: facts.radars for name, facts in own_facts().systems.items()}
    catalogue, target = load_catalogue(), "short-range-ballistic-missile"
    with pytest.raises(ProblemsError, match=r"needs a \[\[raids\]\] of that type, which says from where"):
        ask(parse(starter("small")), catalogue, radars_of, target=target)
    both = parse(starter("small") + RAID)
    with pytest.raises(ProblemsError, match="is for targets that fly level"):
        ask(both, catalogue, radars_of, target=target, heading="180 deg")
    assert ask(both, catalogue, radars_of, target=target).target == target


def test_an_editor_knows_the_keys_and_the_type() -> None:
    import jsonschema

    from kalkan.scenario import json_schema

    validator, tree = jsonschema.Draft202012Validator(json_schema()), tomllib.loads(starter("small") + RAID)
    assert not list(validator.iter_errors(tree))
    tree["raids"][1]["trajectory"] = "high"
    assert list(validator.iter_errors(tree))


def test_maps_of_a_scenario_know_what_flies_at_no_height() -> None:
    from kalkan.schema import BALLISTIC_MISSILE
    from kalkan.views.coverage.picture import flown_heights, live_offer
    from kalkan.views.maps.scene import scene

    both = parse(starter("small") + RAID)
    target = "short-range-ballistic-missile"
    assert flown_heights(both)[target] == []
    offered = {t["id"]: t["flies"] for t in live_offer(both)["targets"]}
    assert offered[target] is None and offered["subsonic-cruise-missile"] is not None
    group = next(g for g in scene(both)["groups"] if g["name"] == "falling")
    assert group["class"] == TARGETS[BALLISTIC_MISSILE].word
    assert [w["position"] for w in group["route"]] == [[34.2, 33.2]] and group["route"][0]["place"]
