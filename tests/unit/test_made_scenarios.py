"""Scenarios that Python makes are whole: checked as a text is, and stored with what they gave."""

import tomllib

import numpy as np
import pytest
from toy_engine import compiler, runner

import kalkan
from kalkan.catalogue.load import DATA, read_catalogue
from kalkan.engine.again import variant_again
from kalkan.engine.run import run_study
from kalkan.engine.store import Store
from kalkan.errors import ProblemsError
from kalkan.scenario import STARTERS, Asset, Raid, Scenario, Study, System, Waypoint, load, parse
from kalkan.scenario.reading.python import written

TREE = {
    "title": "Made",
    "assets": [{"name": "İncirlik", "position": (39.0, 33.0), "value": 1}],
    "systems": [{"name": "site", "type": "s-400", "position": np.array([39.0, 33.0]), "boresight": "180 deg"}],
    "raids": [
        {
            "name": "raid", "type": "f-16c", "count": np.int64(2), "aim": "İncirlik", "speed": "450 knots",
            "route": [
                {"position": [37.6, 33.0], "altitude": "FL310"}, {"position": [39.0, 33.0], "altitude": "60 m AGL"},
            ],
        }
    ],
    "study": {"replications": 4, "horizon": "40 min"},
    "variants": {"other": {"systems": {"site": {"launchers": 2}}}},
}  # fmt: skip


def objects(**changed):
    asset = Asset(name="İncirlik", position=[39.0, 33.0], value=1)
    system = System(name="site", type="s-400", position=[39.0, 33.0], boresight="180 deg")
    route = [Waypoint(position=[37.6, 33.0], altitude="FL310"), Waypoint(position=[39.0, 33.0], altitude="60 m AGL")]
    raid = Raid(name="raid", type="f-16c", count=2, aim="İncirlik", speed="450 knots", route=route)
    parts = {
        "title": "Made", "assets": [asset], "systems": [system], "raids": [raid],
        "study": Study(replications=4, horizon="40 min"), "variants": TREE["variants"],
    }  # fmt: skip
    return Scenario(**parts | changed)


def test_a_table_and_objects_are_the_same_scenario():
    table, made = load(TREE), load(objects())
    assert table.identity == made.identity == parse(table.text).identity
    assert list(table.variants_resolved()) == ["base", "other"] == list(made.variants_resolved())
    assert table.raids[0].speed_m_s == pytest.approx(231.5)
    assert made.raids[0].route[0].altitude_m == pytest.approx(9448.8)


def test_what_python_makes_is_loaded_and_checked_like_a_file():
    """The same problems, duplicates too, and no fault of Python's."""
    assert kalkan.load(TREE).identity == kalkan.load(objects()).identity == load(TREE).identity
    assert kalkan.check(TREE) == () == kalkan.check(objects())
    wrong = TREE | {"assets": TREE["assets"] * 2, "raids": [TREE["raids"][0] | {"speed": "800"}]}
    told = [problem.message for problem in kalkan.check(wrong)]
    assert len(told) == 2 and any("needs a unit" in m for m in told) and any("name" in m for m in told), told
    with pytest.raises(ProblemsError) as caught:
        kalkan.load(wrong)
    assert [problem.message for problem in caught.value.problems] == told


def test_a_table_may_hold_objects():
    mixed = TREE | {"assets": [Asset(name="İncirlik", position=[39.0, 33.0], value=1)]}
    assert load(mixed).identity == load(TREE).identity


@pytest.mark.parametrize("kind", sorted(STARTERS))
def test_every_noun_of_a_starter_is_written_as_it_was_read(kind, tmp_path):
    """Through objects and back: the same scenario to the last bit."""
    tree = tomllib.loads(STARTERS[kind])
    tree.get("region", {}).pop("terrain", None)
    read = Scenario.model_validate(tree)
    assert load(written(read)).identity == load(tree).identity


MISTAKES = [
    ({"assets": TREE["assets"] * 2}, "is used twice"),
    ({"systems": [TREE["systems"][0] | {"type": "s-4000"}]}, "is not in the catalogue"),
    ({"raids": [TREE["raids"][0] | {"aim": "nowhere"}]}, "is not an asset"),
    ({"raids": [TREE["raids"][0] | {"speed": "450"}]}, "needs a unit"),
    ({"study": {"replications": lambda: 4}}, "is a function"),
    ({"hights": 3}, "is not known here"),
]  # fmt: skip


@pytest.mark.parametrize("changed, told", MISTAKES)
def test_a_table_is_checked_as_a_text_is(changed, told):
    with pytest.raises(ProblemsError, match=told):
        load(TREE | changed)


def test_objects_are_checked_as_a_text_is():
    twin = Asset(name="İncirlik", position=[39.1, 33.0], value=1)
    with pytest.raises(ProblemsError, match="is used twice"):
        load(objects(assets=[objects().assets[0], twin]))


def test_what_was_made_stands_in_the_results_folder(tmp_path):
    folder = run_study(TREE, out=tmp_path / "out", compiler=compiler, runner=runner, threads=1)
    store = Store.open(folder)
    again = variant_again(store, "other")
    assert again.systems[0].launchers == 2 and again.assets[0].name == "İncirlik"
    same = run_study(objects(), out=tmp_path / "out", compiler=compiler, runner=runner, threads=1)
    assert same == folder


def test_a_noun_is_written_with_units():
    assert written(objects().study) == {"replications": 4, "horizon": "2400.0 s"}


def changed():
    """A checked scenario with fewer raiders, as a notebook changes it."""
    whole = load(TREE)
    raid = whole.raids[0].model_copy(update={"count": 1, "speed": "300 m/s"})
    return whole, whole.model_copy(update={"raids": (raid,), "title": "Fewer"})


def test_a_changed_copy_is_written_anew_with_its_variants():
    whole, copy = changed()
    read = load(copy)
    assert load(whole) is whole and read is not copy
    assert read.raids[0].count == 1 and 'title = "Fewer"' in read.text
    assert parse(read.text).identity == read.identity
    other = read.variants_resolved()["other"]
    assert other.raids[0].count == 1 and other.systems[0].launchers == 2


def test_a_changed_copy_is_checked():
    raid = load(TREE).raids[0]
    with pytest.raises(ProblemsError, match="is not an asset"):
        load(load(TREE).model_copy(update={"raids": (raid.model_copy(update={"aim": "nowhere"}),)}))


def test_a_table_changed_in_place_is_noticed():
    whole = load(TREE)
    whole.assume["91n6e"] = {"scan_period": "9 s"}
    assert load(whole).assume != {} and "scan_period" in load(whole).text
    assert load(TREE).assume == {}


def test_a_changed_copy_finds_its_files_and_its_catalogue(tmp_path):
    catalogue = read_catalogue(sorted(DATA.glob("*.toml")))
    whole = parse(load(TREE).text, base_dir=tmp_path, catalogue=catalogue)
    read = load(whole.model_copy(update={"title": "Elsewhere"}))
    assert read.base_dir == tmp_path and read._catalogue is whole._catalogue is catalogue


def test_what_this_package_changes_itself_is_as_read():
    whole = load(TREE)
    for variant in whole.variants_resolved().values():
        assert load(variant) is variant
    two = whole.with_stances(["manufacturer", "independent"])
    assert load(two) is two and len(two.variants_resolved()) == 4


def test_a_changed_copy_is_told_again_as_it_ran(tmp_path):
    _, copy = changed()
    folder = run_study(copy, out=tmp_path / "out", compiler=compiler, runner=runner, threads=1)
    again = variant_again(Store.open(folder), "base")
    assert again.title == "Fewer" and again.raids[0].count == 1
