"""What the tracker by itself may be told: filter, models of motion, gates, rules of initiation and deletion."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kalkan.arrays import Struct
from kalkan.errors import Problem, did_you_mean, nearest_of
from kalkan.tracking.choosing import FILTERS, RULES
from kalkan.tracking.driving import RULE_OF_PICTURE
from kalkan.tracking.tables import BALLISTIC, MANNER, N_MODES, STRAIGHT, TURN

MOTIONS = {"constant velocity": STRAIGHT, "coordinated turn": TURN, "ballistic": BALLISTIC}
HISTORY = 60  # looks that other rules than M of N remember
MOST = math.inf


@dataclass(frozen=True, kw_only=True)
class MotionModel:
    """One model of motion and its noise.

    Attributes
    ----------
    kind : str
        ``"constant velocity"``, ``"coordinated turn"`` (its rate is estimated too) or ``"ballistic"``.
    noise_m_s2, noise_up_m_s2 : float
        1-sigma acceleration that holds from plot to plot, horizontal (each axis) and vertical [m/s2].
    density_m2_s3, density_up_m2_s3 : float
        Spectral density of white acceleration, in place of these or besides [m2/s3]: what it adds up to does not
        depend on the times between plots, which those of several radars share.
    """

    kind: str = "constant velocity"
    noise_m_s2: float = 0.0
    noise_up_m_s2: float = 0.0
    density_m2_s3: float = 0.0
    density_up_m2_s3: float = 0.0


STEADY = (MotionModel(density_m2_s3=120.0, density_up_m2_s3=0.1),)  # tuned on the benchmark's tuning set
MIXED = (
    MotionModel(density_m2_s3=3.0, density_up_m2_s3=0.3),
    MotionModel(kind="coordinated turn", density_m2_s3=30.0, density_up_m2_s3=0.3),
)


@dataclass(frozen=True, kw_only=True)
class Config:
    """How tracks are made.

    Attributes
    ----------
    filter : str
        ``"ekf"``: plots in the radar's own range, azimuth and elevation; ``"converted"``: as positions, which is the
        loop's usual one; ``"imm"``: as ``"ekf"``, with several motions.
    motions : tuple of MotionModel
        One, or of ``"imm"`` two or three, the usual one first; empty: `STEADY` or `MIXED`.
    initial_speed_m_s, initial_climb_m_s : float
        1-sigma of a new track's velocity components, horizontal and vertical [m/s].
    gate : float
        Largest squared Mahalanobis distance of a plot [1].
    initiation : str
        ``"m of n"``: `confirm_m` plots in the last `confirm_n` looks of one radar; ``"logic"``: two plots in the first
        two looks, then `confirm_m` in at most `confirm_n` looks; ``"score"``: a sequential probability ratio test.
    confirm_m, confirm_n : int
    confirm_gate : float
        Largest squared distance of the plot that confirms by M of N [1].
    p_d : float
        For the score: probability that a look finds an object [1].
    p_false_track, p_lost_track : float
        For the score: wanted chance to confirm false plots, and to drop an object's track [1].
    drop_looks : float
        A confirmed track ends after so many looks of the radars that cover it without a plot.
    turn_sigma_deg_s : float
        1-sigma turn rate of an object that begins to turn [deg/s].
    turn_density_deg2_s3 : float
        Spectral density of white turn acceleration in a turn [deg2/s3].
    stay_s, turn_s : float
        Mean time that an object stays in the first motion, and in another one [s].
    capacity : int
        Most tracks at once.
    """

    filter: str = "ekf"
    motions: tuple[MotionModel, ...] = ()
    initial_speed_m_s: float = 150.0
    initial_climb_m_s: float = 15.0
    gate: float = 25.0
    initiation: str = "logic"
    confirm_m: int = 1
    confirm_n: int = 2
    confirm_gate: float = 25.0
    p_d: float = 0.9
    p_false_track: float = 1e-4
    p_lost_track: float = 1e-2
    drop_looks: float = 3.6
    turn_sigma_deg_s: float = 1.5
    turn_density_deg2_s3: float = 0.05
    stay_s: float = 80.0
    turn_s: float = 30.0
    capacity: int = 5000

    @property
    def chosen(self) -> tuple[MotionModel, ...]:
        """The motions, the default ones where none were given."""
        return self.motions or (MIXED if self.filter == "imm" else STEADY)


# name → (least, most, whether the least is itself excluded, whether it is a whole number)
BOUNDS: dict[str, tuple[float, float, bool, bool]] = {
    "initial_speed_m_s": (0.0, MOST, True, False),
    "initial_climb_m_s": (0.0, MOST, True, False),
    "gate": (0.0, 180.0, True, False),
    "confirm_m": (1, HISTORY, False, True),
    "confirm_n": (1, HISTORY, False, True),
    "confirm_gate": (0.0, MOST, True, False),
    "p_d": (0.0, 1.0, True, False),
    "p_false_track": (0.0, 0.5, True, False),
    "p_lost_track": (0.0, 0.5, True, False),
    "drop_looks": (0.0, MOST, True, False),
    "turn_sigma_deg_s": (0.0, MOST, True, False),
    "turn_density_deg2_s3": (0.0, MOST, False, False),
    "stay_s": (0.0, MOST, True, False),
    "turn_s": (0.0, MOST, True, False),
    "capacity": (1, 1_000_000, False, True),
}


def problems_of(config: Config) -> Iterator[Problem]:
    """Everything that is wrong with a config."""
    for name, known in (("filter", FILTERS), ("initiation", RULES)):
        yield from _unknown(f"config · {name}", getattr(config, name), known)
    for name, (least, most, above, whole) in BOUNDS.items():
        yield from _out_of_range(f"config · {name}", getattr(config, name), least, most, above, whole)
    if config.p_d == 1.0 and config.initiation == "score":
        yield Problem("config · p_d", "= 1: a first miss would end every track; the score needs less")
    if config.initiation in ("m of n", "logic") and config.confirm_n < config.confirm_m:
        message = f"= {config.confirm_n}: {config.confirm_m} plots (confirm_m) cannot fall into so few looks"
        yield Problem("config · confirm_n", message)
    most = N_MODES if config.filter == "imm" else 1
    if len(config.chosen) > most:
        message = f"= {len(config.chosen)} motions: the filter {config.filter!r} takes {most}"
        yield Problem("config · motions", message if most > 1 else f"{message}; filter='imm' takes up to {N_MODES}")
    for i, motion in enumerate(config.chosen):
        where = f"config · motions[{i}]"
        yield from _unknown(f"{where} · kind", motion.kind, tuple(MOTIONS))
        if motion.kind == "coordinated turn" and config.filter != "imm":
            yield Problem(f"{where} · kind", "a turn alone is no filter: filter='imm' mixes it with straight flight")
        for name in ("noise_m_s2", "noise_up_m_s2", "density_m2_s3", "density_up_m2_s3"):
            yield from _out_of_range(f"{where} · {name}", getattr(motion, name), 0.0, MOST, False, False)


def _unknown(where: str, value: object, known: tuple[str, ...]) -> Iterator[Problem]:
    if value not in known:
        hint = did_you_mean(nearest_of(str(value), known))
        yield Problem(where, f"= {value!r} is none of {', '.join(map(repr, known))}{hint}")


def _out_of_range(
    where: str, value: object, least: float, most: float, above: bool, whole: bool
) -> Iterator[Problem]:  # fmt: skip
    number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    wanted = f"{'a whole number' if whole else 'a number'} {'above' if above else 'from'} {least:g}"
    wanted += f" to {most:g}" if math.isfinite(most) else " on"
    sound = number and math.isfinite(value) and least <= value <= most  # type: ignore[arg-type, operator]
    if not sound or (above and value == least) or (whole and int(value) != value):  # type: ignore[call-overload]
        yield Problem(where, f"= {value!r} must be {wanted}")


def of_a_post(
    filter_name: str, initiation: str, noise_m_s2: float, initial_speed_m_s: float, m: int, n: int,
    figures: Mapping[str, float],
) -> Config:  # fmt: skip
    """How a post of a simulation tracks, whose claims allow for an acceleration [m/s2] on all axes.

    Parameters
    ----------
    filter_name, initiation : str
    noise_m_s2, initial_speed_m_s : float
    m, n : int
        Plots and looks in all by which ``"logic"`` confirms: two of two, then the rest of both.
    figures : mapping
        Quantities of the catalogue that a filter of several motions and a score ask for.
    """
    shares = (figures["calm_noise_share"], 1.0) if filter_name == "imm" else (1.0,)
    kinds = ("constant velocity", "coordinated turn")
    motions = tuple(
        MotionModel(kind=kind, noise_m_s2=share * noise_m_s2, noise_up_m_s2=share * noise_m_s2)
        for kind, share in zip(kinds, shares, strict=False)
    )
    told: dict[str, Any] = {field: figures[quantity] for quantity, field in _FIGURES.items() if quantity in figures}
    if "turn_sigma_deg_s" in told:
        told["turn_sigma_deg_s"] = math.degrees(told["turn_sigma_deg_s"])
    hits = max(m - 2, 1)
    return Config(
        filter=filter_name, initiation=initiation, motions=motions, initial_climb_m_s=initial_speed_m_s,
        confirm_m=hits, confirm_n=max(n - 2, hits), **told,
    )  # fmt: skip


_FIGURES = {
    "turn_rate_sigma": "turn_sigma_deg_s", "turn_rate_density": "turn_density_deg2_s3", "straight_time": "stay_s",
    "turn_time": "turn_s", "score_detection": "p_d", "false_track_chance": "p_false_track",
    "lost_track_chance": "p_lost_track",
}  # fmt: skip


def rules(config: Config, slowest_s: float) -> Struct:
    """Rules of the one picture, whose slowest radar turns in `slowest_s` [s]."""
    out = np.zeros(1, RULE_OF_PICTURE)
    usual = config.initiation == "m of n"
    noise = max(max(m.noise_m_s2, math.sqrt(m.density_m2_s3 / slowest_s)) for m in config.chosen)
    out["confirm_m"], out["confirm_n"] = config.confirm_m, config.confirm_n if usual else HISTORY
    out["confirm_gate"], out["usual_speed_m_s"] = config.confirm_gate, math.inf
    out["coast_s"], out["process_noise_m_s2"] = config.drop_looks * slowest_s, noise
    out["gone_s"] = out["coast_s"]
    out["capacity"] = config.capacity
    return out


def manner(config: Config) -> Struct:
    """How filter and rule work, as the compiled tracker takes it."""
    out, motions = np.zeros(1, MANNER), config.chosen
    n = len(motions)
    out["polar"], out["n_modes"], out["speed_up_sigma_m_s"] = config.filter != "converted", n, config.initial_climb_m_s
    for i, motion in enumerate(motions):
        out["mode"][0, i] = MOTIONS[motion.kind]
        for name in ("noise_m_s2", "noise_up_m_s2", "density_m2_s3", "density_up_m2_s3"):
            out[name][0, i] = getattr(motion, name)
        for j in range(n):
            out["switch"][0, i, j] = (j != i) / max(n - 1, 1) / (config.turn_s if i else config.stay_s)
    out["turn_sigma_rad_s"] = math.radians(config.turn_sigma_deg_s)
    out["turn_density_rad2_s3"] = config.turn_density_deg2_s3 * math.radians(1.0) ** 2
    out["scored"] = config.initiation == "score"
    out["log_p_d"], out["log_p_miss"] = math.log(config.p_d), math.log1p(-min(config.p_d, 1.0 - 1e-9))
    out["confirm_score"] = math.log((1.0 - config.p_lost_track) / config.p_false_track)
    out["drop_score"] = math.log(config.p_lost_track / (1.0 - config.p_false_track))
    out["confirm_hits"], out["confirm_looks"] = config.confirm_m, config.confirm_n
    return out
