"""Batches: what a contract brings, when it comes, and when it is ready."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from kalkan.scenario.nouns.dates import Lasting, When
from kalkan.scenario.nouns.fields import Name, Noun


class Delivery(Noun):
    """What comes together."""

    delivered: When = Field(description="When all of it had arrived; of a month or a period, its last day counts.")
    parts: Annotated[tuple[str, ...], Strict(False)] | None = Field(
        None, description='What it brings: "north" is the post and acquisition radars of system north, "north/1" its '
        'first fire unit, "north/1/launcher 3" one launcher; default, of the last delivery: what no other brings.',
    )


class Batch(Noun):
    """Systems that a contract brings, together or one after the other."""

    name: Name = Field(description="Your name for the batch.")
    systems: Annotated[tuple[str, ...], Strict(False)] = Field(description="Systems of this scenario that it brings.")
    contract: When | None = Field(None, description="When it was signed.")
    delivered: When | None = Field(
        None, description="When all of it had arrived, if it comes at once; default: after delivery_time."
    )
    deliveries: Annotated[tuple[Delivery, ...], Strict(False)] = Field(
        (), description="Several deliveries, in place of delivered: each with its date and its parts."
    )
    delivery_time: Lasting | None = Field(
        None, description="From the contract to the delivery, where none is dated; default: the catalogue's claim."
    )
    training_from: When | None = Field(
        None, description="When its crews' training begins; default: with each delivery."
    )
    training: Lasting | None = Field(
        None, description="How long the training takes; default: the catalogue's claim crew_training."
    )
    work_up: Lasting | None = Field(
        None, description="From equipment and trained crews on site to readiness; default: the catalogue's claim."
    )
    ready: When | None = Field(
        None, description="When all of it is ready, in place of training and work_up; of a month, its last day counts."
    )
