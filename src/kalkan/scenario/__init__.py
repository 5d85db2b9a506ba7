"""What the user writes: a scenario in TOML, checked completely before anything is computed."""

from kalkan.scenario.checks.capacities import foreseen
from kalkan.scenario.nouns.assets import Asset, Region
from kalkan.scenario.nouns.batches import Batch, Delivery
from kalkan.scenario.nouns.depots import Depot, Production
from kalkan.scenario.nouns.doctrine import Doctrine
from kalkan.scenario.nouns.exposure import Exposure
from kalkan.scenario.nouns.flights import Flight
from kalkan.scenario.nouns.jammers import Jammer
from kalkan.scenario.nouns.outages import Outage
from kalkan.scenario.nouns.presets import PRESETS, preset_explained
from kalkan.scenario.nouns.raids import Raid, Waypoint
from kalkan.scenario.nouns.rules_of_engagement import Identification, RulesOfEngagement, Zone
from kalkan.scenario.nouns.scenario import Scenario
from kalkan.scenario.nouns.sensing import Sensing, SurfaceClutter
from kalkan.scenario.nouns.study import Study
from kalkan.scenario.nouns.supply import Supply
from kalkan.scenario.nouns.systems import Command, System
from kalkan.scenario.nouns.traffic import Traffic
from kalkan.scenario.nouns.weather import Weather
from kalkan.scenario.reading.parsing import check_text, parse
from kalkan.scenario.reading.python import ScenarioSource, load
from kalkan.scenario.writing.schema import json_schema
from kalkan.scenario.writing.starters import STARTERS, starter

__all__ = [
    "PRESETS",
    "STARTERS",
    "Asset",
    "Batch",
    "Command",
    "Delivery",
    "Depot",
    "Doctrine",
    "Exposure",
    "Flight",
    "Identification",
    "Jammer",
    "Outage",
    "Production",
    "Raid",
    "Region",
    "RulesOfEngagement",
    "Scenario",
    "ScenarioSource",
    "Sensing",
    "Study",
    "Supply",
    "SurfaceClutter",
    "System",
    "Traffic",
    "Waypoint",
    "Weather",
    "Zone",
    "check_text",
    "foreseen",
    "json_schema",
    "load",
    "parse",
    "preset_explained",
    "starter",
]
