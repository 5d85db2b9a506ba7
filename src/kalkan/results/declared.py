"""Measures of the whole raid and the whole defence, each declared once for all who tell them.

Tables, studies, the report, the app and the documentation read :data:`MEASURES`. To declare a measure is to add an
entry there: what it is called, how it is computed from the records, and
where it is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kalkan.results.quantity import F8, MEAN, PROPORTION, RATIO, Finished, Quantity, ratio
from kalkan.schema import DEPARTED, KILLED, LEAKED, UNRESOLVED

# where a measure is shown, beside results, studies and exports, which know all of them
HEADLINE, MISSILES, MONEY = "headline", "missiles", "money"  # tables of a run
BRIEF = "brief"  # the brief answer's few rows about effort
DRAWN, DRAWN_FIRST = "drawn", "drawn first"  # over draws of the claims: in the study, beside the headline
LIVE = "live"  # while a run goes on, in the app


class Values(NamedTuple):
    """One number per replication; `step`, `least` and `most` as in :class:`kalkan.results.quantity.Quantity`."""

    values: F8
    step: float = 1.0
    least: float = 0.0
    most: float = np.inf


Computed: TypeAlias = F8 | Values | tuple[F8, F8]


class Declared(NamedTuple):
    """A measure.

    Attributes
    ----------
    key, name : str
        For programs and for people.
    of : function
        From the records to one number per replication; of a ratio, to the two whose sums are divided.
    unit : str
    kind : str
        ``mean``, ``proportion`` or ``ratio``.
    where : tuple of str
        Where it is shown.
    rare : bool
        Left out of a table where it never happened.
    counted : bool
        Whether it is a number of things, so that one event changes it by 1.
    words : str
        For a sentence or an axis, where `name` says too little alone.
    """

    key: str
    name: str
    of: Callable[[Finished], Computed]
    unit: str = "1"
    kind: str = MEAN
    where: tuple[str, ...] = ()
    rare: bool = False
    counted: bool = True
    words: str = ""

    @property
    def called(self) -> str:
        """Its name where no table stands around it."""
        return self.words or self.name

    @property
    def step(self) -> float:
        """Smallest change that one event makes; 0: there is no such thing."""
        return float(self.counted and self.unit == "1")

    @property
    def most(self) -> float:
        """What its mean cannot pass, whatever the scenario."""
        return 1.0 if self.kind == PROPORTION else 100.0 if self.unit == "%" else np.inf

    def quantity(self, records: Finished) -> Quantity:
        """Its values in finished replications."""
        found = self.of(records)
        if isinstance(found, Values):
            return Quantity(self.key, self.name, self.unit, self.kind, *found)
        if isinstance(found, tuple):
            return ratio(self.key, self.name, self.unit, *found)
        if self.kind == PROPORTION:
            return Quantity(self.key, self.name, self.unit, self.kind, found)
        return Quantity(self.key, self.name, self.unit, self.kind, found, self.step, 0.0)


def total(array: NDArray[Any]) -> F8:
    """Sum over everything but replications."""
    return array.reshape(array.shape[0], -1).sum(axis=1).astype(np.float64)


def _of(variable: str) -> Callable[[Finished], F8]:
    """Sum of a variable of the schema."""
    return lambda records: total(records.arrays[variable])


def _ended(code: int) -> Callable[[Finished], Values]:
    """Threats that ended so."""
    return lambda records: Values(
        total(records.arrays["threat_outcome"] == code), most=records.arrays["threat_outcome"].shape[1]
    )


def _no_leaker(records: Finished) -> F8:
    outcome = records.arrays["threat_outcome"]
    return (~((outcome == LEAKED) | (outcome == UNRESOLVED)).any(axis=1)).astype(np.float64)


def _value_lost(records: Finished) -> Values:
    """Value x min(1, hits / hits to destroy), summed over assets.

    kalkan's own simplification: damage is proportional to hits until the asset is destroyed.
    """
    hits = records.arrays["asset_hits"].astype(np.float64)
    value = np.asarray(records.attrs["asset_value"], np.float64)
    needed = np.asarray(records.attrs["asset_hits_to_destroy"], np.float64)
    lost = (value * np.minimum(1.0, hits / needed)).sum(axis=1)
    return Values(lost, float((value / needed).min()), 0.0, float(value.sum()))


def _value_kept(records: Finished) -> Values:
    lost, step, _, whole = _value_lost(records)
    return Values(100.0 * (1.0 - lost / whole), 100.0 * step / whole, 0.0, 100.0)


def _shots_per_kill(records: Finished) -> tuple[F8, F8]:
    return total(records.arrays["spent"]), total(records.arrays["threat_outcome"] == KILLED)


def _channels_full(records: Finished) -> F8:
    return records.arrays["channels_full_s"].astype(np.float64).mean(axis=1)


def _cost_spent(records: Finished) -> Values:
    price = np.asarray(records.attrs["interceptor_unit_cost_usd"], np.float64)
    return Values((records.arrays["spent"].sum(axis=1) * price).sum(axis=1), _cheapest(price))


def _cost_killed(records: Finished) -> Values:
    price = np.asarray(records.attrs["threat_unit_cost_usd"], np.float64)
    return Values(((records.arrays["threat_outcome"] == KILLED) * price).sum(axis=1), _cheapest(price))


def _cost_exchange(records: Finished) -> tuple[F8, F8]:
    return _cost_spent(records).values, _cost_killed(records).values


def _cheapest(costs: F8) -> float:
    """The least of the costs that are known and not nothing; 0 if there are none."""
    known = costs[np.isfinite(costs) & (costs > 0.0)]
    return float(known.min()) if known.size else 0.0


MEASURES: dict[str, Declared] = {
    m.key: m
    for m in (
        Declared("leakers", "leakers", _ended(LEAKED), where=(HEADLINE, DRAWN, DRAWN_FIRST, LIVE)),
        Declared("killed", "killed", _ended(KILLED), where=(HEADLINE, DRAWN)),
        Declared("departed", "departed", _ended(DEPARTED), where=(HEADLINE,), rare=True),
        Declared("unresolved", "unresolved", _ended(UNRESOLVED), where=(HEADLINE,), rare=True),
        Declared("p_no_leaker", "no leaker at all", _no_leaker, kind=PROPORTION, words="probability of no leaker",
                 where=(HEADLINE, DRAWN, DRAWN_FIRST, LIVE)),
        Declared("hits", "hits on assets", _of("asset_hits"), where=(HEADLINE, DRAWN, LIVE)),
        Declared("value_lost", "value lost", _value_lost, counted=False),
        Declared("value_kept", "share of value kept", _value_kept, "%", where=(HEADLINE, DRAWN, DRAWN_FIRST, LIVE)),
        Declared("spent", "interceptors spent", _of("spent"), where=(MISSILES, BRIEF, DRAWN, LIVE)),
        Declared("shots_per_kill", "interceptors per kill", _shots_per_kill, kind=RATIO, where=(MISSILES, BRIEF)),
        Declared("orders", "engagements ordered", _of("orders"), where=(MISSILES,)),
        Declared("not_held", "engagements not held", _of("not_held"), where=(MISSILES,), rare=True),
        Declared("met_nothing", "interceptors that met nothing", _of("met_nothing"), where=(MISSILES,), rare=True),
        Declared("unheld_rounds", "of these, target not held", _of("unheld_rounds"), where=(MISSILES,),
                 rare=True, words="interceptors whose target was no longer held"),
        Declared("channels_full", "all channels of a unit busy", _channels_full, "s", where=(MISSILES,), rare=True,
                 words="time with all channels of a unit busy"),
        Declared("false_tracks", "false tracks", _of("tracks_false"), where=(MISSILES,), rare=True),
        Declared("track_swaps", "track swaps", _of("track_swaps"), where=(MISSILES,), rare=True),
        Declared("merged_tracks", "tracks joined to another", _of("tracks_merged"), where=(MISSILES,), rare=True),
        Declared("cost_spent", "cost of interceptors", _cost_spent, "USD", where=(MONEY, BRIEF, DRAWN)),
        Declared("cost_killed", "cost of threats killed", _cost_killed, "USD", where=(MONEY,)),
        Declared("cost_exchange", "spent per dollar killed", _cost_exchange, kind=RATIO, where=(MONEY, BRIEF)),
    )
}  # fmt: skip
PLAIN = tuple(key for key, m in MEASURES.items() if m.kind != RATIO)
"""Those with one number per replication, which studies can use."""


def shown_in(place: str) -> tuple[str, ...]:
    """Keys of the measures that are shown there, in order."""
    return tuple(key for key, m in MEASURES.items() if place in m.where)
