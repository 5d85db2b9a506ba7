"""What the user writes: a scenario in TOML, checked completely before anything is computed."""

from kalkan.scenario.checks.capacities import foreseen
from kalkan.scenario.nouns.assets import Asset, Region
from kalkan.scenario.nouns.doctrine import Doctrine
from kalkan.scenario.nouns.presets import PRESETS, preset_explained
from kalkan.scenario.nouns.raids import Raid, Waypoint
from kalkan.scenario.nouns.scenario import Scenario
from kalkan.scenario.nouns.study import Study
from kalkan.scenario.nouns.systems import Command, System
from kalkan.scenario.nouns.weather import Weather
from kalkan.scenario.reading.parsing import check_text, load, parse
from kalkan.scenario.writing.schema import json_schema
from kalkan.scenario.writing.starters import STARTERS, starter

__all__ = [
    "PRESETS",
    "STARTERS",
    "Asset",
    "Command",
    "Doctrine",
    "Raid",
    "Region",
    "Scenario",
    "Study",
    "System",
    "Waypoint",
    "Weather",
    "check_text",
    "foreseen",
    "json_schema",
    "load",
    "parse",
    "preset_explained",
    "starter",
]
