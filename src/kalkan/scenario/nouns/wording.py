"""Pydantic's findings in this project's words; its own sentences never reach a user."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel

from kalkan.scenario.nouns.assets import Asset, RefractivityLayer, Region
from kalkan.scenario.nouns.batches import Batch, Delivery
from kalkan.scenario.nouns.campaign import Campaign, Wave
from kalkan.scenario.nouns.depots import Depot, Production
from kalkan.scenario.nouns.doctrine import TARGET_CLASSES, Against, Doctrine
from kalkan.scenario.nouns.early_warning import EarlyWarning
from kalkan.scenario.nouns.exposure import Exposure
from kalkan.scenario.nouns.flights import Flight
from kalkan.scenario.nouns.jammers import Jammer
from kalkan.scenario.nouns.money import Money
from kalkan.scenario.nouns.outages import Outage
from kalkan.scenario.nouns.places import Place, nearest, value_at
from kalkan.scenario.nouns.raids import Raid, Waypoint
from kalkan.scenario.nouns.rules_of_engagement import Identification, Period, RulesOfEngagement, Shares, Zone
from kalkan.scenario.nouns.scenario import Scenario
from kalkan.scenario.nouns.sensing import Sensing, SurfaceClutter
from kalkan.scenario.nouns.sources import Orbit, Source
from kalkan.scenario.nouns.study import Study
from kalkan.scenario.nouns.supply import Supply
from kalkan.scenario.nouns.systems import Command, Emission, System
from kalkan.scenario.nouns.traffic import Traffic
from kalkan.scenario.nouns.weather import Weather

LISTS: dict[str, type[BaseModel]] = {
    "assets": Asset,
    "systems": System,
    "raids": Raid,
    "flights": Flight,
    "traffic": Traffic,
    "zones": Zone,
    "sources": Source,
    "jammers": Jammer,
    "outages": Outage,
    "batches": Batch,
    "waves": Wave,
    "depots": Depot,
    "production": Production,
}
REQUIRED = ("assets", "systems", "raids")
TABLES: dict[str, type[BaseModel]] = {
    "region": Region,
    "weather": Weather,
    "early_warning": EarlyWarning,
    "campaign": Campaign,
    "supply": Supply,
    "money": Money,
    "exposure": Exposure,
    "surface_clutter": SurfaceClutter,
    "sensing": Sensing,
    "command": Command,
    "study": Study,
    "identity": Identification,
    "rules_of_engagement": RulesOfEngagement,
}
_SENTENCES = {
    "string_type": "must be text in quotes",
    "bool_type": "must be true or false, without quotes",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "tuple_type": "must be a list in [ ]",
}
UNFORESEEN = "is not allowed here"


def keys_of(noun: type[BaseModel]) -> list[str]:
    """Keys of a table as the user writes them."""
    return [f.alias or name for name, f in noun.model_fields.items()]


class Wording:
    """Translates pydantic's errors about one raw tree.

    Parameters
    ----------
    tree : dict
        The tree that was checked.
    """

    def __init__(self, tree: dict[str, Any]) -> None:
        self.tree = tree

    def translate(self, item: Any) -> tuple[Place, str]:
        """Place and sentence of one of pydantic's error details."""
        place: Place = tuple(item["loc"])
        kind = item["type"]
        if kind == "kalkan":
            return place, str(item["ctx"]["message"])
        if kind == "missing":
            return place, _missing(place)
        if kind == "extra_forbidden":
            key = str(place[-1])
            if noun_at(place[:-1]) is Against and key in keys_of(Doctrine):
                return place, f"holds for all classes of targets; write it into [doctrine.{place[1]}]"
            if noun_at(place[:-1]) is Doctrine and isinstance(value_at(self.tree, place), dict):
                return place, "is not a class of targets" + nearest(key, TARGET_CLASSES)
            if noun_at(place[:-1]) is Flight and key in keys_of(Raid):
                return place, "belongs to a raid; a flight attacks nobody"
            if noun_at(place[:-1]) is Traffic and key == "side":
                return place, "is not known here: traffic is neutral; friends and other neutral ones are [[flights]]"
            return place, "is not known here" + nearest(key, keys_of(noun_at(place[:-1])))
        if place[0] in LISTS and kind in ("tuple_type", "model_type"):
            return place, _list_section(place, kind)
        if place[0] in ("doctrine", "assume", "variants") and kind in ("model_type", "dict_type"):
            return place, _named_section(place)
        return place, _SENTENCES.get(kind, UNFORESEEN)


def noun_at(place: Place) -> type[BaseModel]:
    """Model of the table at a place."""
    if not place:
        return Scenario
    section = str(place[0])
    if "route" in place:
        return Waypoint
    if place[:2] == ("rules_of_engagement", "periods"):
        return Period
    if place[:2] == ("region", "refractivity_layers"):
        return RefractivityLayer
    if place[:2] == ("identity", "prior"):
        return Shares
    if section == "batches" and "deliveries" in place:
        return Delivery
    if section == "sources" and "orbit" in place:
        return Orbit
    if section == "systems" and "emission" in place:
        return Emission
    if section == "doctrine" and len(place) > 2:
        return Against
    return LISTS.get(section) or TABLES.get(section) or Doctrine


def _missing(place: Place) -> str:
    if len(place) == 1:
        return f"is missing; a scenario needs at least one [[{place[0]}]] table"
    return f"is missing; every {_called(noun_at(place[:-1]))} needs it"


def _called(noun: type[BaseModel]) -> str:
    """A table in words: the name of its model, or what stands before its shares."""
    return "prior" if noun is Shares else re.sub(r"(?<!^)(?=[A-Z])", " ", noun.__name__).lower()


def _list_section(place: Place, kind: str) -> str:
    if len(place) == 1:
        return f"must be a list of tables; write [[{place[0]}]] with two brackets"
    return _SENTENCES[kind]


def _named_section(place: Place) -> str:
    example = {"doctrine": "standard", "assume": "91n6e", "variants": "other"}[str(place[0])]
    if len(place) <= 2:
        return f"must be a table; write [{place[0]}.{example}]"
    return "must be a table"
