"""Slots: models of the loop that can be exchanged without compiling the loop anew.

The plan carries one function for each: scalars and small arrays in, a number out, never the plan itself. A function
of one's own is a kernel (``jit.kernel``) of the same arguments; only it is compiled, and the loop calls it at full
speed: ``plan._replace(models=plan.models._replace(detect=mine))``. What a plan's models are is part of its
identity, so that results of two never mix.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numba import types
from numba.core.errors import NumbaError

from kalkan.arrays import F8, Struct
from kalkan.byref import by_reference
from kalkan.errors import PolicyError
from kalkan.jit import absent, first_class, kernel
from kalkan.kernels import events
from kalkan.kernels.evidence import WHO
from kalkan.kernels.falling import impact, meet
from kalkan.kernels.hauling import haul
from kalkan.kernels.interference import interference_db
from kalkan.kernels.misled import book_shot
from kalkan.kernels.plan import SNR_MIN_DB, SNR_STEP_DB, AirAndSea, Interference, Models, Plan
from kalkan.kernels.records import threat_rows
from kalkan.kernels.state import JAMMING, MAGAZINE, UNIT
from kalkan.kernels.weather import weather_loss_db
from kalkan.models.detection import interpolate_p_d
from kalkan.models.lethality import kill_probability
from kalkan.tracking import filtering, tables
from kalkan.tracking.rivals import settle_rivals


@kernel
def detect(snr_db: float, table: F8) -> float:
    """Probability of detection in one look [1].

    Parameters
    ----------
    snr_db : float
        Signal-to-noise ratio [dB].
    table : array (n_snr,)
        Of the radar for the target's fluctuation, at SNRs from `SNR_MIN_DB` on, `SNR_STEP_DB` apart.
    """
    return interpolate_p_d(table, SNR_MIN_DB, 1.0 / SNR_STEP_DB, snr_db)


@kernel
def clear_air_db(
    weather: AirAndSea, r: int, range_max_m: float, antenna_m: float, radius_m: float, e: float, n: float,
    slant_m: float, ground_m: float, height_m: float, tan_elevation: float,
) -> float:  # fmt: skip
    """No loss [dB] beyond what the range claim contains; parameters of ``weather.weather_loss_db``."""
    return 0.0


@kernel
def undisturbed_db(
    interference: Interference, jamming: Struct, r: int, t_s: float, e: float, n: float, u: float, slant_m: float,
    rate_m_s: float,
) -> float:  # fmt: skip
    """No loss [dB]: only the radar's own noise; parameters of ``interference.interference_db``."""
    return 0.0


@kernel
def salvo_size(salvo: int, max_rounds: int, fired: int) -> int:
    """Rounds of the next salvo.

    Parameters
    ----------
    salvo, max_rounds : int
        What the doctrine says for this class of target: rounds at once, and at one target in all.
    fired : int
        Rounds launched at it before.
    """
    return min(salvo, max(max_rounds - fired, 0))


@kernel
def worth(value: float, urgency_s: float, until_s: float, half_s: float) -> float:
    """What it is worth that a unit engages a track; the assignment makes the sum of it as large as it can.

    Parameters
    ----------
    value : float
        Of the asset that the track threatens.
    urgency_s, until_s : float
        Time until it is there, and until the unit's round would meet it [s].
    half_s : float
        Time at which a weight is a half [s] (kalkan's own simplification).
    """
    return value * weight(urgency_s, half_s) * weight(until_s, half_s)


@kernel
def weight(time_s: float, half_s: float) -> float:
    """Share that counts of what is so far away in time [s]: a half at `half_s`."""
    return 1.0 / (1.0 + max(time_s, 0.0) / half_s)


@kernel
def kill(
    p_claimed: float, speed_ratio: float, crossing_rad: float, altitude_m: float, clearance_m: float,
    altitude_min_m: float, altitude_max_m: float, no_speed_ratio: float, full_speed_ratio: float,
    full_crossing_rad: float, tail_chase_factor: float, edge_factor: float, edge_fraction: float,
) -> float:  # fmt: skip
    """Probability [1] that a round kills what it meets: the claim times the factors of ``models.lethality``.

    Parameters
    ----------
    p_claimed : float
        Claimed single-shot probability against this class of target [1].
    speed_ratio, crossing_rad : float
        The round's speed over the target's [1], angle between their lines of flight, 0 head-on [rad].
    altitude_m, clearance_m : float
        The target's height above sea and above the ground [m].
    altitude_min_m ... edge_fraction : float
        Of the type of interceptor, as in ``plan.INTERCEPTORS``.
    """
    return kill_probability(
        p_claimed, speed_ratio, crossing_rad, altitude_m, clearance_m, altitude_min_m, altitude_max_m, no_speed_ratio,
        full_speed_ratio, full_crossing_rad, tail_chase_factor, edge_factor, edge_fraction,
    )  # fmt: skip


@kernel
def detected(models: Models, snr_db: float, table: F8) -> float:
    """What the plan's `detect` says; kalkan's own is called directly, so that it can be inlined."""
    return detect(snr_db, table) if models.usual_detect else models.detect(snr_db, table)


@kernel
def all_hostile(
    who: Struct, log_likelihood: F8, threats: Struct, row: int, i: int, side: int, p: int, k: int
) -> None:
    """Nothing to book: every track counts as hostile; parameters of ``misled.book_shot``."""


class Slot(NamedTuple):
    """Types of one slot."""

    returns: Any  # numba type
    like: Callable[[Plan], tuple[Any, ...]]  # arguments of the types that it is called with


_F8, _I8 = types.float64, types.int64
_ROW = types.Array(_F8, 1, "A", readonly=True)
_TABLE = types.Array(_F8, 3, "C", readonly=True)
_VECTOR, _MATRIX, _STACK, _COUNTS = _F8[:], _F8[:, :], _F8[:, :, :], _I8[:]
SLOTS: dict[str, Slot] = {
    "detect": Slot(_F8, lambda plan: (_F8, _ROW)),
    "loss_db": Slot(_F8, lambda plan: (by_reference(plan.weather), _I8, *(_F8,) * 9)),
    "interference_db": Slot(
        _F8, lambda plan: (by_reference(plan.interference), np.zeros((1, 1), JAMMING), _I8, *(_F8,) * 6)
    ),
    "salvo": Slot(_I8, lambda plan: (_I8, _I8, _I8)),
    "worth": Slot(_F8, lambda plan: (_F8,) * 4),
    "kill": Slot(_F8, lambda plan: (_F8,) * 13),
    "shot": Slot(types.void, lambda plan: (np.zeros((1, 1), WHO), _TABLE, threat_rows(), *(_I8,) * 5)),
    "predict": Slot(types.void, lambda plan: (_VECTOR, _MATRIX, _F8, _F8)),
    "update": Slot(types.void, lambda plan: (_VECTOR, _MATRIX, _VECTOR, _MATRIX, _STACK)),
    "foresee": Slot(types.void, lambda plan: (_air(plan), _I8, _I8, _F8, _I8)),
    "place": Slot(types.void, lambda plan: (_air(plan), _I8, _I8, _F8, _I8)),
    "absorb": Slot(_F8, lambda plan: (_air(plan), _I8, _I8, _I8, _I8)),
    "open": Slot(types.void, lambda plan: (_air(plan), _I8, _I8)),
    "judge": Slot(_I8, lambda plan: (_air(plan), _I8, _I8, types.boolean)),
    "settle": Slot(types.void, lambda plan: (_air(plan), _I8, _I8, _F8)),
    "meet": Slot(
        types.UniTuple(_F8, 3),
        lambda plan: (by_reference(plan.ballistic), plan.pictures, plan.units, plan.interceptors, plan.flight_s,
                      plan.arrival_m_s, _I8, _I8, *(_F8,) * 6),
    ),
    "impact": Slot(
        types.UniTuple(_F8, 2),
        lambda plan: (by_reference(plan.ballistic), plan.pictures, plan.assets, plan.asset_m, _I8, *(_F8,) * 6),
    ),
    "haul": Slot(
        types.void,
        lambda plan: (
            plan.units, plan.launchers, np.zeros(1, MAGAZINE), np.zeros(1, UNIT), _MATRIX,
            by_reference(events.allocate(1)), _I8, _I8, _I8, _F8,
        ),
    ),
    "policy": Slot(types.void, lambda plan: (_VECTOR, _VECTOR, _MATRIX, _MATRIX, _COUNTS, _COUNTS, _MATRIX)),
}


def _air(plan: Plan) -> tables.AirPicture:
    """An empty air picture of the types of the plan's own."""
    return by_reference(tables.allocate(plan.radars, plan.pictures, 0.0, 0.0, 1, 1))


def standard(
    weather: bool, identity: bool = False, disturbed: bool = False, rivals: bool = False,
    track_filter: str = "converted", ballistic: bool = False, hauls: bool = False,
    initiation: str = "m of n",
) -> Models:  # fmt: skip
    """Kalkan's own models; with weather, identities and interference, or what range claims mean and all hostile."""
    loss_db = weather_loss_db if weather else clear_air_db
    taken_db = interference_db if disturbed else undisturbed_db
    shot = book_shot if identity else all_hostile
    models = Models(
        detect, loss_db, taken_db, salvo_size, worth, kill, shot, filtering.predict, filtering.update,
        settle=settle_rivals if rivals else None, meet=meet if ballistic else None,
        impact=impact if ballistic else None, haul=haul if hauls else None,
    )  # fmt: skip
    if (track_filter, initiation) == ("converted", "m of n"):
        return models
    from kalkan.tracking.choosing import functions

    return models._replace(**functions(track_filter, initiation))


def names(plan: Plan) -> list[str]:
    """The models of `plan`, those of a user's own aside."""
    found = [(f.__module__, f.__name__) for name, f in plan.models._asdict().items() if name in SLOTS and f]
    return [name for module, name in found if module.partition(".")[0] == __name__.partition(".")[0]]


def _made(name: str, function: Callable[..., Any], kinds: tuple[Any, ...]) -> Any:
    """A model compiled, as the loop takes it; what a user's own policy is wrong in is told without a traceback."""
    try:
        return first_class(function, *kinds)
    except NumbaError as error:
        if name != "policy":
            raise
        told = str(error).replace("\x1b[1m", "").replace("\x1b[0m", "").strip()
        line = next((t.strip() for t in reversed(told.splitlines()) if t.strip() and "^" not in t), "")
        raise PolicyError(f'the policy "{function.__name__}" cannot be compiled: {line}') from None


def ready(plan: Plan) -> Plan:
    """The plan with its models compiled, as the loop takes them."""
    chosen = {name: f for name, f in plan.models._asdict().items() if name in SLOTS}
    kinds = {name: (SLOTS[name].returns, *SLOTS[name].like(plan)) for name in chosen}
    made = {name: _made(name, f, kinds[name]) if f else absent(*kinds[name]) for name, f in chosen.items()}
    usual_filter = chosen["predict"] is filtering.predict and chosen["update"] is filtering.update
    switches: dict[str, Any] = {
        "usual_detect": chosen["detect"] is detect, "usual_filter": usual_filter,
        "other_filter": chosen["absorb"] is not None, "other_rule": chosen["judge"] is not None,
        "settles": chosen["settle"] is not None, "hauls": chosen["haul"] is not None,
    }  # fmt: skip
    return plan._replace(models=Models(**made, **switches))
