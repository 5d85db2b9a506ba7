"""Who may be shot at: what a post knows of identities, weapons control by time, and zones."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from kalkan.scenario.nouns.fields import AltitudeText, Name, Noun, Position, choice, number
from kalkan.scenario.nouns.quantities import Bounds, quantity
from kalkan.schema import AIRWAY_ZONE, CONTROLS, ROUTE_ZONE, SIDES, ZONES

CONTROL_WORDS = tuple(control.word for control in CONTROLS)
ZONE_WORDS = tuple(zone.word for zone in ZONES)
SIDE_WORDS = tuple(side.word for side in SIDES)
CORRIDORS = (ZONES[ROUTE_ZONE].word, ZONES[AIRWAY_ZONE].word)
"""Kinds of zones that are a line with a width."""

_TIME = Bounds(("time",), '"10 min"', high=86_400.0, high_text="24 h")
_WIDTH = Bounds(("length",), '"10 km"', high=500_000.0, high_text="500 km", above_low=True)
Confidence = Annotated[float, number(0.0, 1.0)]
Share = Annotated[float, number(0.0, 1.0)]
Moment = Annotated[float, quantity(_TIME)]
Positions = Annotated[tuple[Position, ...], Strict(False)]


class Shares(Noun):
    """What a post expects of a new track, side by side."""

    hostile: Share = Field(description="Share of hostile ones.")
    friendly: Share = Field(description="Share of its own side's.")
    neutral: Share = Field(description="Share of all others.")


class Identification(Noun):
    """What the posts know of who flies there; an empty table only says that they tell sides apart."""

    prior: Shares | None = Field(
        None, description="Before any evidence; divided by their sum. Default: prior_share of kalkan-identity."
    )
    emitters: bool = Field(False, description="Whether the posts hear the radars that fly there.")


class Control(Noun):
    """Weapons control, and how sure a post must be."""

    weapons_control: Annotated[str, choice(*CONTROL_WORDS)] | None = Field(
        None,
        description='"hold": nothing is shot at, but in self-defence; "tight": what is known as hostile; "free": what '
        "is not known as another. Default: as outside; of the rules themselves weapons_control of kalkan-identity.",
    )
    required_confidence: Confidence | None = Field(
        None,
        description="Least probability at which a track counts as known; with free, at 1 nothing is spared. Default: "
        "as outside; of the rules themselves required_confidence of kalkan-identity.",
    )


class Period(Control):
    """Weapons control for a time."""

    from_s: Moment = Field(0.0, alias="from", description="When it begins.")
    until_s: Moment | None = Field(None, alias="until", description="When it ends; default: never.")


class RulesOfEngagement(Control):
    """Weapons control everywhere and always, but for periods and weapons zones."""

    self_defence: bool | None = Field(
        None,
        description="Whether under hold a post may shoot at what is known as hostile, near it and flying at it. "
        "Default: self_defence of kalkan-identity.",
    )
    periods: Annotated[tuple[Period, ...], Strict(False)] = Field(
        (), description="Times with a control of their own; they do not overlap."
    )


class Zone(Control):
    """A part of the airspace that says something about who is in it, or has a weapons control of its own."""

    name: Name = Field(description="Your name for the zone.")
    kind: Annotated[str, choice(*ZONE_WORDS)] = Field(
        description="weapons: has a control of its own; restricted: nobody may be in it; minimum-risk-route: friends "
        "fly in it; airway: airliners do; origin: who is first seen in it is likely of its side."
    )
    area: Positions | None = Field(None, description="Its corners, at least three.")
    line: Positions | None = Field(None, description="Middle line of a minimum-risk-route or airway, at least two.")
    width_m: Annotated[float, quantity(_WIDTH)] | None = Field(
        None, alias="width", description="Width of a minimum-risk-route or airway."
    )
    floor: AltitudeText | None = Field(None, description='Lower limit, such as "1 km MSL"; default: none.')
    ceiling: AltitudeText | None = Field(None, description='Upper limit, such as "FL195"; default: none.')
    from_s: Moment = Field(0.0, alias="from", description="When it begins to hold.")
    until_s: Moment | None = Field(None, alias="until", description="When it ends; default: never.")
    side: Annotated[str, choice(*SIDE_WORDS)] | None = Field(None, description="Whose zone of origin it is.")
    counts_as_hostile: bool = Field(
        False, description="Whether the rules take everything in a restricted zone for hostile, whatever else is known."
    )
