"""Every field of doctrine, command and system decides something: changed alone, it moves a run the right way."""

import pytest

from kalkan.catalogue import load_catalogue
from kalkan.scenario import Doctrine, System
from kalkan.scenario.nouns.systems import Command
from tests.engine import scenes
from tests.engine.field_scenes import WRITTEN
from tests.engine.figure_scenes import FIGURES

FIELDS = WRITTEN | FIGURES

# field → why nothing of a run can follow from it
DECIDES_NOTHING = {
    "system.name": "a name: the key of random numbers, and what tables show",
    "interceptor.unit_cost": "a price: of the results, not of the run",
    "composition.price": "a price: of the results, not of the run",
    "system.price": "a price: of the results, not of the run",
    "system.store": "counts between the raids of a campaign: tests/supply/test_stock_of_scenario.py",
    "system.restock_time": "counts between the raids of a campaign: tests/supply/test_stock_of_scenario.py",
    "composition.command_post": "a name of a part; system.type exchanges them all",
    "composition.engagement_radar": "a name of a part; system.type exchanges them all",
    "composition.launcher": "a name of a part; system.type exchanges them all",
}
KINDS = {
    "command post": "post", "radar": "radar", "engagement radar": "engagement radar", "launcher": "launcher",
    "interceptor": "interceptor", "model": "model", "system": "composition",
}  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_moves_the_run_the_right_way(field):
    change = FIELDS[field]
    before = change.measure(scenes.played(*change.scene, n=change.n))
    after = change.measure(scenes.played(*change.scene, change.line, n=change.n))
    least, most = (before, after) if change.rises else (after, before)
    assert most > least + 0.01 * abs(least), f"{before:g} becomes {after:g}"


def written():
    """Fields that a scenario writes down itself."""
    for table, noun in (("doctrine", Doctrine), ("command", Command), ("system", System)):
        for name, field in noun.model_fields.items():
            yield f"{table}.{field.alias or name}"


def computed_with():
    """Figures of the catalogue that plans are made of, whoever claims them: any may be assumed."""
    catalogue = load_catalogue()
    for lines in ((), (scenes.ALONE,), (scenes.SEA,), (*scenes.AS_IT_COMES, scenes.OTHER, scenes.BOTH)):
        for row in scenes.planned(scenes.scene(*lines)).attrs["inputs"]:
            kind = KINDS.get(catalogue.entry(row["entry"]).kind)
            if kind:
                yield f"{kind}.{row['quantity']}"


def test_every_field_has_its_scene():
    missing = {*written(), *computed_with()} - FIELDS.keys() - DECIDES_NOTHING.keys()
    assert not missing, "neither field_scenes.py nor figure_scenes.py has a scene of " + ", ".join(sorted(missing))


def test_every_scene_is_about_a_field():
    gone = (FIELDS.keys() | DECIDES_NOTHING.keys()) - {*written(), *computed_with()}
    assert not gone, "no field any more: " + ", ".join(sorted(gone))
