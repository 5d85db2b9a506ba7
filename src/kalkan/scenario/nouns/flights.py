"""Who else flies: the defender's own aircraft and those of others, who attack nothing."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import Field

from kalkan.scenario.nouns.fields import choice
from kalkan.scenario.nouns.quantities import Reads, wrong
from kalkan.scenario.nouns.raids import Flown, Raid
from kalkan.schema import FRIENDLY, HOSTILE, IFF_REPLIES, IFF_SILENT, IFF_VALID, NEUTRAL, SIDES

SILENT = "silent"
"""Of a transponder that is there and switched off."""


def _read_transponder(value: Any) -> bool | str:
    if isinstance(value, bool) or value == SILENT:
        return value
    raise wrong(f'must be true, false or "{SILENT}"')


TRANSPONDER = Reads(_read_transponder, {"enum": [True, False, SILENT]})


_SIDE = choice(
    SIDES[FRIENDLY].word, SIDES[NEUTRAL].word, elsewhere={SIDES[HOSTILE].word: "what is hostile is a raid: [[raids]]"}
)


class Flight(Flown):
    """Air vehicles that attack nothing."""

    side: Annotated[str, _SIDE] = Field(
        SIDES[FRIENDLY].word, description="Whose they are."
    )
    transponder: Annotated[bool | str, TRANSPONDER] | None = Field(
        None,
        description='Civil transponder (modes A, C and S); "silent": switched off. Default: neutral ones have one.',
    )
    iff: Annotated[str, choice(*(c.word for c in IFF_REPLIES))] | None = Field(
        None, description="Answer to the military interrogation of friend or foe. Default: friends reply."
    )
    flight_plan: bool = Field(True, description="Whether the defence has their flight plan.")
    aim: ClassVar[str | None] = None
    release: ClassVar[int | None] = None

    @property
    def transmits(self) -> bool:
        """Whether a civil transponder answers."""
        return self.side == SIDES[NEUTRAL].word if self.transponder is None else self.transponder is True

    @property
    def answer(self) -> int:
        """Code of what it answers to an interrogation of friend or foe; see ``schema.IFF_REPLIES``."""
        if self.iff is None:
            return IFF_VALID if self.side == SIDES[FRIENDLY].word else IFF_SILENT
        return [c.word for c in IFF_REPLIES].index(self.iff)


Group: TypeAlias = Raid | Flight
"""Whatever flies a route that a user writes."""
