"""What the user writes: a scenario in TOML, checked completely before anything is computed."""

from kalkan.scenario.assets import Asset, Region
from kalkan.scenario.capacities import foreseen
from kalkan.scenario.doctrine import Doctrine
from kalkan.scenario.presets import PRESETS, preset_explained
from kalkan.scenario.raids import Raid, Waypoint
from kalkan.scenario.reading import check_text, load, parse
from kalkan.scenario.scenario import Scenario
from kalkan.scenario.schema import json_schema
from kalkan.scenario.starters import STARTERS, starter
from kalkan.scenario.study import Study
from kalkan.scenario.systems import Command, System
from kalkan.scenario.weather import Weather

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
