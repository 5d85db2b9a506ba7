"""Measures of the whole raid and the whole defence, each declared once for all who tell them.

Tables, studies, the report, the app and the documentation read :data:`MEASURES`. To declare a measure is to add an
entry there: what it is called, how it is computed from the records, and
where it is shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kalkan.results.quantity import F8, MEAN, PROPORTION, RATIO, RELEASED, Finished, Quantity, ratio
from kalkan.results.ranges import LOW_M
from kalkan.schema import DEPARTED, FRIENDLY, GAVE_UP, HOSTILE, KILLED, LEAKED, NEUTRAL, UNRESOLVED

DAY_S = 86_400.0
# where a measure is shown, beside results, studies and exports, which know all of them
HEADLINE, MISSILES, MONEY, PICTURE = "headline", "missiles", "money", "picture"  # tables of a run
LOSSES = "losses"  # and the one about the defence itself
SUPPLY = "supply"  # and of a campaign the one about what keeps it going
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
    about : int
        Side that must fly for it to be told.
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
    about: int = HOSTILE

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


def _sums(over: str, of: str, factor: float = 1.0) -> Callable[[Finished], tuple[F8, F8]]:
    """A ratio of two variables of the schema."""
    return lambda records: (factor * total(records.arrays[over]), total(records.arrays[of]))


def _lacking(records: Finished) -> tuple[F8, F8]:
    tracks = total(records.arrays["picture_tracks"])
    return 100.0 * (tracks - total(records.arrays["picture_owned"])), tracks


def _ahead(told: str) -> Callable[[Finished], tuple[F8, F8]]:
    """Time from when posts were told of a hostile threat to its first plot by an own radar, over those with both."""

    def of(records: Finished) -> tuple[F8, F8]:
        heard, seen = (records.of_threats(k).astype(np.float64) for k in (told, "threat_first_plot_s"))
        both = ~np.isnan(heard) & ~np.isnan(seen)
        return total(np.where(both, seen - heard, 0.0)), total(both)

    return of


def _warned(records: Finished) -> F8:
    return total(~np.isnan(records.of_threats("threat_warned_s")))


def _low_first_shot(records: Finished) -> tuple[F8, F8]:
    """Range of the first shot at members of raids that fly low (``ranges.LOW_M``), over those that were shot at."""
    clearance_m = records.attrs.get("raid_clearance_m", {})
    low = [r for r, h in clearance_m.items() if h <= LOW_M]
    mine = np.isin(np.asarray(records.attrs["threat_raid"]), low) & records.of_side()
    found = records.arrays["threat_first_launch_range_m"][:, mine].astype(np.float64)
    return total(np.nan_to_num(found, nan=0.0)), total(~np.isnan(found))


def _of(variable: str) -> Callable[[Finished], F8]:
    """Sum of a variable of the schema."""
    return lambda records: total(records.arrays[variable])


def _part_days(records: Finished) -> F8:
    return total(records.arrays["part_out_s"]) / DAY_S


def _each_wave(variable: str) -> Callable[[Finished], F8]:
    """Mean over waves of a variable that each has."""
    return lambda records: total(records.arrays[variable]) / max(records.arrays[variable].shape[1], 1)


def _ended(code: int) -> Callable[[Finished], Values]:
    """Hostile threats that ended so."""
    def of(records: Finished) -> Values:
        outcome = records.of_threats("threat_outcome")
        return Values(total(outcome == code), most=outcome.shape[1])

    return of


def _of_others(side: int, happened: Callable[[Finished, int], NDArray[Any]]) -> Callable[[Finished], F8]:
    """Number of something among those who are not the raid."""
    return lambda records: total(happened(records, side))


def _shots(records: Finished, side: int) -> NDArray[Any]:
    return records.of_threats("threat_shots", side)


def _shot_at(records: Finished, side: int) -> NDArray[Any]:
    return records.of_threats("threat_shots", side) > 0


def _flown(records: Finished, side: int) -> NDArray[Any]:
    """Those that began to fly before the horizon: of an airway's flights some may come too late."""
    return records.of_threats("threat_start_s", side) <= records.attrs["horizon_s"]


def _killed(records: Finished, side: int) -> NDArray[Any]:
    return records.of_threats("threat_outcome", side) == KILLED


def _no_leaker(records: Finished) -> F8:
    outcome = records.of_threats("threat_outcome")
    return (~((outcome == LEAKED) | (outcome == UNRESOLVED)).any(axis=1)).astype(np.float64)


def _value_lost(records: Finished) -> Values:
    """Value x min(1, hits / hits to destroy), summed over assets.

    kalkan's own simplification: damage is proportional to hits until the asset is destroyed.
    """
    hits = records.arrays["asset_hits"].astype(np.float64)
    value = np.asarray(records.attrs["asset_value"], np.float64)
    needed = np.asarray(records.attrs["asset_hits_to_destroy"], np.float64)
    lost = (value * np.minimum(1.0, hits / needed)).sum(axis=1)
    return Values(lost, _cheapest(value / needed), 0.0, float(value.sum()))


def _value_kept(records: Finished) -> Values:
    lost, step, _, whole = _value_lost(records)
    return Values(100.0 * (1.0 - lost / whole), 100.0 * step / whole, 0.0, 100.0)


def _shots_per_kill(records: Finished) -> tuple[F8, F8]:
    return total(records.arrays["spent"]), total(records.of_threats("threat_outcome") == KILLED)


def _channels_full(records: Finished) -> F8:
    full_s = records.arrays["channels_full_s"].astype(np.float64)
    return full_s.sum(axis=1) / max(full_s.shape[1], 1)  # of no fire unit no channel is busy


def _cost_spent(records: Finished) -> Values:
    price = np.asarray(records.attrs["interceptor_unit_cost_usd"], np.float64)
    return Values((records.arrays["spent"].sum(axis=1) * price).sum(axis=1), _cheapest(price))


def _cost_killed(records: Finished) -> Values:
    price = np.asarray(records.attrs["threat_unit_cost_usd"], np.float64)[records.of_side()]
    return Values(((records.of_threats("threat_outcome") == KILLED) * price).sum(axis=1), _cheapest(price))


def _cost_exchange(records: Finished) -> tuple[F8, F8]:
    return _cost_spent(records).values, _cost_killed(records).values


def _cheapest(costs: F8) -> float:
    """The least of the costs or values that are known and not nothing; 0 if there are none."""
    known = costs[np.isfinite(costs) & (costs > 0.0)]
    return float(known.min()) if known.size else 0.0


def _cost_systems(records: Finished) -> Values:
    """What the systems cost that the variant has, and their service; 0 where the price of one is not known."""
    prices = list(records.attrs.get("system_price_usd", {}).values())
    known = prices and all(p is not None for p in prices)
    return Values(np.full(records.arrays["spent"].shape[0], float(sum(prices)) if known else 0.0), 0.0)


def _cost_damage(records: Finished) -> Values:
    """Cost x min(1, hits / hits to destroy), summed over the assets whose cost somebody says."""
    hits = records.arrays["asset_hits"].astype(np.float64)
    needed = np.asarray(records.attrs["asset_hits_to_destroy"], np.float64)
    cost = np.asarray(records.attrs.get("asset_cost_usd", np.zeros(needed.size)), np.float64)
    return Values((cost * np.minimum(1.0, hits / needed)).sum(axis=1), _cheapest(cost / needed), 0.0, float(cost.sum()))


def _cost_raid(records: Finished) -> Values:
    """Interceptors and damage, where somebody says what assets cost."""
    spent, damage = _cost_spent(records), _cost_damage(records)
    return Values((spent.values + damage.values) * float(damage.most > 0.0), min(spent.step, damage.step or math.inf))


def _cost_per_kill(records: Finished) -> tuple[F8, F8]:
    return _cost_spent(records).values, total(records.of_threats("threat_outcome") == KILLED)


def _cost_per_leaker(records: Finished) -> tuple[F8, F8]:
    return _cost_damage(records).values, total(records.of_threats("threat_outcome") == LEAKED)


def _cost_per_point(records: Finished) -> tuple[F8, F8]:
    """Systems and interceptors for each per cent of the value that is kept; nothing where a price is not known."""
    systems, kept = _cost_systems(records).values, _value_kept(records).values
    known = systems > 0.0
    return (systems + _cost_spent(records).values) * known, kept * known


MEASURES: dict[str, Declared] = {
    m.key: m
    for m in (
        Declared("leakers", "leakers", _ended(LEAKED), where=(HEADLINE, DRAWN, DRAWN_FIRST, LIVE)),
        Declared("killed", "killed", _ended(KILLED), where=(HEADLINE, DRAWN)),
        Declared("departed", "departed", _ended(DEPARTED), where=(HEADLINE,), rare=True),
        Declared("gave_up", "turned back or aborted", _ended(GAVE_UP), where=(HEADLINE,), rare=True,
                 words="vehicles that turned back or aborted"),
        Declared("unresolved", "unresolved", _ended(UNRESOLVED), where=(HEADLINE,), rare=True),
        Declared("p_no_leaker", "no leaker at all", _no_leaker, kind=PROPORTION, words="probability of no leaker",
                 where=(HEADLINE, DRAWN, DRAWN_FIRST, LIVE)),
        Declared("hits", "hits on assets", _of("asset_hits"), where=(HEADLINE, DRAWN, LIVE)),
        Declared("airliners_flown", "airliners that flew", _of_others(NEUTRAL, _flown), where=(HEADLINE,),
                 about=NEUTRAL),
        *(
            Declared(f"{key}_{what}", f"{word} {told}", _of_others(side, of), where=(HEADLINE,), about=side)
            for side, key, word in ((FRIENDLY, "friends", "friends"), (NEUTRAL, "airliners", "airliners"))
            for what, told, of in (("shot_at", "shot at", _shot_at), ("killed", "killed", _killed))
        ),
        *(
            Declared(f"shots_at_{key}", f"interceptors launched at {key}", _of_others(side, _shots), where=(MISSILES,),
                     about=side)
            for side, key in ((FRIENDLY, "friends"), (NEUTRAL, "airliners"))
        ),
        Declared("decoys_flown", "decoys and debris that flew", _of_others(RELEASED, _flown), where=(MISSILES,),
                 about=RELEASED),
        Declared("decoys_shot_at", "of these, shot at", _of_others(RELEASED, _shot_at), where=(MISSILES,),
                 about=RELEASED, words="decoys and debris shot at"),
        Declared("decoys_killed", "of these, destroyed", _of_others(RELEASED, _killed), where=(MISSILES,),
                 about=RELEASED, words="decoys and debris destroyed"),
        Declared("shots_at_decoys", "interceptors launched at them", _of_others(RELEASED, _shots), where=(MISSILES,),
                 about=RELEASED, words="interceptors launched at decoys and debris"),
        Declared("value_lost", "value lost", _value_lost, counted=False),
        Declared("value_kept", "share of value kept", _value_kept, "%", where=(HEADLINE, DRAWN, DRAWN_FIRST, LIVE)),
        Declared("spent", "interceptors spent", _of("spent"), where=(MISSILES, BRIEF, DRAWN, LIVE)),
        Declared("shots_per_kill", "interceptors per kill", _shots_per_kill, kind=RATIO, where=(MISSILES, BRIEF)),
        Declared("orders", "engagements ordered", _of("orders"), where=(MISSILES,)),
        Declared("orders_recalled", "orders taken back", _of("orders_recalled"), where=(MISSILES,), rare=True),
        Declared("not_held", "engagements not held", _of("not_held"), where=(MISSILES,), rare=True),
        Declared("met_nothing", "interceptors that found no target", _of("met_nothing"), where=(MISSILES,), rare=True),
        Declared("unheld_rounds", "of these, target not held", _of("unheld_rounds"), where=(MISSILES,),
                 rare=True, words="interceptors whose target was no longer held"),
        Declared("channels_full", "all channels of a unit busy", _channels_full, "s", where=(MISSILES,), rare=True,
                 words="time with all channels of a unit busy"),
        Declared("remote_rounds", "interceptors launched on reports alone", _of("remote_rounds"), where=(MISSILES,),
                 rare=True),
        Declared("plots_jammed", "plots lost to jamming", _of("plots_jammed"), where=(MISSILES,), rare=True),
        Declared("plots_cluttered", "plots lost to clutter", _of("plots_cluttered"), where=(MISSILES,), rare=True),
        Declared("plots_merged", "seen as part of another's plot", _of("plots_merged"), where=(MISSILES,), rare=True),
        Declared("clutter_plots", "false plots of clutter", _of("clutter_plots"), where=(MISSILES,), rare=True),
        Declared("strobes", "jamming strobes", _of("strobes"), where=(MISSILES,), rare=True),
        Declared("false_tracks", "false tracks", _of("tracks_false"), where=(MISSILES,), rare=True),
        Declared("track_swaps", "track swaps", _of("track_swaps"), where=(MISSILES,), rare=True),
        Declared("merged_tracks", "tracks joined to another", _of("tracks_merged"), where=(MISSILES,), rare=True),
        Declared("cost_spent", "cost of interceptors", _cost_spent, "USD", where=(MONEY, BRIEF, DRAWN)),
        Declared("cost_killed", "cost of threats killed", _cost_killed, "USD", where=(MONEY,)),
        Declared("cost_exchange", "spent per dollar killed", _cost_exchange, kind=RATIO, where=(MONEY, BRIEF)),
        Declared("cost_per_kill", "interceptors for each kill", _cost_per_kill, "USD", RATIO, (MONEY,),
                 words="cost of interceptors for each kill"),
        Declared("cost_damage", "damage to assets", _cost_damage, "USD", where=(MONEY, DRAWN), rare=True,
                 words="cost of damage to assets"),
        Declared("cost_per_leaker", "damage by each leaker", _cost_per_leaker, "USD", RATIO, (MONEY,), rare=True,
                 words="cost of damage by each leaker"),
        Declared("cost_raid", "interceptors and damage", _cost_raid, "USD", where=(MONEY, DRAWN), rare=True,
                 words="cost of interceptors and of damage to assets"),
        Declared("cost_systems", "cost of the systems", _cost_systems, "USD", where=(MONEY, DRAWN), rare=True,
                 words="price of the systems, with maintenance over their service"),
        Declared("cost_per_point", "for each % of value kept", _cost_per_point, "USD", RATIO, (MONEY,), rare=True,
                 words="cost of systems and interceptors for each per cent of value kept"),
        Declared("low_first_shot", "first shot at low flyers", _low_first_shot, "m", RATIO, (PICTURE,),
                 words="range of the first shot at low flyers"),
        Declared("told_ahead", "told of before own radars see", _ahead("threat_first_told_s"), "s", RATIO,
                 (PICTURE,), rare=True, words="time from the first report of others to the first own plot"),
        Declared("warned", "launches that posts were warned of", _warned, where=(PICTURE,), rare=True),
        Declared("warned_ahead", "warned before own radars see", _ahead("threat_warned_s"), "s", RATIO,
                 (PICTURE,), rare=True, words="time from the warning of a launch to the first own plot"),
        Declared("told_tracks", "tracks begun on reports of others", _of("tracks_told"), where=(PICTURE,), rare=True),
        Declared("fused_reports", "reports of others fused", _of("tracks_fused"), where=(PICTURE,), rare=True),
        Declared("wrong_correlations", "of others' tracks, correlated wrongly", _of("wrong_correlations"),
                 where=(PICTURE,), rare=True, words="tracks of others correlated wrongly"),
        Declared("completeness", "flying objects with a track", _sums("picture_tracked", "picture_objects", 100.0), "%",
                 RATIO, (PICTURE,), words="share of flying objects with a track (SIAP completeness)"),
        Declared("completeness_in_view", "of those in view of a radar", _sums("picture_seen", "picture_in_view", 100.0),
                 "%", RATIO, (PICTURE,), words="share of objects in view of a search radar with a track"),
        Declared("ambiguity", "tracks for each of them", _sums("picture_owned", "picture_tracked"), kind=RATIO,
                 where=(PICTURE,), words="tracks for each object with a track (SIAP ambiguity)"),
        Declared("spuriousness", "tracks on nothing", _lacking, "%", RATIO, (PICTURE,),
                 words="share of tracks that belong to no object (SIAP spuriousness)"),
        Declared("position_accuracy", "error of position", _sums("picture_error_m", "picture_owned"), "m", RATIO,
                 (PICTURE,), words="mean error of a track's position (SIAP positional accuracy)"),
        Declared("velocity_accuracy", "error of velocity", _sums("picture_error_m_s", "picture_owned"), "m/s", RATIO,
                 (PICTURE,), words="mean error of a track's velocity (SIAP velocity accuracy)"),
        Declared("gospa", "GOSPA", _sums("picture_gospa_m", "picture_samples"), "m", RATIO, (PICTURE,),
                 words="mean GOSPA of a post's picture"),
        Declared("posts_lost", "posts put out by hits", _of("post_losses"), where=(LOSSES,), rare=True),
        Declared("radars_lost", "radars put out by hits", _of("radar_losses"), where=(LOSSES,), rare=True),
        Declared("launchers_lost", "launchers put out by hits", _of("launcher_losses"), where=(LOSSES,), rare=True),
        Declared("post_time_out", "posts out, time", _of("post_out_s"), "s", where=(LOSSES,), rare=True, counted=False,
                 words="time that command posts were out of action, summed"),
        Declared("radar_time_out", "radars out, time", _of("radar_out_s"), "s", where=(LOSSES,), rare=True,
                 counted=False, words="time that radars were out of action, summed"),
        Declared("radar_time_silent", "radars silent, time", _of("radar_silent_s"), "s", where=(LOSSES,), rare=True,
                 counted=False, words="time that radars kept silent, summed"),
        Declared("launcher_time_out", "launchers out, time", _of("launchers_out_s"), "s", where=(LOSSES,), rare=True,
                 counted=False, words="time that launchers were out of action, summed"),
        Declared("link_time_out", "links down, time", _of("link_out_s"), "s", where=(LOSSES,), rare=True, counted=False,
                 words="time that links of fire units were down, summed"),
        Declared("time_alone", "fire units that fought alone, time", _of("alone_s"), "s", where=(LOSSES,), rare=True,
                 counted=False, words="time that fire units fought alone, summed"),
        Declared("units_ready", "fire units ready at a wave", _each_wave("wave_units_ready"), where=(SUPPLY,),
                 counted=False, rare=True, words="fire units ready as a wave begins, mean over waves"),
        Declared("rounds_ready", "rounds on launchers then", _each_wave("wave_rounds"), where=(SUPPLY,), counted=False,
                 rare=True, words="rounds on launchers as a wave begins, mean over waves"),
        Declared("parts_out", "parts out of action then", _each_wave("wave_parts_out"), where=(SUPPLY,), counted=False,
                 rare=True, words="parts out of action as a wave begins, mean over waves"),
        Declared("failures", "failures of parts", _of("part_failures"), where=(SUPPLY,), rare=True),
        Declared("part_waits", "of these, found no spare", _of("part_waits"), where=(SUPPLY,), rare=True,
                 words="failures that found no spare and waited for one"),
        Declared("part_days_out", "parts down for upkeep, time", _part_days, "d", where=(SUPPLY,), rare=True,
                 counted=False, words="time that failures and maintenance kept parts down, summed over parts"),
        Declared("rounds_bought", "rounds at the start", _of("rounds_bought"), where=(SUPPLY,), rare=True),
        Declared("rounds_made", "rounds that production brought", _of("rounds_made"), where=(SUPPLY,), rare=True),
        Declared("rounds_lost", "rounds lost with convoys and launchers", _of("rounds_lost"), where=(SUPPLY,),
                 rare=True),
        Declared("rounds_kept", "rounds left at the end", _of("rounds_kept"), where=(SUPPLY,), rare=True),
        Declared("told_strobes", "jamming strobes of others", _of("strobes_told"), where=(PICTURE,), rare=True),
        Declared("second_tracks", "second tracks on one object", _of("picture_second"), where=(PICTURE,), rare=True),
    )
}  # fmt: skip
PLAIN = tuple(key for key, m in MEASURES.items() if m.kind != RATIO)
"""Those with one number per replication, which studies can use."""


def shown_in(place: str) -> tuple[str, ...]:
    """Keys of the measures that are shown there, in order."""
    return tuple(key for key, m in MEASURES.items() if place in m.where)
