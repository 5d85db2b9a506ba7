"""Names of radars as their makers spell them; their random numbers do not go by the spelling. Against: property."""

from __future__ import annotations

from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.names import name_hash
from kalkan.scenario import parse, starter


def test_radars_are_named_as_the_catalogue_spells_them_and_keep_their_random_numbers():
    found = compile_scenario(parse(starter("small")), load_catalogue())
    names = found.labels["radar"]
    assert {n.rpartition("/")[2] for n in names} == {"91N6E", "96L6E", "92N6E"}
    for name, key in zip(names, found.plan.radars["key"].tolist(), strict=True):
        system, _, entry = name.rpartition("/")
        assert key == name_hash(f"{system}/{entry.lower()}")
