"""Slots: models of the loop that can be exchanged without compiling the loop anew.

The plan carries one function for each: scalars and small arrays in, a number out, never the plan itself. A function
of one's own is a kernel (``jit.kernel``) of the same arguments; only it is compiled, and the loop calls it at full
speed: ``plan._replace(models=plan.models._replace(detect=mine))``. What a plan's models are is part of its
identity, so that results of two never mix.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from numba import types

from kalkan.arrays import F8, Struct
from kalkan.byref import by_reference
from kalkan.jit import first_class, kernel
from kalkan.kernels.plan import SNR_MIN_DB, SNR_STEP_DB, AirAndSea, Models, Plan
from kalkan.kernels.weather import weather_loss_db
from kalkan.models.detection import interpolate_p_d
from kalkan.models.lethality import kill_probability
from kalkan.tracking import filtering


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
    weather: AirAndSea, radars: Struct, r: int, refraction_k: float, e: float, n: float, slant_m: float,
    ground_m: float, height_m: float, tan_elevation: float,
) -> float:  # fmt: skip
    """No loss [dB] beyond what the range claim contains; parameters of ``weather.weather_loss_db``."""
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


class Slot(NamedTuple):
    """Types of one slot."""

    returns: Any  # numba type
    like: Callable[[Plan], tuple[Any, ...]]  # arguments of the types that it is called with


_F8, _I8 = types.float64, types.int64
_ROW = types.Array(_F8, 1, "A", readonly=True)
_VECTOR, _MATRIX, _STACK = _F8[:], _F8[:, :], _F8[:, :, :]
SLOTS: dict[str, Slot] = {
    "detect": Slot(_F8, lambda plan: (_F8, _ROW)),
    "loss_db": Slot(_F8, lambda plan: (by_reference(plan.weather), plan.radars, _I8, *(_F8,) * 7)),
    "salvo": Slot(_I8, lambda plan: (_I8, _I8, _I8)),
    "worth": Slot(_F8, lambda plan: (_F8,) * 4),
    "kill": Slot(_F8, lambda plan: (_F8,) * 13),
    "predict": Slot(types.void, lambda plan: (_VECTOR, _MATRIX, _F8, _F8)),
    "update": Slot(types.void, lambda plan: (_VECTOR, _MATRIX, _VECTOR, _MATRIX, _STACK)),
}


def standard(weather: bool) -> Models:
    """Kalkan's own models; with weather, or with the clear air that claims of range contain."""
    loss_db = weather_loss_db if weather else clear_air_db
    return Models(detect, loss_db, salvo_size, worth, kill, filtering.predict, filtering.update)


def names(plan: Plan) -> list[str]:
    """The models of `plan`, those of a user's own aside."""
    found = [(f.__module__, f.__name__) for name, f in plan.models._asdict().items() if name in SLOTS]
    return [name for module, name in found if module.partition(".")[0] == __name__.partition(".")[0]]


def ready(plan: Plan) -> Plan:
    """The plan with its models compiled, as the loop takes them."""
    chosen = {name: f for name, f in plan.models._asdict().items() if name in SLOTS}
    made = {name: first_class(f, SLOTS[name].returns, *SLOTS[name].like(plan)) for name, f in chosen.items()}
    usual_filter = chosen["predict"] is filtering.predict and chosen["update"] is filtering.update
    return plan._replace(models=Models(**made, usual_detect=chosen["detect"] is detect, usual_filter=usual_filter))
