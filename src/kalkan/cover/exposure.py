"""Signature exposure: what each radar collects on friendly aircraft over days of flights in peacetime.

Every member of every friendly flight is flown past every radar of the laydown, and looked at as often as the radar
looks. Where it is in sight, the look is booked under the sector of aspect from which the radar sees it. Everything is
an expectation: looks are taken at equal times, jitter of the route at equally likely quantiles, so that nothing is
drawn and no seed is needed.

kalkan's own simplifications: an acquisition radar looks once a scan whatever else it does; an engagement radar that
practises follows every aircraft in sight at once; every flight finds the fluctuation new.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from kalkan.arrays import F8, Struct
from kalkan.cover.eyes import eye_of, stays
from kalkan.cover.flown import (
    AZIMUTH,
    ELEVATION,
    P_D,
    RCS_DBSM,
    SNR_DB,
    Knots,
    looks_along,
)
from kalkan.cover.laydown import Laydown
from kalkan.kernels.plan import SNR_MIN_DB, SNR_STEP_DB
from kalkan.models.detection import shape_of
from kalkan.models.exposure import FROM_SCAN_TO_SCAN, fresh_share, look_variance, masked_shape
from kalkan.models.radar import LIGHT_M_S

QUANTILES = 5  # of the jitter of a route
ALL_ROUND = (0.0, math.pi)
BOOKED = (
    "looks", "plots", "dwell_s", "snr_db", "best_snr_db", "rcs_m2", "reflector_m2", "from_looks", "from_plots",
    "over_noise",
)  # fmt: skip


@dataclass(frozen=True)
class Sectors:
    """Sectors of aspect around an aircraft; one is centred on the nose, one row on the plane of the wings.

    Attributes
    ----------
    azimuth_rad, elevation_rad : float
        Widths [rad]; whole parts of a circle and of a right angle.
    """

    azimuth_rad: float = math.radians(15.0)
    elevation_rad: float = math.radians(10.0)

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers in azimuth and in elevation."""
        return round(2.0 * math.pi / self.azimuth_rad), round(math.pi / self.elevation_rad) + 1

    @property
    def azimuths_rad(self) -> F8:
        """Middles, clockwise from the nose [rad]."""
        return np.asarray(np.arange(self.shape[0]) * self.azimuth_rad)

    @property
    def elevations_rad(self) -> F8:
        """Middles, from below to above [rad]."""
        return np.asarray(np.arange(self.shape[1]) * self.elevation_rad - 0.5 * math.pi)

    def of(self, azimuth_rad: F8, elevation_rad: F8) -> tuple[np.ndarray, np.ndarray]:
        """Numbers of the sectors that directions lie in."""
        a = np.floor(azimuth_rad / self.azimuth_rad + 0.5).astype(np.int64) % self.shape[0]
        e = np.floor((elevation_rad + 0.5 * math.pi) / self.elevation_rad + 0.5).astype(np.int64)
        return a, e


@dataclass(frozen=True)
class Passing:
    """One aircraft on its path, as often as it flies.

    Attributes
    ----------
    path : Knots
    offsets_m : ndarray, shape (n,)
        Equally likely places beside the path [m].
    duration_s : float
        Time of the flight [s].
    per_day : float
        Flights a day [1].
    """

    path: Knots
    offsets_m: F8
    duration_s: float
    per_day: float


class Watch(NamedTuple):
    """How one radar looks at friends.

    Attributes
    ----------
    period_s : float
        Between two looks at an aircraft [s].
    sector : tuple of float
        Middle (compass) and half width [rad].
    n_pulses : int
        Pulses integrated in a look.
    wavelength_m : float
    """

    period_s: float
    sector: tuple[float, float]
    n_pulses: int
    wavelength_m: float


class Airframe(NamedTuple):
    """What of an aircraft matters besides its own cross-section.

    Attributes
    ----------
    extent_m : float
        Its largest [m].
    reflector_m2 : ndarray, shape (n_radar,)
        Cross-section of its reflectors in each radar's band [m²]; 0: it has none.
    """

    extent_m: float
    reflector_m2: F8


@dataclass(frozen=True)
class Exposed:
    """What one radar collects on one type of aircraft, a day, by sector of aspect.

    Attributes
    ----------
    radar, band : str
    looks, plots : ndarray, shape of the sectors
        Looks with line of sight, and those that are detected [1/day].
    dwell_s : ndarray
        Time in sight [s/day].
    snr_db, best_snr_db : ndarray
        Mean of the looks' SNR in decibels, and the best [dB]; NaN without looks.
    rcs_m2, reflector_m2 : ndarray
        Mean cross-section of the aircraft and of its reflectors [m²]; NaN without looks.
    from_looks, from_plots : ndarray
        Information a day [1/day], sum of 1/:func:`kalkan.models.exposure.look_variance`: of all looks, which needs the
        aircraft's position from elsewhere, and of plots.
    over_noise : ndarray
        The same of all looks, each divided by its SNR [1/day]: how much an error of the noise's level counts.
    """

    radar: str
    band: str
    looks: F8
    plots: F8
    dwell_s: F8
    snr_db: F8
    best_snr_db: F8
    rcs_m2: F8
    reflector_m2: F8
    from_looks: F8
    from_plots: F8
    over_noise: F8

    @property
    def seen(self) -> np.ndarray:
        """Sectors from which it is looked at."""
        return np.asarray(self.looks > 0.0)


def passings(
    knots: Struct, paths: Struct, threats: Struct, chosen: Sequence[int], per_day: float
) -> list[Passing]:
    """Members of flights as passings.

    Parameters
    ----------
    knots, paths, threats : structured array
        As compiled for the loop (``kalkan.compile.threats``).
    chosen : sequence of int
        Members that take part.
    per_day : float
        Flights a day of all of them together; each member flies an equal share.
    """
    found = []
    for i in chosen:
        path = threats["path"][i]
        cut = slice(int(paths["first"][path]), int(paths["last"][path]))
        columns = (np.ascontiguousarray(knots[name][cut]) for name in Knots._fields)
        jitter, most = float(threats["route_jitter_m"][i]), float(threats["reach_m"][i])
        offsets = np.clip(jitter * _quantiles() if jitter > 0.0 else np.zeros(1), -most, most)
        duration = float(threats["duration_s"][i])
        found.append(Passing(Knots(*columns), offsets + float(threats["offset_m"][i]), duration, per_day / len(chosen)))
    return found


def _quantiles() -> F8:
    """Middles of equally likely parts of a standard normal distribution."""
    return np.array([NormalDist().inv_cdf((k + 0.5) / QUANTILES) for k in range(QUANTILES)])


def watch_of(laydown: Laydown, r: int, practise: bool, number: Callable[[str, str], float]) -> Watch | None:
    """How radar `r` looks at friends; None: it does not.

    Parameters
    ----------
    practise : bool
        Whether engagement radars follow friends as in training. If not, only those look that search for a post.
    number : callable
        A figure of an entry of the catalogue, in SI.
    """
    radar = laydown.layout.radars[r]
    pointed = stays(laydown, r)
    period = float(laydown.radars["scan_period_s"][r])
    if radar.engages and practise:
        unit = next(u for u in range(len(laydown.layout.units)) if laydown.units["radar"][u] == r)
        period = float(laydown.units["update_s"][unit])
    elif radar.engages and not radar.feeds:
        return None
    entry = radar.entry
    wavelength = LIGHT_M_S / number(entry, "frequency")
    return Watch(period, pointed or ALL_ROUND, round(number(entry, "pulses_integrated")), wavelength)


def expose(
    laydown: Laydown, r: int, flights: Iterable[Passing], watch: Watch, body: Airframe, band: str, sectors: Sectors
) -> Exposed:
    """What radar `r` collects on the laydown's target a day.

    Parameters
    ----------
    laydown : Laydown
        Against the type of aircraft.
    flights : iterable of Passing
    watch : Watch
    body : Airframe
    band : str
        The radar's.
    sectors : Sectors
    """
    eye, target = eye_of(laydown, r), laydown.target
    row = np.ascontiguousarray(laydown.p_d[r, target.swerling])
    rcs = np.ascontiguousarray(target.rcs_dbsm[r], np.float64)
    added = float(body.reflector_m2[r])
    book = _Book(sectors)
    for flight in flights:
        n = math.ceil(flight.duration_s / watch.period_s)
        step_s = flight.duration_s / n
        when: F8 = (np.arange(n, dtype=np.float64) + 0.5) * step_s
        weight = flight.per_day / flight.offsets_m.size
        for offset in flight.offsets_m.tolist():
            seen = looks_along(
                eye, flight.path, offset, when, *watch.sector, rcs, added, row, SNR_MIN_DB, 1.0 / SNR_STEP_DB
            )
            book.enter(seen, weight, step_s, watch, body, added, target.swerling)
    return book.closed(laydown.radar_names[r], band)


class _Book:
    """Sums over looks, by sector."""

    def __init__(self, sectors: Sectors) -> None:
        self._sectors = sectors
        self._sums: dict[str, F8] = {name: np.zeros(sectors.shape) for name in BOOKED}
        self._sums["best_snr_db"][:] = -np.inf

    def enter(
        self, seen: F8, weight: float, step_s: float, watch: Watch, body: Airframe, added_m2: float, swerling: int
    ) -> None:
        """Add one flight, which happens `weight` times a day, from samples every `step_s`."""
        fresh = _fresh(seen, watch, body.extent_m, swerling)
        at = ~np.isnan(seen[:, SNR_DB])
        seen, fresh = seen[at], fresh[at]
        own, snr_db = 10.0 ** (0.1 * seen[:, RCS_DBSM]), seen[:, SNR_DB]
        shape = masked_shape(own, added_m2, shape_of(swerling, watch.n_pulses))
        dwell_s, weight = weight * step_s, weight * step_s / watch.period_s  # samples stand for the looks between them
        snr = 10.0 ** (0.1 * snr_db)
        told = weight / look_variance(snr, shape, watch.n_pulses, fresh)
        sector = self._sectors.of(seen[:, AZIMUTH], seen[:, ELEVATION])
        entered = {
            "looks": np.full(snr_db.size, weight), "plots": weight * seen[:, P_D], "snr_db": weight * snr_db,
            "dwell_s": np.full(snr_db.size, dwell_s), "rcs_m2": weight * own,
            "reflector_m2": np.full(snr_db.size, weight * added_m2), "from_looks": told,
            "from_plots": told * seen[:, P_D], "over_noise": told / snr,
        }  # fmt: skip
        for name, values in entered.items():
            np.add.at(self._sums[name], sector, values)
        np.maximum.at(self._sums["best_snr_db"], sector, snr_db)

    def closed(self, radar: str, band: str) -> Exposed:
        """Sums and means."""
        sums: dict[str, Any] = dict(self._sums)
        with np.errstate(invalid="ignore"):
            for name in ("snr_db", "rcs_m2", "reflector_m2"):
                sums[name] = sums[name] / sums["looks"]
        sums["best_snr_db"] = np.where(sums["looks"] > 0.0, sums["best_snr_db"], np.nan)
        return Exposed(radar, band, **sums)


def _fresh(seen: F8, watch: Watch, extent_m: float, swerling: int) -> F8:
    """Share of an independent fluctuation that each look brings; the first after a gap brings one."""
    if swerling not in FROM_SCAN_TO_SCAN:
        return np.ones(len(seen))
    a, e = seen[:, AZIMUTH], seen[:, ELEVATION]
    towards = np.stack([np.cos(e) * np.cos(a), np.cos(e) * np.sin(a), np.sin(e)], axis=1)
    chord = np.linalg.norm(np.diff(towards, axis=0), axis=1)
    turned = np.concatenate([[np.inf], 2.0 * np.arcsin(np.minimum(0.5 * chord, 1.0))])
    return fresh_share(np.where(np.isnan(turned), np.inf, turned), watch.wavelength_m, extent_m)
